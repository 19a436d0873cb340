#include "threshold/smooth.hpp"

#include <algorithm>
#include <utility>

#include "features/convolve.hpp"
#include "features/gaussian.hpp"

namespace cleft {
namespace {

/// Of the Gaussian, in sigmas: the same as the features' presmoothing.
constexpr double window = 3.5;

template <class Stored>
Array3<float> as_probabilities(const View3<const Stored>& stored) {
  const Extent extent = stored.extent();
  auto result = Array3<float>::uninitialized(extent);
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      std::transform(stored.row(z, y), stored.row(z, y) + extent.x, result.row(z, y),
                     [](Stored v) { return stored_probability(v); });
  return result;
}

}  // namespace

Extent smoothing_halo(const PerAxis<double>& sigma) {
  return {kernel_radius(sigma.z, window), kernel_radius(sigma.y, window), kernel_radius(sigma.x, window)};
}

template <class Stored>
Array3<float> smooth(const View3<const Stored>& padded, const LocalVoxel& core_begin, const Extent& core,
                     const PerAxis<double>& sigma) {
  Array3<float> values = as_probabilities(padded);
  const PerAxis<std::int64_t> begin{core_begin.z, core_begin.y, core_begin.x};
  for (const int axis : {2, 1, 0}) {  // each pass shrinks one axis to the core
    PerAxis<std::int64_t> first;
    first[axis] = begin[axis];
    Extent extent = values.extent();
    extent[axis] = core[axis];
    auto passed = Array3<float>::uninitialized(extent);
    convolve(values.view(), {first.z, first.y, first.x}, passed.view(), axis,
             gaussian_kernel(0, sigma[axis], window));
    values = std::move(passed);
  }
  return values;
}

template Array3<float> smooth(const View3<const std::uint8_t>&, const LocalVoxel&, const Extent&,
                              const PerAxis<double>&);
template Array3<float> smooth(const View3<const float>&, const LocalVoxel&, const Extent&,
                              const PerAxis<double>&);

}  // namespace cleft
