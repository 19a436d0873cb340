#pragma once

// Published polynomial coefficients that both the vector code and its scalar reference use.
namespace cleft::features::eigen_constants {

/// atan(s) ~ s + s * (s*s * polynomial(s*s)) for 0 <= s <= 1, highest power first (SLEEF, Shibata, public
/// domain).
inline constexpr float atan_coefficients[] = {0.00282363896258175373077393F, -0.0159569028764963150024414F,
                                              0.0425049886107444763183594F,  -0.0748900920152664184570312F,
                                              0.106347933411598205566406F,   -0.142027363181114196777344F,
                                              0.199926957488059997558594F,   -0.333331018686294555664062F};

/// Sine and cosine on [-pi/4, pi/4], highest power first, and pi/4 in three parts so that subtracting a
/// multiple is exact (Cephes single precision sinf/cosf, Moshier).
inline constexpr float sine_coefficients[] = {-1.9515295891E-4F, 8.3321608736E-3F, -1.6666654611E-1F};
inline constexpr float cosine_coefficients[] = {2.443315711809948E-005F, -1.388731625493765E-003F,
                                                4.166664568298827E-002F};
inline constexpr float quarter_pi_parts[] = {0.78515625F, 2.4187564849853515625E-4F, 3.77489497744594108E-8F};

inline constexpr float four_over_pi = 1.27323954473516F;
inline constexpr float pi = 3.14159265358979323846F;
inline constexpr float half_pi = 1.57079632679489661923F;
inline constexpr float square_root_of_3 = 1.73205080756887729353F;
inline constexpr float third = 1.0F / 3.0F;

}  // namespace cleft::features::eigen_constants
