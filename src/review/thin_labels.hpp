#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/box.hpp"

namespace cleft {

// Of very many voxels of a class the few that a forest is to learn from: as many of each object as of every
// other, as far as it has them, and of an object any as likely as another. Which these are depends on voxels
// and seed alone, not on the order or the parts in which they come, and memory holds hardly more than are
// kept.

/// A voxel in the order in which it is drawn. Trivially copyable.
struct DrawnVoxel {
  std::int64_t turn = 0;     ///< how many of its object are drawn before it
  std::uint64_t chance = 0;  ///< pseudo-random, of its place
  GlobalVoxel voxel;

  friend auto operator<=>(const DrawnVoxel&, const DrawnVoxel&) = default;
};

/// Draws of one object.
class ObjectDraw {
 public:
  /// \param most  So many are drawn, at least 1.
  ObjectDraw(std::int64_t most, std::uint64_t seed);
  void add(const GlobalVoxel& voxel);
  /// \returns In the order of their turns.
  std::vector<DrawnVoxel> drawn() &&;

 private:
  void keep_most();
  std::size_t most_;
  std::uint64_t seed_;
  std::vector<DrawnVoxel> voxels_;
};

/// What is drawn of all objects: the first turns of each, then the second, and so on. A voxel of several
/// objects (balls around marks may overlap) counts once.
class ClassDraw {
 public:
  /// \param most  So many are drawn, at least 1.
  explicit ClassDraw(std::int64_t most);
  void add(std::span<const DrawnVoxel> object);
  /// \returns In the order in which they are drawn.
  std::vector<DrawnVoxel> drawn() &&;

 private:
  void keep_most();
  std::size_t most_;
  std::vector<DrawnVoxel> voxels_;
};

/// The least that a class is thinned to for the sake of others.
inline constexpr std::int64_t least_of_class = 500;

/// How many voxels a class may have at most so that none swamps the others: as many as the rarest that has
/// any, but at least least_of_class, and never more than `most`.
/// \param counts  [class]
std::int64_t fair_limit(std::span<const std::int64_t> counts, std::int64_t most);

}  // namespace cleft
