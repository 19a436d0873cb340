#include "features/vigra/vigra_convolve.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/narrow.hpp"
#include "features/convolve.hpp"

namespace cleft {
namespace {

/// Voxels of a row that are added up side by side, so that loops over voxels vectorise while each voxel's
/// terms keep their order.
constexpr std::int64_t abreast = 64;

using Samples = std::vector<const float*>;  // per tap: where its voxels begin

/// \tparam Sum   What is added up.
/// \tparam Term  (tap, voxel) -> what one tap adds.
template <class Sum, class Term>
void sum_row(const Samples& samples, const std::vector<double>& taps, std::int64_t n, float* out, Term term) {
  for (std::int64_t begin = 0; begin < n; begin += abreast) {
    const std::int64_t count = std::min(abreast, n - begin);
    std::array<Sum, abreast> sums{};
    for (std::size_t k = 0; k < taps.size(); ++k) {
      const double tap = taps[k];
      const float* voxels = samples[k] + begin;
      for (std::int64_t i = 0; i < count; ++i) sums[to_size(i)] += term(tap, voxels[i]);
    }
    for (std::int64_t i = 0; i < count; ++i) out[begin + i] = static_cast<float>(sums[to_size(i)]);
  }
}

void convolve_row(const Samples& samples, const VigraKernel& kernel, std::int64_t n, float* out) {
  switch (kernel.arithmetic) {
    case VigraArithmetic::doubles:
      return sum_row<double>(samples, kernel.taps, n, out,
                             [](double tap, float v) { return tap * static_cast<double>(v); });
    case VigraArithmetic::floats:
      return sum_row<float>(samples, kernel.taps, n, out,
                            [](double tap, float v) { return static_cast<float>(tap) * v; });
    case VigraArithmetic::rounded_products:
      return sum_row<float>(samples, kernel.taps, n, out, [](double tap, float v) {
        return static_cast<float>(tap * static_cast<double>(v));
      });
  }
}

/// Along z or y: each row is made of whole rows of `in`. The axis runs innermost, so that rows are still in
/// cache when the next result needs them.
void convolve_across(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out, int axis,
                     const VigraKernel& kernel) {
  Samples samples(kernel.taps.size());
  const std::int64_t begin = (axis == 0 ? first.z : first.y) - kernel.radius();
  const std::int64_t others = axis == 0 ? out.extent().y : out.extent().z;
  for (std::int64_t other = 0; other < others; ++other)
    for (std::int64_t i = 0; i < out.extent()[axis]; ++i) {
      for (std::size_t k = 0; k < samples.size(); ++k) {
        const std::int64_t at = reflected(begin + i + narrow<std::int64_t>(k), in.extent()[axis]);
        samples[k] = (axis == 0 ? in.row(at, first.y + other) : in.row(first.z + other, at)) + first.x;
      }
      convolve_row(samples, kernel, out.extent().x, axis == 0 ? out.row(i, other) : out.row(other, i));
    }
}

/// Along x: each row is made of shifted copies of one row, extended by its reflection.
void convolve_along(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out,
                    const VigraKernel& kernel) {
  const std::int64_t n = out.extent().x, begin = first.x - kernel.radius();
  std::vector<float> extended(to_size(n + 2 * kernel.radius()));
  Samples samples(kernel.taps.size());
  for (std::size_t k = 0; k < samples.size(); ++k) samples[k] = extended.data() + k;
  for (std::int64_t z = 0; z < out.extent().z; ++z)
    for (std::int64_t y = 0; y < out.extent().y; ++y) {
      const float* row = in.row(first.z + z, first.y + y);
      for (std::size_t i = 0; i < extended.size(); ++i)
        extended[i] = row[reflected(begin + narrow<std::int64_t>(i), in.extent().x)];
      convolve_row(samples, kernel, n, out.row(z, y));
    }
}

}  // namespace

void convolve(View3<const float> in, const LocalVoxel& first, View3<float> out, int axis,
              const VigraKernel& kernel) {
  if (axis == 2) return convolve_along(in, first, out, kernel);
  convolve_across(in, first, out, axis, kernel);
}

}  // namespace cleft
