#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

/// What cleft does, done by VIGRA: features and forest the way ilastik calls them, on one thread. VIGRA does
/// not compile as C++20, so nothing here is cleft's own, and volumes are plain arrays with x fastest.
namespace with_vigra {

struct Shape {
  std::ptrdiff_t z = 0, y = 0, x = 0;

  std::ptrdiff_t voxels() const { return z * y * x; }
};

/// The default features, by VIGRA's filters. Returns how many channels were made (and thrown away).
int compute_features_3d(const float* grey, const Shape& shape);
/// The same, each section on its own.
int compute_features_2d(const float* grey, const Shape& shape);

/// A random forest.
class Forest {
 public:
  /// \param values  [sample][channel]
  /// \param labels  [sample]
  Forest(const float* values, const std::uint8_t* labels, std::ptrdiff_t samples, std::ptrdiff_t channels,
         int trees);
  Forest(Forest&&) noexcept;
  Forest& operator=(Forest&&) noexcept;
  ~Forest();

  /// \param values         [voxel][channel], which suits it better than [channel][voxel]
  /// \param probabilities  [voxel][class]
  void predict(const float* values, std::ptrdiff_t voxels, float* probabilities) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Components of the voxels that are not 0, with 26 neighbours. Returns how many there are.
/// \param labels  [voxel]
std::uint32_t label_components(const std::uint8_t* mask, const Shape& shape, std::uint32_t* labels);

/// From grey values to components: features, forest of three classes, smoothing of class 1 with sigma 5, and
/// the components where it is more likely than not, and where it is seven times as likely. Returns how many.
std::uint32_t detect(const float* grey, const Shape& shape, const Forest& forest);

}  // namespace with_vigra
