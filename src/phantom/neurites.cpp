#include "phantom/neurites.hpp"

#include <numbers>

#include "base/narrow.hpp"

namespace cleft::phantom {
namespace {

constexpr double wander = 0.45;  // control points stray this part of a cube from its middle
constexpr double thinnest = 0.55,
                 swelling = 1.25;  // a neurite's radius varies from thinnest to thinnest + swelling

/// Three directions at right angles, turned at random (uniformly over all rotations; Shoemake 1992).
std::array<Vector, 3> random_frame(Random random) {
  const double u = random.uniform(), a = 2 * std::numbers::pi * random.uniform(),
               b = 2 * std::numbers::pi * random.uniform();
  const double s = std::sqrt(1 - u), t = std::sqrt(u);
  const double w = s * std::sin(a), i = s * std::cos(a), j = t * std::sin(b), k = t * std::cos(b);
  return {Vector{1 - 2 * (j * j + k * k), 2 * (i * j - k * w), 2 * (i * k + j * w)},
          Vector{2 * (i * j + k * w), 1 - 2 * (i * i + k * k), 2 * (j * k - i * w)},
          Vector{2 * (i * k - j * w), 2 * (j * k + i * w), 1 - 2 * (i * i + j * j)}};
}

}  // namespace

Neurites::Neurites(std::uint64_t seed) : seed_(seed) {
  const auto stream = [&](std::uint64_t n) { return Random(hash_at(seed, Purpose::orientation, {}), n); };
  const auto f = random_frame(stream(0)), dendrites = random_frame(stream(1)),
             trunks = random_frame(stream(2));
  families_ = {Family{{f[0], f[1], f[2]}, 380, 470, 30, 120, 0.9},
               Family{{f[1], f[2], f[0]}, 420, 430, 35, 140, 0.9},
               Family{{f[2], f[0], f[1]}, 480, 560, 50, 180, 0.85},
               Family{dendrites, 1250, 900, 180, 420, 0.75}, Family{trunks, 3600, 2200, 380, 700, 0.5}};
}

void Neurites::collect(const Vector& p, double reach, std::vector<Segment>& segments) const {
  for (std::uint64_t n = 0; n < families_.size(); ++n) collect(families_[n], n, p, reach, segments);
}

void Neurites::collect(const Family& family, std::uint64_t number, const Vector& p, double reach,
                       std::vector<Segment>& segments) const {
  const Vector q{dot(p, family.frame[0]), dot(p, family.frame[1]), dot(p, family.frame[2])};
  const double far = reach + family.radius_max * (thinnest + swelling);
  const double side = far + (wander - 0.5) * family.across;
  const double ahead = far + wander * family.along;
  const std::int64_t first_k = floor_to_int((q.x - ahead) / family.along - 0.5);
  const std::int64_t last_k = floor_to_int((q.x + ahead) / family.along + 0.5);
  for (auto i = floor_to_int((q.z - side) / family.across); i <= floor_to_int((q.z + side) / family.across);
       ++i) {
    for (auto j = floor_to_int((q.y - side) / family.across); j <= floor_to_int((q.y + side) / family.across);
         ++j) {
      const auto id = hash_at(seed_ + number, Purpose::neurite, {i, j, 0});
      if (fraction(id, 0) >= family.presence) continue;
      ControlPoint start = control_point(family, id, {i, j, first_k});
      for (std::int64_t k = first_k; k < last_k; ++k) {
        const ControlPoint end = control_point(family, id, {i, j, k + 1});
        const Vector along = end.at - start.at;
        const Segment segment{start.at, along, 1 / square(along), start.radius, end.radius - start.radius,
                              id};
        if (segment.distance(p) <= reach) segments.push_back(segment);
        start = end;
      }
    }
  }
}

Neurites::ControlPoint Neurites::control_point(const Family& family, std::uint64_t neurite,
                                               const LatticeCell& cell) const {
  const std::uint64_t bits = hash_at(neurite, Purpose::neurite_point, cell);
  const auto stray = [&](unsigned n) { return 0.5 + wander * (2 * fraction(bits, n) - 1); };
  const double u = (narrow<double>(cell.z) + stray(0)) * family.across;
  const double v = (narrow<double>(cell.y) + stray(1)) * family.across;
  const double w = (narrow<double>(cell.x) + stray(2)) * family.along;
  const double mean = family.radius_min + (family.radius_max - family.radius_min) * fraction(neurite, 1);
  const double swollen = fraction(bits, 3);
  return {u * family.frame[0] + v * family.frame[1] + w * family.frame[2],
          mean * (thinnest + swelling * swollen * swollen)};
}

}  // namespace cleft::phantom
