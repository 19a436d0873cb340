#include "features/passes/row_passes.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/passes/row_passes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "features/simd-inl.hpp"
#include "base/narrow.hpp"
#include "features/passes/eigenvalues-inl.hpp"
// clang-format on

// A lambda that is called from several places would otherwise become a function that loads its captures,
// kernel taps among them, for each vector.
#undef CLEFT_ALWAYS_INLINE
#define CLEFT_ALWAYS_INLINE __attribute__((always_inline))

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {
namespace {

/// What a voxel and its neighbours along an axis hold.
template <int radius, class V>
struct Window {
  V centre;
  std::array<V, radius> left, right;  ///< [k - 1]: k voxels away
};

/// \param rows  2 * radius + 1, from left to right.
template <int radius, class D>
HWY_INLINE Window<radius, hn::Vec<D>> load_window(D d, const float* const* rows, std::int64_t x) {
  Window<radius, hn::Vec<D>> window;
  window.centre = hn::LoadU(d, rows[radius] + x);
  for (std::size_t k = 1; k <= radius; ++k) {
    window.left[k - 1] = hn::LoadU(d, rows[radius - k] + x);
    window.right[k - 1] = hn::LoadU(d, rows[radius + k] + x);
  }
  return window;
}

/// The convolution as `convolve` defines it.
template <int order, int radius, class D, class V = hn::Vec<D>>
HWY_INLINE V apply(D d, const KernelSet& kernels, const Window<radius, V>& window) {
  const auto& taps = kernels.taps[order];
  V sum = hn::Mul(hn::Set(d, taps[0]), window.centre);
  for (std::size_t k = 1; k <= radius; ++k) {
    const V left = window.left[k - 1], right = window.right[k - 1];
    const V pair = order == 1 ? hn::Sub(right, left) : hn::Add(right, left);
    sum = fused_multiply_add(d, pair, hn::Set(d, taps[k]), sum);
  }
  return sum;
}

template <int radius>
void filter_row_of(const KernelSet kernels, const float* const* in,
                   const std::array<float*, KernelSet::order_count> out, std::int64_t n) {
  for_each_vector(0, n, [&](auto d, std::int64_t x) HWY_ATTR {
    const auto window = load_window<radius>(d, in, x);
    if (out[0]) hn::StoreU(apply<0>(d, kernels, window), d, out[0] + x);
    if (out[1]) hn::StoreU(apply<1>(d, kernels, window), d, out[1] + x);
    if (out[2]) hn::StoreU(apply<2>(d, kernels, window), d, out[2] + x);
  });
}

/// Calls body(radius as a constant).
template <class Body>
HWY_INLINE void with_radius(int radius, const Body& body) {
  if (radius == 2) return body(std::integral_constant<int, 2>());
  if (radius == 1) return body(std::integral_constant<int, 1>());
  body(std::integral_constant<int, 0>());
}

void filter_row_any(const KernelSet& kernels, const float* const* in,
                    const std::array<float*, KernelSet::order_count>& out, std::int64_t n) {
  with_radius(kernels.radius, [&](auto radius) HWY_ATTR { filter_row_of<radius()>(kernels, in, out, n); });
}

/// The images that the last pass starts from.
template <int radius>
class Sources {
 public:
  Sources(const LastPass& pass, const NeighbourRows& rows) : begin_(rows.begin) {
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; i + j < 3; ++j) offset_[i][j] = pass.image[i][j] * rows.image_stride;
  }
  /// \param first, second  Orders of the passes before.
  template <class D>
  HWY_INLINE Window<radius, hn::Vec<D>> window(D d, std::size_t first, std::size_t second,
                                               std::int64_t x) const {
    return load_window<radius>(d, begin_.data(), offset_[first][second] + x);
  }

 private:
  std::array<const float*, 2 * KernelSet::largest_radius + 1> begin_;
  std::array<std::array<std::int64_t, 3>, 3> offset_{};
};

/// First and second derivatives, the first axis first.
template <int radius, class D, class V = hn::Vec<D>>
HWY_INLINE std::array<V, 3> slopes(D d, std::integral_constant<int, 3>, const KernelSet& kernels,
                                   const Sources<radius>& sources, std::int64_t x) {
  return {apply<0>(d, kernels, sources.window(d, 1, 0, x)), apply<0>(d, kernels, sources.window(d, 0, 1, x)),
          apply<1>(d, kernels, sources.window(d, 0, 0, x))};
}
template <int radius, class D, class V = hn::Vec<D>>
HWY_INLINE std::array<V, 2> slopes(D d, std::integral_constant<int, 2>, const KernelSet& kernels,
                                   const Sources<radius>& sources, std::int64_t x) {
  return {apply<0>(d, kernels, sources.window(d, 1, 0, x)), apply<1>(d, kernels, sources.window(d, 0, 0, x))};
}
template <int radius, class D, class V = hn::Vec<D>>
HWY_INLINE std::array<V, 3> curvatures(D d, std::integral_constant<int, 3>, const KernelSet& kernels,
                                       const Sources<radius>& sources, std::int64_t x) {
  return {apply<0>(d, kernels, sources.window(d, 2, 0, x)), apply<0>(d, kernels, sources.window(d, 0, 2, x)),
          apply<2>(d, kernels, sources.window(d, 0, 0, x))};
}
template <int radius, class D, class V = hn::Vec<D>>
HWY_INLINE std::array<V, 2> curvatures(D d, std::integral_constant<int, 2>, const KernelSet& kernels,
                                       const Sources<radius>& sources, std::int64_t x) {
  return {apply<0>(d, kernels, sources.window(d, 2, 0, x)), apply<2>(d, kernels, sources.window(d, 0, 0, x))};
}

/// The upper half of the Hessian, rows and columns beginning with the last axis.
template <int radius, class D, class V = hn::Vec<D>>
HWY_INLINE std::array<V, 6> hessian(D d, const std::array<V, 3>& curvature, const KernelSet& kernels,
                                    const Sources<radius>& sources, std::int64_t x) {
  return {curvature[2],
          apply<1>(d, kernels, sources.window(d, 0, 1, x)),
          apply<1>(d, kernels, sources.window(d, 1, 0, x)),
          curvature[1],
          apply<0>(d, kernels, sources.window(d, 1, 1, x)),
          curvature[0]};
}
template <int radius, class D, class V = hn::Vec<D>>
HWY_INLINE std::array<V, 3> hessian(D d, const std::array<V, 2>& curvature, const KernelSet& kernels,
                                    const Sources<radius>& sources, std::int64_t x) {
  return {curvature[1], apply<1>(d, kernels, sources.window(d, 1, 0, x)), curvature[0]};
}

template <class V, std::size_t axes>
HWY_INLINE V sum(const std::array<V, axes>& terms) {
  V total = hn::Add(terms[0], terms[1]);
  for (std::size_t i = 2; i < axes; ++i) total = hn::Add(total, terms[i]);
  return total;
}

template <class V, std::size_t axes>
HWY_INLINE V length(std::array<V, axes> components) {
  for (V& component : components) component = hn::Mul(component, component);
  return hn::Sqrt(sum(components));
}

template <int axes, int radius, int narrow_radius>
void finish_derivatives_of(const LastPass& pass, const NeighbourRows rows, const DerivativeFeatures out,
                           std::int64_t n) {
  constexpr std::integral_constant<int, axes> axes_tag;
  const KernelSet kernels = *pass.kernels, narrow = pass.narrow ? *pass.narrow : KernelSet{};
  const Sources<radius> sources(pass, rows);
  const std::int64_t narrow_offset = pass.narrow_image * rows.image_stride;
  const auto store_smoothed = [&](auto d, std::int64_t x) HWY_ATTR CLEFT_ALWAYS_INLINE {
    const auto smooth = apply<0>(d, kernels, sources.window(d, 0, 0, x));
    if (out.smoothing) hn::StoreU(smooth, d, out.smoothing + x);
    if (!out.difference) return;
    const auto window = load_window<narrow_radius>(d, &rows.begin[radius - narrow_radius], narrow_offset + x);
    hn::StoreU(hn::Sub(smooth, apply<0>(d, narrow, window)), d, out.difference + x);
  };
  const auto store_all_but_hessian = [&](auto d, std::int64_t x) HWY_ATTR CLEFT_ALWAYS_INLINE {
    if (out.smoothing || out.difference) store_smoothed(d, x);
    if (out.gradient_magnitude)
      hn::StoreU(length(slopes(d, axes_tag, kernels, sources, x)), d, out.gradient_magnitude + x);
    if (out.laplacian) hn::StoreU(sum(curvatures(d, axes_tag, kernels, sources, x)), d, out.laplacian + x);
  };
  if (!out.hessian[0]) return for_each_vector(0, n, store_all_but_hessian);
  std::array<float*, axes> eigenvalues;
  std::copy_n(out.hessian.begin(), axes, eigenvalues.begin());
  solve_row(n, eigenvalues, [&](auto d, std::int64_t x) HWY_ATTR CLEFT_ALWAYS_INLINE {
    store_all_but_hessian(d, x);
    return hessian(d, curvatures(d, axes_tag, kernels, sources, x), kernels, sources, x);
  });
}

/// Calls body(number of axes, radius), both as constants.
template <class Body>
HWY_INLINE void with_axes_and_radius(int axes, int radius, const Body& body) {
  with_radius(radius, [&](auto r) HWY_ATTR {
    if (axes == 3) return body(std::integral_constant<int, 3>(), r);
    body(std::integral_constant<int, 2>(), r);
  });
}

void finish_derivatives_any(const LastPass& pass, const NeighbourRows& rows, const DerivativeFeatures& out,
                            std::int64_t n) {
  with_axes_and_radius(pass.axes, pass.kernels->radius, [&](auto axes, auto radius) HWY_ATTR {
    // 0.66 sigma reaches one voxel, or none where sigma is small; either way no further than sigma.
    constexpr int reach = radius() > 0 ? 1 : 0;
    if (pass.narrow && pass.narrow->radius == reach)
      return finish_derivatives_of<axes(), radius(), reach>(pass, rows, out, n);
    finish_derivatives_of<axes(), radius(), 0>(pass, rows, out, n);
  });
}

void finish_slope_products_any(const LastPass& pass, const NeighbourRows& rows, std::span<float* const> out,
                               std::int64_t n) {
  with_axes_and_radius(pass.axes, pass.kernels->radius, [&](auto axes, auto radius) HWY_ATTR {
    const KernelSet kernels = *pass.kernels;
    const Sources<radius()> sources(pass, rows);
    for_each_vector(0, n, [&](auto d, std::int64_t x) HWY_ATTR {
      const auto slope = slopes(d, axes, kernels, sources, x);
      std::size_t entry = 0;
      for (std::size_t i = axes(); i-- > 0;)
        for (std::size_t j = i + 1; j-- > 0;) hn::StoreU(hn::Mul(slope[i], slope[j]), d, out[entry++] + x);
    });
  });
}

template <std::size_t entries, std::size_t axes, int radius>
void finish_tensor_of(const KernelSet kernels, const NeighbourRows rows, std::span<float* const> out,
                      std::int64_t n) {
  std::array<float*, axes> eigenvalues;
  std::copy_n(out.begin(), axes, eigenvalues.begin());
  solve_row(n, eigenvalues, [&](auto d, std::int64_t x) HWY_ATTR {
    std::array<hn::Vec<decltype(d)>, entries> matrix;
    for (std::size_t i = 0; i < entries; ++i) {
      const std::int64_t offset = narrow<std::int64_t>(i) * rows.image_stride;
      matrix[i] = apply<0>(d, kernels, load_window<radius>(d, rows.begin.data(), offset + x));
    }
    return matrix;
  });
}

void finish_tensor_any(const KernelSet& kernels, const NeighbourRows& rows, std::span<float* const> out,
                       std::int64_t n) {
  with_radius(kernels.radius, [&](auto radius) HWY_ATTR {
    if (out.size() == 3) return finish_tensor_of<6, 3, radius()>(kernels, rows, out, n);
    finish_tensor_of<3, 2, radius()>(kernels, rows, out, n);
  });
}

}  // namespace
}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft {

HWY_EXPORT(filter_row_any);
HWY_EXPORT(finish_derivatives_any);
HWY_EXPORT(finish_slope_products_any);
HWY_EXPORT(finish_tensor_any);

void filter_row(const KernelSet& kernels, const float* const* in,
                const std::array<float*, KernelSet::order_count>& out, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(filter_row_any)(kernels, in, out, n);
}

void finish_derivatives(const LastPass& pass, const NeighbourRows& rows, const DerivativeFeatures& out,
                        std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(finish_derivatives_any)(pass, rows, out, n);
}

void finish_slope_products(const LastPass& pass, const NeighbourRows& rows, std::span<float* const> out,
                           std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(finish_slope_products_any)(pass, rows, out, n);
}

void finish_tensor(const KernelSet& kernels, const NeighbourRows& rows, std::span<float* const> out,
                   std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(finish_tensor_any)(kernels, rows, out, n);
}

}  // namespace cleft
#endif  // HWY_ONCE
