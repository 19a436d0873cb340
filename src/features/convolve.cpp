#include "features/convolve.hpp"

#include <algorithm>
#include <vector>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/convolve.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "features/simd-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {
namespace {

/// What one row of the result is made of: left[k] and right[k] point to the voxels k away from its first
/// voxel along the axis.
struct RowInputs {
  explicit RowInputs(std::int64_t radius)
      : left(static_cast<std::size_t>(radius + 1)), right(static_cast<std::size_t>(radius + 1)) {}
  std::vector<const float*> left, right;
};

template <bool odd, class V>
HWY_INLINE V pair_of(V left, V right) {
  return odd ? hn::Sub(right, left) : hn::Add(right, left);
}

/// One vector of the result at x. `fixed` is the radius where it is known while compiling, else 0.
template <int fixed, bool odd, class D>
HWY_INLINE void convolve_vector(D d, const RowInputs& in, const Kernel& kernel, std::int64_t x, float* out) {
  const std::size_t radius = fixed > 0 ? fixed : kernel.taps.size() - 1;
  auto sum = hn::Mul(hn::Set(d, kernel.taps[0]), hn::LoadU(d, in.right[0] + x));
  for (std::size_t k = 1; k <= radius; ++k) {
    const auto pair = pair_of<odd>(hn::LoadU(d, in.left[k] + x), hn::LoadU(d, in.right[k] + x));
    sum = fused_multiply_add(d, pair, hn::Set(d, kernel.taps[k]), sum);
  }
  hn::StoreU(sum, d, out + x);
}

/// Four neighbouring vectors at once, so that long kernels do not wait for one sum.
/// \returns Where it stopped.
template <bool odd>
HWY_INLINE std::int64_t convolve_by_four(const RowInputs& in, const Kernel& kernel, std::int64_t n,
                                         float* out) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t x = 0;
  for (; x + 4 * lanes <= n; x += 4 * lanes) {
    const auto centre = hn::Set(d, kernel.taps[0]);
    auto sum0 = hn::Mul(centre, hn::LoadU(d, in.right[0] + x));
    auto sum1 = hn::Mul(centre, hn::LoadU(d, in.right[0] + x + lanes));
    auto sum2 = hn::Mul(centre, hn::LoadU(d, in.right[0] + x + 2 * lanes));
    auto sum3 = hn::Mul(centre, hn::LoadU(d, in.right[0] + x + 3 * lanes));
    for (std::size_t k = 1; k < kernel.taps.size(); ++k) {
      const float* l = in.left[k] + x;
      const float* r = in.right[k] + x;
      const auto tap = hn::Set(d, kernel.taps[k]);
      const auto pair = [&](std::int64_t at)
                            HWY_ATTR { return pair_of<odd>(hn::LoadU(d, l + at), hn::LoadU(d, r + at)); };
      sum0 = fused_multiply_add(d, pair(0), tap, sum0);
      sum1 = fused_multiply_add(d, pair(lanes), tap, sum1);
      sum2 = fused_multiply_add(d, pair(2 * lanes), tap, sum2);
      sum3 = fused_multiply_add(d, pair(3 * lanes), tap, sum3);
    }
    hn::StoreU(sum0, d, out + x);
    hn::StoreU(sum1, d, out + x + lanes);
    hn::StoreU(sum2, d, out + x + 2 * lanes);
    hn::StoreU(sum3, d, out + x + 3 * lanes);
  }
  return x;
}

template <int fixed, bool odd>
HWY_INLINE void convolve_row(const RowInputs& in, const Kernel& kernel, std::int64_t n, float* out) {
  const std::int64_t done = fixed > 0 ? 0 : convolve_by_four<odd>(in, kernel, n, out);
  for_each_vector(
      done, n, [&](auto d, std::int64_t x) HWY_ATTR { convolve_vector<fixed, odd>(d, in, kernel, x, out); });
}

/// Along z or y: each row is made of whole rows of `in`. The axis runs innermost, so that rows are still in
/// cache when the next result needs them.
template <int fixed, bool odd>
void convolve_across(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out, int axis,
                     const Kernel& kernel) {
  const std::int64_t radius = kernel.radius(), n = in.extent()[axis];
  const std::int64_t start = axis == 0 ? first.z : first.y;
  const std::int64_t stride = axis == 0 ? in.stride_z() : in.stride_y();
  RowInputs rows(radius);
  const std::int64_t others = axis == 0 ? out.extent().y : out.extent().z;
  for (std::int64_t other = 0; other < others; ++other) {
    const float* line = (axis == 0 ? in.row(0, first.y + other) : in.row(first.z + other, 0)) + first.x;
    for (std::int64_t i = 0; i < out.extent()[axis]; ++i) {
      for (std::int64_t k = 0; k <= radius; ++k) {
        rows.left[static_cast<std::size_t>(k)] = line + reflected(start + i - k, n) * stride;
        rows.right[static_cast<std::size_t>(k)] = line + reflected(start + i + k, n) * stride;
      }
      float* target = axis == 0 ? out.row(i, other) : out.row(other, i);
      convolve_row<fixed, odd>(rows, kernel, out.extent().x, target);
    }
  }
}

/// Along x: each row is made of shifted copies of one row, which is extended by its reflection where `in`
/// ends too early.
template <int fixed, bool odd>
void convolve_along(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out,
                    const Kernel& kernel) {
  const std::int64_t radius = kernel.radius(), n = out.extent().x, begin = first.x - radius;
  const bool reaches_end = begin < 0 || first.x + n + radius > in.extent().x;
  std::vector<float> extended(static_cast<std::size_t>(reaches_end ? n + 2 * radius : 0));
  RowInputs rows(radius);
  for (std::int64_t z = 0; z < out.extent().z; ++z)
    for (std::int64_t y = 0; y < out.extent().y; ++y) {
      const float* row = in.row(first.z + z, first.y + y);
      const float* centre = row + first.x;
      if (reaches_end) {
        for (std::int64_t i = 0; i < n + 2 * radius; ++i)
          extended[static_cast<std::size_t>(i)] = row[reflected(begin + i, in.extent().x)];
        centre = extended.data() + radius;
      }
      for (std::int64_t k = 0; k <= radius; ++k) {
        rows.left[static_cast<std::size_t>(k)] = centre - k;
        rows.right[static_cast<std::size_t>(k)] = centre + k;
      }
      convolve_row<fixed, odd>(rows, kernel, n, out.row(z, y));
    }
}

template <int fixed, bool odd>
void convolve_axis(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out, int axis,
                   const Kernel& kernel) {
  if (axis == 2) return convolve_along<fixed, odd>(in, first, out, kernel);
  convolve_across<fixed, odd>(in, first, out, axis, kernel);
}

/// The filters' kernels have radius 1 or 2, for which the loop over the taps disappears.
void convolve_any(const View3<const float>& in, const LocalVoxel& first, const View3<float>& out, int axis,
                  const Kernel& kernel) {
  if (kernel.order == 1) {
    if (kernel.radius() == 1) return convolve_axis<1, true>(in, first, out, axis, kernel);
    if (kernel.radius() == 2) return convolve_axis<2, true>(in, first, out, axis, kernel);
    return convolve_axis<0, true>(in, first, out, axis, kernel);
  }
  if (kernel.radius() == 1) return convolve_axis<1, false>(in, first, out, axis, kernel);
  if (kernel.radius() == 2) return convolve_axis<2, false>(in, first, out, axis, kernel);
  convolve_axis<0, false>(in, first, out, axis, kernel);
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
