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

#include "features/passes/eigenvalues_constants.hpp"
#include "features/simd-inl.hpp"
#include "features/tuning.hpp"

HWY_BEFORE_NAMESPACE();
namespace cleft::features::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace constants = eigen_constants;

/// x * y + constant, rounded twice.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V multiply_add(D d, V x, V y, float constant) {
  return hn::Add(hn::Mul(x, y), hn::Set(d, constant));
}

/// Angle of the point (x, y) in [0, pi]. Points on the y axis get the angle that the scalar reference gives
/// them.
/// \pre y >= 0
template <class D, class V = hn::Vec<D>>
HWY_INLINE V angle_of(D d, V y, V x) {
  const V zero = hn::Zero(d), across = hn::Abs(x);
  const auto left = hn::Lt(hn::CopySign(hn::Set(d, 1.0F), x), zero);  // by the sign bit: -0 is left too
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

/// Eigenvalues of a row of 2 x 2 matrices.
/// \param matrix_at  (d, x) -> the matrices at x: a, b, c of (a b; b c).
/// \param values     Rows of n, the larger one first.
template <class MatrixAt>
HWY_INLINE void solve_row(std::int64_t n, const std::array<float*, 2>& values, const MatrixAt& matrix_at) {
  for_each_vector(0, n, [&](auto d, std::int64_t x) HWY_ATTR {
    const auto half = hn::Set(d, 0.5F);
    const auto [a, b, c] = matrix_at(d, x);
    const auto mean = hn::Mul(hn::Add(a, c), half), slope = hn::Mul(hn::Sub(a, c), half);
    const auto distance = hn::Sqrt(hn::Add(hn::Mul(slope, slope), hn::Mul(b, b)));
    hn::StoreU(hn::Add(mean, distance), d, values[0] + x);
    hn::StoreU(hn::Sub(mean, distance), d, values[1] + x);
  });
}

/// What the eigenvalues of a symmetric 3 x 3 matrix are computed from: the largest entry's magnitude, by
/// which the matrix is divided; the mean of the roots, their distance from it, and the point (x, y) whose
/// angle places them.
template <class V>
struct Characteristic {
  V divisor, mean, length, x, y;
};

/// \param m  a00, a01, a02, a11, a12, a22.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Characteristic<V> characteristic(D d, std::array<V, 6> m) {
  const auto product = [](V x, V y, V z) HWY_ATTR { return hn::Mul(hn::Mul(x, y), z); };
  const V zero = hn::Zero(d), two = hn::Set(d, 2.0F), scale = hn::Set(d, constants::third);
  V largest = hn::Abs(m[0]);
  for (std::size_t i = 1; i < 6; ++i) largest = hn::Max(largest, hn::Abs(m[i]));
  const V divisor = hn::IfThenElse(hn::Eq(largest, zero), hn::Set(d, 1.0F), largest);
  for (V& entry : m) entry = hn::Div(entry, divisor);
  const V a00 = m[0], a01 = m[1], a02 = m[2], a11 = m[3], a12 = m[4], a22 = m[5];
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
  return {divisor, mean, hn::Sqrt(hn::Neg(p)), b, hn::Sqrt(hn::Neg(q))};
}

/// The eigenvalues, the largest first.
template <class D, class V = hn::Vec<D>>
HWY_INLINE std::array<V, 3> roots_of(D d, const Characteristic<V>& c) {
  V sine, cosine;
  sine_cosine(d, hn::Mul(angle_of(d, c.y, c.x), hn::Set(d, constants::third)), sine, cosine);
  const V turn = hn::Mul(hn::Set(d, constants::square_root_of_3), sine);
  const V r0 = hn::Add(c.mean, hn::Mul(hn::Mul(hn::Set(d, 2.0F), c.length), cosine));
  const V r1 = hn::Sub(c.mean, hn::Mul(c.length, hn::Add(cosine, turn)));
  const V r2 = hn::Sub(c.mean, hn::Mul(c.length, hn::Sub(cosine, turn)));
  const V high = hn::Max(r0, r1), low = hn::Min(r0, r1);
  return {hn::Mul(hn::Max(high, r2), c.divisor), hn::Mul(hn::Max(low, hn::Min(high, r2)), c.divisor),
          hn::Mul(hn::Min(low, r2), c.divisor)};
}

/// Eigenvalues of a row of 3 x 3 matrices. The work on one matrix is a long chain of dependent operations;
/// two shorter sweeps over part of the row let the processor work on more matrices at once.
/// \param matrix_at  (d, x) -> the matrices at x: a00, a01, a02, a11, a12, a22.
/// \param values     Rows of n, the largest first.
template <class MatrixAt>
HWY_INLINE void solve_row(std::int64_t n, const std::array<float*, 3>& values, const MatrixAt& matrix_at) {
  constexpr std::int64_t part = tuning::matrices_abreast;
  HWY_ALIGN float divisor[part], mean[part], length[part], point_x[part], point_y[part];
  for (std::int64_t begin = 0; begin < n; begin += part) {
    const std::int64_t count = n - begin < part ? n - begin : part;
    for_each_vector(0, count, [&](auto d, std::int64_t x) HWY_ATTR {
      const auto c = characteristic(d, matrix_at(d, begin + x));
      hn::StoreU(c.divisor, d, divisor + x);
      hn::StoreU(c.mean, d, mean + x);
      hn::StoreU(c.length, d, length + x);
      hn::StoreU(c.x, d, point_x + x);
      hn::StoreU(c.y, d, point_y + x);
    });
    for_each_vector(0, count, [&](auto d, std::int64_t x) HWY_ATTR {
      const auto found =
          roots_of(d, Characteristic<hn::Vec<decltype(d)>>{
                          hn::LoadU(d, divisor + x), hn::LoadU(d, mean + x), hn::LoadU(d, length + x),
                          hn::LoadU(d, point_x + x), hn::LoadU(d, point_y + x)});
      for (std::size_t i = 0; i < 3; ++i) hn::StoreU(found[i], d, values[i] + begin + x);
    });
  }
}

}  // namespace cleft::features::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
