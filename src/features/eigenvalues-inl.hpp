// Included once per SIMD target by the units that are compiled for several (Highway's foreach_target), hence
// no #pragma once.
#if defined(CLEFT_FEATURES_EIGENVALUES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CLEFT_FEATURES_EIGENVALUES_INL
#undef CLEFT_FEATURES_EIGENVALUES_INL
#else
#define CLEFT_FEATURES_EIGENVALUES_INL
#endif

#include <array>
#include <cstddef>

#include <hwy/highway.h>

#include "features/eigenvalues_constants.hpp"

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace constants = eigen_constants;

/// x * y + constant, rounded twice.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V multiply_add(D d, V x, V y, float constant) {
  return hn::Add(hn::Mul(x, y), hn::Set(d, constant));
}

/// Angle of the point (x, y) in [0, pi], points on the y axis as in the scalar reference.
/// \pre y >= 0
template <class D, class V = hn::Vec<D>>
HWY_INLINE V angle_of(D d, V y, V x) {
  const V zero = hn::Zero(d), across = hn::Abs(x);
  const auto left = hn::Lt(hn::CopySign(hn::Set(d, 1.0F), x), zero);  // signbit: minus zero counts
  const auto steep = hn::Gt(y, across);
  const V s = hn::Div(hn::IfThenElse(steep, hn::Neg(across), y), hn::IfThenElse(steep, y, across));
  const V t = hn::Mul(s, s);
  V u = hn::Set(d, constants::atan_coefficients[0]);
  for (std::size_t i = 1; i < std::size(constants::atan_coefficients); ++i)
    u = multiply_add(d, t, u, constants::atan_coefficients[i]);
  const V near = hn::Add(hn::Mul(hn::Mul(t, s), u), s);
  const V quadrant =
      hn::Add(hn::IfThenElseZero(left, hn::Set(d, -2.0F)), hn::IfThenElseZero(steep, hn::Set(d, 1.0F)));
  const V angle = hn::Add(hn::Mul(quadrant, hn::Set(d, constants::half_pi)), near);
  const V on_axis = hn::IfThenElseZero(left, hn::Set(d, constants::pi));
  return hn::IfThenElse(hn::Or(hn::Eq(y, zero), hn::Eq(across, zero)), on_axis,
                        hn::IfThenElse(left, hn::Neg(angle), angle));
}

/// \pre 0 <= angle <= pi/3, up to rounding
template <class D, class V = hn::Vec<D>>
HWY_INLINE void sine_cosine(D d, V angle, V& sine, V& cosine) {
  const auto upper = hn::Ge(hn::Mul(angle, hn::Set(d, constants::four_over_pi)), hn::Set(d, 1.0F));
  V x = angle;
  for (const float part : constants::quarter_pi_parts)
    x = hn::Sub(x, hn::IfThenElseZero(upper, hn::Set(d, 2.0F * part)));
  const V z = hn::Mul(x, x);
  V c = multiply_add(d, hn::Set(d, constants::cosine_coefficients[0]), z, constants::cosine_coefficients[1]);
  c = hn::Mul(hn::Mul(multiply_add(d, c, z, constants::cosine_coefficients[2]), z), z);
  c = hn::Add(hn::Sub(c, hn::Mul(z, hn::Set(d, 0.5F))), hn::Set(d, 1.0F));
  V s = multiply_add(d, hn::Set(d, constants::sine_coefficients[0]), z, constants::sine_coefficients[1]);
  s = multiply_add(d, s, z, constants::sine_coefficients[2]);
  s = hn::Add(hn::Mul(hn::Mul(s, z), x), x);
  sine = hn::IfThenElse(upper, c, s);
  cosine = hn::IfThenElse(upper, hn::Neg(s), c);
}

