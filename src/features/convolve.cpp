#include "features/convolve.hpp"

#include <array>
#include <vector>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/convolve.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "base/narrow.hpp"
#include "features/simd-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {
namespace {

template <bool odd, class V>
HWY_INLINE V pair_of(V left, V right) {
  return odd ? hn::Sub(right, left) : hn::Add(right, left);
}

/// One vector of each of `count` neighbouring rows of the result. From one tap to the next the voxels to be
/// paired move on by a row, so that all but one on either side are at hand already.
/// \param rows  Those the results are made of, the first result's own being rows[radius].
template <bool odd, std::size_t count, class D>
HWY_INLINE void convolve_rows_at(D d, const float* const* rows, const Kernel& kernel, std::int64_t x,
                                 float* const* out) {
  const std::size_t radius = kernel.taps.size() - 1;
  const float* const* own = rows + radius;
  std::array<hn::Vec<D>, count> left, right, sums;
  for (std::size_t i = 0; i < count; ++i) {
    left[i] = right[i] = hn::LoadU(d, own[i] + x);
    sums[i] = hn::Mul(hn::Set(d, kernel.taps[0]), left[i]);
  }
  for (std::size_t k = 1; k <= radius; ++k) {
    for (std::size_t i = count - 1; i > 0; --i) left[i] = left[i - 1];
    for (std::size_t i = 0; i + 1 < count; ++i) right[i] = right[i + 1];
    left[0] = hn::LoadU(d, rows[radius - k] + x);
    right[count - 1] = hn::LoadU(d, own[count - 1 + k] + x);
    const auto tap = hn::Set(d, kernel.taps[k]);
    for (std::size_t i = 0; i < count; ++i)
      sums[i] = fused_multiply_add(d, pair_of<odd>(left[i], right[i]), tap, sums[i]);
  }
  for (std::size_t i = 0; i < count; ++i) hn::StoreU(sums[i], d, out[i] + x);
}

/// Along z or y: each row is made of whole rows of `in`. The axis runs innermost, so that rows are still in
/// cache when the next results need them.
template <bool odd>
void convolve_across(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out, int axis,
                     const Kernel& kernel) {
  constexpr std::int64_t abreast = 4;
  const std::int64_t radius = kernel.radius(), n = out.extent()[axis], width = out.extent().x;
  const std::int64_t start = (axis == 0 ? first.z : first.y) - radius;
  const std::int64_t stride = axis == 0 ? in.stride_z() : in.stride_y();
  std::vector<std::int64_t> offsets(to_size(n + 2 * radius));
  for (std::int64_t i = 0; i < n + 2 * radius; ++i)
    offsets[to_size(i)] = reflected(start + i, in.extent()[axis]) * stride;
  std::vector<const float*> rows(offsets.size());
  const std::int64_t others = axis == 0 ? out.extent().y : out.extent().z;
  for (std::int64_t other = 0; other < others; ++other) {
    const float* line = (axis == 0 ? in.row(0, first.y + other) : in.row(first.z + other, 0)) + first.x;
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = line + offsets[i];
    const auto target = [&](std::int64_t i) { return axis == 0 ? out.row(i, other) : out.row(other, i); };
    std::int64_t i = 0;
    for (; i + abreast <= n; i += abreast) {
      const std::array<float*, abreast> to{target(i), target(i + 1), target(i + 2), target(i + 3)};
      for_each_vector(0, width, [&](auto d, std::int64_t x) HWY_ATTR {
        convolve_rows_at<odd, abreast>(d, &rows[to_size(i)], kernel, x, to.data());
      });
    }
    for (; i < n; ++i) {
      float* const to = target(i);
      for_each_vector(0, width, [&](auto d, std::int64_t x) HWY_ATTR {
        convolve_rows_at<odd, 1>(d, &rows[to_size(i)], kernel, x, &to);
      });
    }
  }
}

/// Vectors of a row of the result that are next to each other, at once, so that long kernels do not wait for
/// one sum.
/// \param centre  The voxel that the result's voxel at x = 0 stands for.
template <bool odd, std::size_t count, class D>
HWY_INLINE void convolve_along_at(D d, const float* centre, const Kernel& kernel, std::int64_t x,
                                  float* out) {
  const std::size_t lanes = hn::Lanes(d);
  std::array<hn::Vec<D>, count> sums;
  for (std::size_t i = 0; i < count; ++i)
    sums[i] = hn::Mul(hn::Set(d, kernel.taps[0]), hn::LoadU(d, centre + x + i * lanes));
  for (std::size_t k = 1; k < kernel.taps.size(); ++k) {
    const float* const left = centre + x - k;
    const float* const right = centre + x + k;
    const auto tap = hn::Set(d, kernel.taps[k]);
    for (std::size_t i = 0; i < count; ++i)
      sums[i] = fused_multiply_add(
          d, pair_of<odd>(hn::LoadU(d, left + i * lanes), hn::LoadU(d, right + i * lanes)), tap, sums[i]);
  }
  for (std::size_t i = 0; i < count; ++i) hn::StoreU(sums[i], d, out + x + i * lanes);
}

/// Along x: each row is made of shifted copies of one row, which is extended by its reflection where `in`
/// ends too early.
template <bool odd>
void convolve_along(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out,
                    const Kernel& kernel) {
  constexpr std::int64_t abreast = 4;
  const hn::ScalableTag<float> whole;
  const std::int64_t step = abreast * narrow<std::int64_t>(hn::Lanes(whole));
  const std::int64_t radius = kernel.radius(), n = out.extent().x, begin = first.x - radius;
  const bool reaches_end = begin < 0 || first.x + n + radius > in.extent().x;
  std::vector<float> extended(to_size(reaches_end ? n + 2 * radius : 0));
  for (std::int64_t z = 0; z < out.extent().z; ++z)
    for (std::int64_t y = 0; y < out.extent().y; ++y) {
      const float* row = in.row(first.z + z, first.y + y);
      const float* centre = row + first.x;
      if (reaches_end) {
        for (std::int64_t i = 0; i < n + 2 * radius; ++i)
          extended[to_size(i)] = row[reflected(begin + i, in.extent().x)];
        centre = extended.data() + radius;
      }
      float* const to = out.row(z, y);
      std::int64_t done = 0;
      for (; done + step <= n; done += step) convolve_along_at<odd, abreast>(whole, centre, kernel, done, to);
      for_each_vector(done, n, [&](auto d, std::int64_t x) HWY_ATTR {
        convolve_along_at<odd, 1>(d, centre, kernel, x, to);
      });
    }
}

void convolve_any(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out, int axis,
                  const Kernel& kernel) {
  const bool odd = kernel.order == 1;
  if (axis == 2)
    return odd ? convolve_along<true>(in, first, out, kernel) : convolve_along<false>(in, first, out, kernel);
  if (odd) return convolve_across<true>(in, first, out, axis, kernel);
  convolve_across<false>(in, first, out, axis, kernel);
}

}  // namespace
}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft {

HWY_EXPORT(convolve_any);

void convolve(View3<const float> in, const LocalVoxel& first, View3<float> out, int axis,
              const Kernel& kernel) {
  HWY_DYNAMIC_DISPATCH(convolve_any)(in, first, out, axis, kernel);
}

}  // namespace cleft
#endif  // HWY_ONCE
