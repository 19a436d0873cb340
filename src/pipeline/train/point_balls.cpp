#include "pipeline/train/point_balls.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <tuple>

#include "base/array3.hpp"
#include "base/narrow.hpp"
#include "base/random.hpp"

namespace cleft {
namespace {

constexpr double rounding = 1e-9;  // of a squared distance

/// Squared, in nm2.
double squared_distance(const GlobalVoxel& voxel, const PerAxis<double>& centre, const VoxelSize& size) {
  const double z = (narrow<double>(voxel.z) - centre.z) * size.z;
  const double y = (narrow<double>(voxel.y) - centre.y) * size.y;
  const double x = (narrow<double>(voxel.x) - centre.x) * size.x;
  return z * z + y * y + x * x;
}

bool is_within(double squared, double radius_nm) {
  return squared <= radius_nm * radius_nm * (1 + rounding);
}

/// Whole numbers that hold all of [centre - reach, centre + reach] that lies in [begin, end).
std::pair<std::int64_t, std::int64_t> range_around(double centre, double reach, std::int64_t begin,
                                                   std::int64_t end) {
  const auto low = narrow<double>(begin), high = narrow<double>(end);
  return {static_cast<std::int64_t>(std::clamp(std::floor(centre - reach), low, high)),
          static_cast<std::int64_t>(std::clamp(std::ceil(centre + reach) + 1, low, high))};
}

/// Calls visit(first voxel, number of voxels) for each row of the box that has voxels in the ball.
template <class Visit>
void for_each_row(const PointBall& ball, const Box& box, const VoxelSize& size, const Visit& visit) {
  const auto& c = ball.centre;
  const double r = ball.radius_nm * (1 + rounding);
  const auto [z_begin, z_end] = range_around(c.z, r / size.z, box.begin.z, box.end.z);
  const auto [y_begin, y_end] = range_around(c.y, r / size.y, box.begin.y, box.end.y);
  for (std::int64_t z = z_begin; z < z_end; ++z)
    for (std::int64_t y = y_begin; y < y_end; ++y) {
      const double dz = (narrow<double>(z) - c.z) * size.z, dy = (narrow<double>(y) - c.y) * size.y;
      const double left = r * r - dz * dz - dy * dy;
      if (left < 0) continue;
      auto [begin, end] = range_around(c.x, std::sqrt(left) / size.x, box.begin.x, box.end.x);
      const auto inside = [&](std::int64_t x) {
        return is_within(squared_distance({z, y, x}, c, size), ball.radius_nm);
      };
      while (begin < end && !inside(begin)) ++begin;
      while (begin < end && !inside(end - 1)) --end;
      if (begin < end) visit(GlobalVoxel{z, y, begin}, end - begin);
    }
}

/// A voxel in a ball.
struct Member {
  std::int64_t at = 0;  // in the box
  double squared = 0;   // distance from the centre
  std::uint8_t label = 0;
};

/// The label of a voxel by all balls that hold it; 0 where two are equally near.
/// \param members  By distance.
std::uint8_t nearest_label(std::span<const Member> members) {
  const Member& nearest = members.front();
  for (const Member& other : members)
    if (other.label != nearest.label && other.squared <= nearest.squared * (1 + rounding)) return 0;
  return nearest.label;
}

/// Tells whether a voxel is far from all balls. They are sorted by z, so that only those of its sections are
/// looked at.
class FarFromBalls {
 public:
  FarFromBalls(std::span<const PointBall> balls, double distance_nm, const VoxelSize& size)
      : balls_(balls.begin(), balls.end()), size_(size) {
    for (PointBall& ball : balls_) {
      ball.radius_nm = std::max(ball.radius_nm, distance_nm);
      reach_ = std::max(reach_, ball.radius_nm * (1 + rounding) / size.z);
    }
    std::ranges::sort(balls_, {}, z_of);
  }
  bool operator()(const GlobalVoxel& voxel) const {
    const auto z = narrow<double>(voxel.z);
    for (auto ball = std::ranges::lower_bound(balls_, z - reach_, {}, z_of);
         ball != balls_.end() && ball->centre.z <= z + reach_; ++ball)
      if (is_within(squared_distance(voxel, ball->centre, size_), ball->radius_nm)) return false;
    return true;
  }

 private:
  static double z_of(const PointBall& ball) { return ball.centre.z; }

