#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "features/passes/eigenvalues.hpp"
#include "features/passes/eigenvalues_constants.hpp"

namespace cleft::features::reference {
namespace {

namespace constants = eigen_constants;

/// Angle of the point (x, y) in [0, pi]. A point on the y axis is given the angle of one on the x axis, as in
/// the filter library that ilastik uses: forests were trained on the values that result.
/// \pre y >= 0
float angle_of(float y, float x) {
  const float across = std::abs(x);
  if (y == 0.0F || across == 0.0F) return std::signbit(x) ? constants::pi : 0.0F;
  const bool steep = y > across;
  const float s = steep ? -across / y : y / across;
  const float t = s * s;
  float u = constants::atan_coefficients[0];
  for (std::size_t i = 1; i < std::size(constants::atan_coefficients); ++i)
    u = t * u + constants::atan_coefficients[i];
  const float quadrant = (std::signbit(x) ? -2.0F : 0.0F) + (steep ? 1.0F : 0.0F);
  const float angle = quadrant * constants::half_pi + (t * s * u + s);
  return std::signbit(x) ? -angle : angle;
}

struct SineCosine {
  float sine, cosine;
};

/// \pre 0 <= angle <= pi/3, up to rounding
SineCosine sine_cosine(float angle) {
  const bool upper = angle * constants::four_over_pi >= 1.0F;
  float x = angle;
  if (upper)
    for (const float part : constants::quarter_pi_parts) x = x - 2.0F * part;
  const float z = x * x;
  float c = (constants::cosine_coefficients[0] * z + constants::cosine_coefficients[1]) * z +
            constants::cosine_coefficients[2];
  c = c * z * z - z * 0.5F + 1.0F;
  float s = (constants::sine_coefficients[0] * z + constants::sine_coefficients[1]) * z +
            constants::sine_coefficients[2];
  s = s * z * x + x;
  return upper ? SineCosine{c, -s} : SineCosine{s, c};
}

std::array<float, 2> values_of_2x2(float a, float b, float c) {
  const float mean = (a + c) * 0.5F, half = (a - c) * 0.5F;
  const float distance = std::sqrt(half * half + b * b);
  return {mean + distance, mean - distance};
}

/// a: a00, a01, a02, a11, a12, a22
std::array<float, 3> values_of_3x3(std::array<float, 6> a) {
  float largest = 0.0F;
  for (const float entry : a) largest = std::max(largest, std::abs(entry));
  if (largest == 0.0F) return {0.0F, 0.0F, 0.0F};
  for (float& entry : a) entry = entry / largest;
  const auto [a00, a01, a02, a11, a12, a22] = a;
  const float c0 =
      a00 * a11 * a22 + 2.0F * a01 * a02 * a12 - a00 * a12 * a12 - a11 * a02 * a02 - a22 * a01 * a01;
  const float c1 = a00 * a11 - a01 * a01 + a00 * a22 - a02 * a02 + a11 * a22 - a12 * a12;
  const float c2 = a00 + a11 + a22;
  const float mean = c2 * constants::third;
  const float p = std::min((c1 - c2 * mean) * constants::third, 0.0F);
  const float b = 0.5F * (c0 + mean * (2.0F * mean * mean - c1));
  const float q = std::min(b * b + p * p * p, 0.0F);
  const float length = std::sqrt(-p);
  const auto [sine, cosine] = sine_cosine(angle_of(std::sqrt(-q), b) * constants::third);
  std::array<float, 3> roots{mean + 2.0F * length * cosine,
                             mean - length * (cosine + constants::square_root_of_3 * sine),
                             mean - length * (cosine - constants::square_root_of_3 * sine)};
  std::sort(roots.begin(), roots.end(), std::greater<>());
  for (float& root : roots) root = root * largest;
  return roots;
}

}  // namespace

void eigenvalues(std::span<const View3<const float>> entries, std::span<const View3<float>> values) {
  const Extent extent = values[0].extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x) {
        if (values.size() == 2) {
          const auto found = values_of_2x2(entries[0](z, y, x), entries[1](z, y, x), entries[2](z, y, x));
          for (std::size_t i = 0; i < 2; ++i) values[i](z, y, x) = found[i];
          continue;
        }
        std::array<float, 6> matrix;
        for (std::size_t i = 0; i < 6; ++i) matrix[i] = entries[i](z, y, x);
        const auto found = values_of_3x3(matrix);
        for (std::size_t i = 0; i < 3; ++i) values[i](z, y, x) = found[i];
      }
}

}  // namespace cleft::features::reference
