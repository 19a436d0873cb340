#include "features/passes/pointwise.hpp"

#include <array>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "features/passes/pointwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "features/simd-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::features::HWY_NAMESPACE {
namespace {

/// out = operation(vectors of the inputs), for each voxel.
/// \pre At most three inputs.
template <std::size_t count, class Operation>
HWY_INLINE void each_voxel(std::span<const View3<const float>> in, const View3<float>& out,
                           const Operation& operation) {
  const Extent extent = out.extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y) {
      std::array<const float*, count> rows;
      for (std::size_t i = 0; i < count; ++i) rows[i] = in[i].row(z, y);
      float* target = out.row(z, y);
      for_each_vector(0, extent.x, [&](auto d, std::int64_t x) HWY_ATTR {
        std::array<hn::Vec<decltype(d)>, count> values;
        for (std::size_t i = 0; i < count; ++i) values[i] = hn::LoadU(d, rows[i] + x);
        hn::StoreU(operation(values), d, target + x);
      });
    }
}

void multiply_all(std::span<const View3<const float>> in, const View3<float>& out) {
  each_voxel<2>(in, out, [](const auto& v) HWY_ATTR { return hn::Mul(v[0], v[1]); });
}

void subtract_all(std::span<const View3<const float>> in, const View3<float>& out) {
  each_voxel<2>(in, out, [](const auto& v) HWY_ATTR { return hn::Sub(v[0], v[1]); });
}

void add_up_all(std::span<const View3<const float>> in, const View3<float>& out) {
  if (in.size() == 2)
    return each_voxel<2>(in, out, [](const auto& v) HWY_ATTR { return hn::Add(v[0], v[1]); });
  each_voxel<3>(in, out, [](const auto& v) HWY_ATTR { return hn::Add(hn::Add(v[0], v[1]), v[2]); });
}

void magnitude_all(std::span<const View3<const float>> in, const View3<float>& out) {
  const auto two = [](const auto& v) HWY_ATTR { return hn::Add(hn::Mul(v[0], v[0]), hn::Mul(v[1], v[1])); };
  if (in.size() == 2) return each_voxel<2>(in, out, [&](const auto& v) HWY_ATTR { return hn::Sqrt(two(v)); });
  each_voxel<3>(in, out,
                [&](const auto& v) HWY_ATTR { return hn::Sqrt(hn::Add(two(v), hn::Mul(v[2], v[2]))); });
}

}  // namespace
}  // namespace cleft::features::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft::features {

HWY_EXPORT(multiply_all);
HWY_EXPORT(subtract_all);
HWY_EXPORT(add_up_all);
HWY_EXPORT(magnitude_all);

void multiply(View3<const float> a, View3<const float> b, View3<float> out) {
  HWY_DYNAMIC_DISPATCH(multiply_all)(std::array{a, b}, out);
}

void subtract(View3<const float> a, View3<const float> b, View3<float> out) {
  HWY_DYNAMIC_DISPATCH(subtract_all)(std::array{a, b}, out);
}

void add_up(std::span<const View3<const float>> terms, View3<float> out) {
  HWY_DYNAMIC_DISPATCH(add_up_all)(terms, out);
}

void magnitude(std::span<const View3<const float>> components, View3<float> out) {
  HWY_DYNAMIC_DISPATCH(magnitude_all)(components, out);
}

}  // namespace cleft::features
#endif  // HWY_ONCE
