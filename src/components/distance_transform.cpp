#include "components/distance_transform.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double squared(double v) {
  return v * v;
}

/// Along a row distances are counted from zero to zero: forwards, then backwards.
void transform_row(const std::uint8_t* mask, double* row, std::int64_t count, double step) {
  double away = infinity;
  for (std::int64_t x = 0; x < count; ++x) {
    away = mask[x] == 0 ? 0 : away + 1;
    row[x] = away;
  }
  away = infinity;
  for (std::int64_t x = count - 1; x >= 0; --x) {
    away = mask[x] == 0 ? 0 : away + 1;
    row[x] = squared(std::min(row[x], away) * step);
  }
}

/// Where a line holds the values f, its transform is the minimum over all p of f(p) + (step · (q − p))²: the
/// lower envelope of parabolas of one shape.
class LowerEnvelope {
 public:
  LowerEnvelope(std::int64_t longest, double step) : step_(step), parabolas_(to_size(longest)) {}

  /// Replaces f by its transform.
  /// \pre No longer than the longest line.
  void transform(std::span<double> f) {
    build(f);
    if (count_ == 0) return;
    std::size_t k = 0;
    for (std::size_t q = 0; q < f.size(); ++q) {
      // Values are compared instead of the places where parabolas cross: those are rounded.
      double least = value_at(k, q);
      while (k + 1 < count_) {
        const double next = value_at(k + 1, q);
        if (next > least) break;
        least = next;
        ++k;
      }
      f[q] = least;
    }
  }

 private:
  struct Parabola {
    std::size_t apex = 0;
    double height = 0;
    /// It is the lowest from here on, counted from its apex, until the next one is: so that nothing depends
    /// on where the line begins.
    double from = 0;
  };

  double value_at(std::size_t parabola, std::size_t q) const {
    const auto& [apex, height, from] = parabolas_[parabola];
    return height + squared(step_ * (narrow<double>(q) - narrow<double>(apex)));
  }

  /// Where the parabolas cross of which `a` is the lower one before; counted from the apex of `a`.
  double crossing(const Parabola& a, const Parabola& b) const {
    const auto apart = narrow<double>(b.apex - a.apex);
    return (apart + (b.height - a.height) / (step_ * step_ * apart)) / 2;
  }

  void build(std::span<const double> f) {
    count_ = 0;
    for (std::size_t q = 0; q < f.size(); ++q) {
      if (f[q] == infinity) continue;
      Parabola next{q, f[q], -infinity};
      while (count_ > 0) {
        const Parabola& last = parabolas_[count_ - 1];
        const double at = crossing(last, next);
        if (at > last.from) {
          next.from = at - narrow<double>(next.apex - last.apex);
          break;
        }
        --count_;
      }
      parabolas_[count_++] = next;
    }
  }

  double step_;
  std::vector<Parabola> parabolas_;
  std::size_t count_ = 0;
};

/// Lines that lie side by side are taken so many at a time: as many as share a cache line.
constexpr std::int64_t together = Array3<double>::alignment / sizeof(double);

/// Transforms `lines` lines that lie side by side in memory, each of `count` values `stride` apart.
void transform_lines(double* first, std::int64_t lines, std::int64_t count, std::int64_t stride,
                     double step) {
  LowerEnvelope envelope(count, step);
  std::vector<double> buffer(to_size(together * count));
  for (std::int64_t begin = 0; begin < lines; begin += together) {
    const std::int64_t width = std::min(together, lines - begin);
    for (std::int64_t i = 0; i < count; ++i)
      for (std::int64_t k = 0; k < width; ++k) buffer[to_size(k * count + i)] = first[i * stride + begin + k];
    for (std::int64_t k = 0; k < width; ++k)
      envelope.transform(std::span(buffer).subspan(to_size(k * count), to_size(count)));
    for (std::int64_t i = 0; i < count; ++i)
      for (std::int64_t k = 0; k < width; ++k) first[i * stride + begin + k] = buffer[to_size(k * count + i)];
  }
}

}  // namespace

Array3<double> squared_distance_to_zero(const View3<const std::uint8_t>& mask, const VoxelSize& voxel_nm) {
  assert(voxel_nm.z > 0 && voxel_nm.y > 0 && voxel_nm.x > 0);
  const Extent& extent = mask.extent();
  auto distance = Array3<double>::uninitialized(extent);
  if (distance.size() == 0) return distance;
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      transform_row(mask.row(z, y), distance.row(z, y), extent.x, voxel_nm.x);

  for (std::int64_t z = 0; z < extent.z; ++z)
    transform_lines(distance.row(z, 0), extent.x, extent.y, extent.x, voxel_nm.y);
  transform_lines(distance.data(), extent.y * extent.x, extent.z, extent.y * extent.x, voxel_nm.z);
  return distance;
}

}  // namespace cleft
