#include "features/passes/eigenvalues.hpp"

#include <array>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/passes/eigenvalues.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "features/simd-inl.hpp"
#include "features/passes/eigenvalues-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::features::HWY_NAMESPACE {
namespace {

/// The vectors of some rows at x.
template <std::size_t count, class D>
HWY_INLINE std::array<hn::Vec<D>, count> load_all(D d, const std::array<const float*, count>& rows,
                                                  std::int64_t x) {
  std::array<hn::Vec<D>, count> vectors;
  for (std::size_t i = 0; i < count; ++i) vectors[i] = hn::LoadU(d, rows[i] + x);
  return vectors;
}

void solve_any(std::span<const View3<const float>> entries, std::span<const View3<float>> values) {
  const Extent extent = values[0].extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      const auto from = [&](std::size_t i) { return entries[i].row(z, y); };
      const auto to = [&](std::size_t i) { return values[i].row(z, y); };
      if (values.size() == 3) {
        const std::array rows{from(0), from(1), from(2), from(3), from(4), from(5)};
        solve_row(extent.x, std::array{to(0), to(1), to(2)},
                  [&](auto d, std::int64_t x) HWY_ATTR { return load_all(d, rows, x); });
        continue;
      }
      const std::array rows{from(0), from(1), from(2)};
      solve_row(extent.x, std::array{to(0), to(1)},
                [&](auto d, std::int64_t x) HWY_ATTR { return load_all(d, rows, x); });
    }
}

}  // namespace
}  // namespace cleft::features::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft::features {

HWY_EXPORT(solve_any);

void eigenvalues(std::span<const View3<const float>> entries, std::span<const View3<float>> values) {
  HWY_DYNAMIC_DISPATCH(solve_any)(entries, values);
}

}  // namespace cleft::features
#endif  // HWY_ONCE
