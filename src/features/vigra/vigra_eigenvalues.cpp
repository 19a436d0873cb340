#include "features/vigra/vigra_eigenvalues.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "base/narrow.hpp"

namespace cleft {
namespace {

std::array<float, 2> values_of_2x2(float a, float b, float c) {
  const double distance = std::hypot(static_cast<double>(a - c), 2.0 * b);
  return {static_cast<float>(0.5 * (a + c + distance)), static_cast<float>(0.5 * (a + c - distance))};
}

/// \param a  a00, a01, a02, a11, a12, a22
std::array<float, 3> values_of_3x3(const std::array<float, 6>& a) {
  const auto [a00, a01, a02, a11, a12, a22] = a;
  // The literal 2.0 makes the second term of the determinant, and so all sums with it, double.
  const double determinant =
      a00 * a11 * a22 + 2.0 * a01 * a02 * a12 - a00 * a12 * a12 - a11 * a02 * a02 - a22 * a01 * a01;
  const double minors = a00 * a11 - a01 * a01 + a00 * a22 - a02 * a02 + a11 * a22 - a12 * a12;
  const double trace = a00 + a11 + a22;

  const double third = 1.0 / 3.0, mean = trace * third;
  const double p = std::min((minors - trace * mean) * third, 0.0);
  const double b = 0.5 * (determinant + mean * (2.0 * mean * mean - minors));
  const double q = std::min(b * b + p * p * p, 0.0);
  const double length = std::sqrt(-p);
  const double angle = std::atan2(std::sqrt(-q), b) * third;
  const double cosine = std::cos(angle), sine = std::sin(angle), root3 = std::sqrt(3.0);
  std::array<float, 3> roots{static_cast<float>(mean + 2.0 * length * cosine),
                             static_cast<float>(mean - length * (cosine + root3 * sine)),
                             static_cast<float>(mean - length * (cosine - root3 * sine))};
  std::sort(roots.begin(), roots.end(), std::greater<>());
  return roots;
}

}  // namespace

void vigra_eigenvalues(std::span<const View3<const float>> entries, std::span<const View3<float>> values) {
  const Extent extent = values[0].extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x) {
        const auto entry = [&](std::size_t i) { return entries[i](z, y, x); };
        if (values.size() == 2) {
          const auto found = values_of_2x2(entry(0), entry(1), entry(2));
          for (std::size_t i = 0; i < 2; ++i) values[i](z, y, x) = found[i];
          continue;
        }
        const auto found = values_of_3x3({entry(0), entry(1), entry(2), entry(3), entry(4), entry(5)});
        for (std::size_t i = 0; i < 3; ++i) values[i](z, y, x) = found[i];
      }
}

}  // namespace cleft
