// Included once per SIMD target by the units that are compiled for several (Highway's foreach_target), hence
// no #pragma once.
#if defined(CLEFT_FEATURES_SIMD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CLEFT_FEATURES_SIMD_INL
#undef CLEFT_FEATURES_SIMD_INL
#else
#define CLEFT_FEATURES_SIMD_INL
#endif

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "base/narrow.hpp"

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Calls body(d, i) so that the vectors of tag d at i cover the voxels from `begin` to `end`, and nothing
/// else. The last vector may overlap the one before, so a body must not write where it reads.
template <class Body>
HWY_INLINE void for_each_vector(std::int64_t begin, std::int64_t end, const Body& body) {
  const hn::ScalableTag<float> whole;
  const hn::CappedTag<float, 1> single;
  const auto lanes = narrow<std::int64_t>(hn::Lanes(whole));
  std::int64_t i = begin;
  for (; i + lanes <= end; i += lanes) body(whole, i);
  if (i == end) return;
  if (end - begin >= lanes) return body(whole, end - lanes);
  for (; i < end; ++i) body(single, i);
}

/// a * b + c rounded once, on targets without such an instruction too.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V fused_multiply_add(D d, V a, V b, V c) {
#if HWY_NATIVE_FMA
  (void)d;
  return hn::MulAdd(a, b, c);
#else
  HWY_ALIGN float as[hn::MaxLanes(D())], bs[hn::MaxLanes(D())], cs[hn::MaxLanes(D())];
  hn::Store(a, d, as);
  hn::Store(b, d, bs);
  hn::Store(c, d, cs);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) cs[i] = std::fma(as[i], bs[i], cs[i]);
  return hn::Load(d, cs);
#endif
}

}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
