#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/array3.hpp"
#include "threshold/ratio_step.hpp"
#include "threshold/two_level.hpp"

namespace cleft {

/// How many voxels have which ratio f / b of foreground to background, in steps of an eighth of an octave's
/// beginning from 2^-8 to 2^32: sixteen of RatioStep's in one; and the highest ratio as it is. Counts are
/// integers, so that parts of a volume add up to the same however it was cut. Trivially copyable.
class RatioCounts {
 public:
  static constexpr std::size_t steps = 320;

  /// Counts a voxel; of its ratio the highest is kept.
  void add(RatioStep step, float ratio);
  void add(const RatioCounts& other);

  /// The highest ratio that was added; 0 where none was, infinite where b was 0.
  float highest() const { return highest_; }
  /// The largest beginning of a step that so many voxels pass, as two_level_masks compares; the lowest one
  /// also where not so many pass it. Nothing where there are not so many voxels.
  /// \pre voxels >= 1
  std::optional<double> reached_by(std::int64_t voxels) const;

  /// The counts, to be added up over ranks.
  std::span<std::int64_t> counts() { return counts_; }
  /// Raises the highest ratio to that of another part.
  void raise_to(float ratio) { highest_ = ratio > highest_ ? ratio : highest_; }

 private:
  std::array<std::int64_t, steps> counts_{};
  float highest_ = 0;
};

/// f / b of a voxel, in float32; infinite where b is not above 0.
/// \param smoothed  f = S(p).
template <class Stored>
float ratio_of(float smoothed, Stored stored, Background background);

extern template float ratio_of(float, std::uint8_t, Background);
extern template float ratio_of(float, float, Background);

/// The highest ratio of a box.
/// \param smoothed  S(p), z, y, x, none of it negative.
/// \param stored    The stored probabilities of the same box.
template <class Stored>
float highest_ratio(const View3<const float>& smoothed, const View3<const Stored>& stored,
                    Background background);

extern template float highest_ratio(const View3<const float>&, const View3<const std::uint8_t>&, Background);
extern template float highest_ratio(const View3<const float>&, const View3<const float>&, Background);

}  // namespace cleft