/// Replaces a, b, c, a symmetric 2 x 2 matrix, by its eigenvalues in the first two.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void solve(D d, std::array<V, 3>& m) {
  const V half = hn::Set(d, 0.5F);
  const V mean = hn::Mul(hn::Add(m[0], m[2]), half), slope = hn::Mul(hn::Sub(m[0], m[2]), half);
  const V distance = hn::Sqrt(hn::Add(hn::Mul(slope, slope), hn::Mul(m[1], m[1])));
  m[0] = hn::Add(mean, distance);
  m[1] = hn::Sub(mean, distance);
}

/// The roots' position (mean), spread (length) and the angle's sine and cosine.
template <class V>
struct Roots {
  V mean, length, sine, cosine;
};

/// Solves the characteristic polynomial of a matrix whose entries are at most 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Roots<V> roots_of(D d, V a00, V a01, V a02, V a11, V a12, V a22) {
  const auto product = [](V x, V y, V z) HWY_ATTR { return hn::Mul(hn::Mul(x, y), z); };
  const V zero = hn::Zero(d), two = hn::Set(d, 2.0F), scale = hn::Set(d, constants::third);
  V c0 = hn::Add(product(a00, a11, a22), hn::Mul(product(two, a01, a02), a12));
  c0 = hn::Sub(c0, product(a00, a12, a12));
  c0 = hn::Sub(c0, product(a11, a02, a02));
  c0 = hn::Sub(c0, product(a22, a01, a01));
  V c1 = hn::Sub(hn::Mul(a00, a11), hn::Mul(a01, a01));
  c1 = hn::Sub(hn::Add(c1, hn::Mul(a00, a22)), hn::Mul(a02, a02));
  c1 = hn::Sub(hn::Add(c1, hn::Mul(a11, a22)), hn::Mul(a12, a12));
  const V c2 = hn::Add(hn::Add(a00, a11), a22);
  const V mean = hn::Mul(c2, scale);
  const V p = hn::Min(hn::Mul(hn::Sub(c1, hn::Mul(c2, mean)), scale), zero);
  const V inner = hn::Sub(product(two, mean, mean), c1);
  const V b = hn::Mul(hn::Set(d, 0.5F), hn::Add(c0, hn::Mul(mean, inner)));
  const V q = hn::Min(hn::Add(hn::Mul(b, b), product(p, p, p)), zero);
  Roots<V> roots{mean, hn::Sqrt(hn::Neg(p)), zero, zero};
  sine_cosine(d, hn::Mul(angle_of(d, hn::Sqrt(hn::Neg(q)), b), scale), roots.sine, roots.cosine);
  return roots;
}

/// Replaces a00, a01, a02, a11, a12, a22, a symmetric 3 x 3 matrix, by its eigenvalues in the first three.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void solve(D d, std::array<V, 6>& m) {
  V largest = hn::Abs(m[0]);
  for (std::size_t i = 1; i < 6; ++i) largest = hn::Max(largest, hn::Abs(m[i]));
  const V divisor = hn::IfThenElse(hn::Eq(largest, hn::Zero(d)), hn::Set(d, 1.0F), largest);
  for (V& entry : m) entry = hn::Div(entry, divisor);
  const auto [mean, length, sine, cosine] = roots_of(d, m[0], m[1], m[2], m[3], m[4], m[5]);
  const V turn = hn::Mul(hn::Set(d, constants::square_root_of_3), sine);
  const V r0 = hn::Add(mean, hn::Mul(hn::Mul(hn::Set(d, 2.0F), length), cosine));
  const V r1 = hn::Sub(mean, hn::Mul(length, hn::Add(cosine, turn)));
  const V r2 = hn::Sub(mean, hn::Mul(length, hn::Sub(cosine, turn)));
  const V high = hn::Max(r0, r1), low = hn::Min(r0, r1);
  m[0] = hn::Mul(hn::Max(high, r2), divisor);
  m[1] = hn::Mul(hn::Max(low, hn::Min(high, r2)), divisor);
  m[2] = hn::Mul(hn::Min(low, r2), divisor);
}

}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
