#include "features/eigenvalues.hpp"

#include <array>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/eigenvalues.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "features/simd-inl.hpp"
#include "features/eigenvalues-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {
namespace {

template <std::size_t entry_count, std::size_t value_count>
HWY_INLINE void solve_all(std::span<const View3<const float>> entries, std::span<const View3<float>> values) {
  const Extent extent = values[0].extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      std::array<const float*, entry_count> from;
      std::array<float*, value_count> to;
      for (std::size_t i = 0; i < entry_count; ++i) from[i] = entries[i].row(z, y);
      for (std::size_t i = 0; i < value_count; ++i) to[i] = values[i].row(z, y);
      for_each_vector(0, extent.x, [&](auto d, std::int64_t x) HWY_ATTR {
        std::array<hn::Vec<decltype(d)>, entry_count> matrix;
        for (std::size_t i = 0; i < entry_count; ++i) matrix[i] = hn::LoadU(d, from[i] + x);
        solve(d, matrix);
        for (std::size_t i = 0; i < value_count; ++i) hn::StoreU(matrix[i], d, to[i] + x);
      });
    }
}

void solve_any(std::span<const View3<const float>> entries, std::span<const View3<float>> values) {
  if (values.size() == 2) return solve_all<3, 2>(entries, values);
  solve_all<6, 3>(entries, values);
}

}  // namespace
}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft {

HWY_EXPORT(solve_any);

void eigenvalues(std::span<const View3<const float>> entries, std::span<const View3<float>> values) {
  HWY_DYNAMIC_DISPATCH(solve_any)(entries, values);
}

}  // namespace cleft
#endif  // HWY_ONCE