  std::vector<PointBall> balls_;
  VoxelSize size_;
  double reach_ = 0;  // in sections
};

/// Leaves those voxels that lie inside the mask, in their order. The mask is read in the boxes that it is
/// stored in, each that holds a voxel once.
void keep_inside(const MaskReader& mask, std::vector<GlobalVoxel>& voxels) {
  constexpr std::int64_t longest = 256;  // voxels: what is stored in rows is read in parts of rows
  Extent unit = mask.reader().source().read_unit();
  for (int axis = 0; axis < 3; ++axis) unit[axis] = std::min(unit[axis], longest);
  const auto unit_of = [&](std::size_t i) {
    const Extent from_begin = voxels[i] - mask.box().begin;
    return std::tuple(from_begin.z / unit.z, from_begin.y / unit.y, from_begin.x / unit.x);
  };
  std::vector<std::size_t> order(voxels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, unit_of);
  std::vector<char> inside(voxels.size());
  auto values = Array3<std::uint8_t>::uninitialized(unit);
  for (std::size_t first = 0, next = 0; first < order.size(); first = next) {
    const auto [z, y, x] = unit_of(order[first]);
    const Box box = box_at(mask.box().begin + Extent{z * unit.z, y * unit.y, x * unit.x}, unit);
    mask.read(box, values.view());
    for (next = first; next < order.size() && box.contains(voxels[order[next]]); ++next) {
      const LocalVoxel at = box.local(voxels[order[next]]);
      inside[order[next]] = values(at.z, at.y, at.x) != 0 ? 1 : 0;
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < voxels.size(); ++i)
    if (inside[i] != 0) voxels[kept++] = voxels[i];
  voxels.resize(kept);
}

}  // namespace

std::int64_t count_ball_voxels(std::span<const PointBall> balls, const Box& box,
                               const VoxelSize& voxel_size) {
  std::int64_t count = 0;
  for (const PointBall& ball : balls)
    for_each_row(ball, box, voxel_size, [&](const GlobalVoxel&, std::int64_t length) { count += length; });
  return count;
}

std::vector<LabelledVoxel> label_balls(std::span<const PointBall> balls, const Box& box,
                                       const VoxelSize& voxel_size) {
  std::vector<Member> members;
  for (const PointBall& ball : balls)
    if (ball.label != 0)
      for_each_row(ball, box, voxel_size, [&](const GlobalVoxel& first, std::int64_t length) {
        const std::int64_t at = linear_index(GlobalVoxel{} + (first - box.begin), box.extent());
        for (std::int64_t i = 0; i < length; ++i)
          members.push_back(
              {at + i, squared_distance(first + Extent{0, 0, i}, ball.centre, voxel_size), ball.label});
      });
  std::ranges::sort(members, {}, [](const Member& m) { return std::tuple(m.at, m.squared, m.label); });
  std::vector<LabelledVoxel> labels;
  for (std::size_t first = 0, next = 0; first < members.size(); first = next) {
    while (next < members.size() && members[next].at == members[first].at) ++next;
    const std::uint8_t label = nearest_label(std::span(members).subspan(first, next - first));
    if (label != 0)
      labels.push_back({voxel_at(members[first].at, box.extent()) + (box.begin - GlobalVoxel{}), label});
  }
  return labels;
}

std::vector<LabelledVoxel> draw_rest(std::span<const PointBall> balls, const Box& box,
                                     const VoxelSize& voxel_size, const RestOptions& options,
                                     const MaskReader* mask, std::span<const GlobalVoxel> taken) {
  const Box drawn_from = mask != nullptr ? intersection(box, mask->box()) : box;
  std::vector<LabelledVoxel> drawn;
  if (drawn_from.empty()) return drawn;
  drawn.reserve(to_size(std::min(options.count, voxel_count(drawn_from.extent()))));
  const RandomOrder order(narrow<std::uint64_t>(voxel_count(drawn_from.extent())), options.seed);
  const FarFromBalls is_far(balls, options.distance_nm, voxel_size);
  constexpr std::size_t most_at_once = std::size_t{1} << 22U;
  std::size_t at_once = std::min(to_size(options.count), most_at_once);
  std::vector<GlobalVoxel> candidates;
  for (std::uint64_t next = 0; next < order.count() && drawn.size() < to_size(options.count);) {
    candidates.clear();
    for (; next < order.count() && candidates.size() < at_once; ++next) {
      const GlobalVoxel voxel = voxel_at(narrow<std::int64_t>(order.at(next)), drawn_from.extent()) +
                                (drawn_from.begin - GlobalVoxel{});
      if (is_far(voxel) && !std::ranges::binary_search(taken, voxel)) candidates.push_back(voxel);
    }
    if (mask != nullptr) keep_inside(*mask, candidates);
    for (const GlobalVoxel& voxel : candidates)
      if (drawn.size() < to_size(options.count)) drawn.push_back({voxel, options.label});
    at_once = std::min(2 * at_once, most_at_once);  // of a small mask each reading finds but a few
  }
  std::ranges::sort(drawn, {}, &LabelledVoxel::voxel);
  return drawn;
}

}  // namespace cleft
