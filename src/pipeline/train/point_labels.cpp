#include "pipeline/train/point_labels.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/volume/label_table.hpp"
#include "io/volume/point_csv.hpp"
#include "pipeline/run/volume_mask.hpp"

namespace cleft {
namespace {

/// \throws ConfigError
const VoxelSize& voxel_size_of(const Config& config, const VolumeFacts& volume) {
  if (!volume.voxel_size)
    throw ConfigError({config.subject("labels.points"),
                       "its radii are in nm, but " + to_string(volume.path) + " has no voxel size",
                       "volume.voxel_size_nm: [z, y, x]"});
  return *volume.voxel_size;
}

/// \param subject  The point's row, for messages.
PointBall ball_of(const MarkedPoint& point, const Config& config, const std::vector<std::string>& classes,
                  const std::string& subject) {
  PointBall ball{point.centre, point.radius_nm.value_or(config.labels.point.radius_nm), 0};
  const bool is_class = std::find(classes.begin(), classes.end(), point.of_class) != classes.end();
  if (is_class || point.of_class != ignored_class)
    ball.label = class_in_table(point.of_class, classes, subject);
  return ball;
}

/// A ball between the centres of all voxels would label nothing, and nobody would know.
void check_ball(const PointBall& ball, const Extent& dataset, const VoxelSize& size,
                const std::string& subject) {
  const GlobalVoxel voxel = voxel_at_place(ball.centre);
  const auto& c = ball.centre;
  if (!whole_box(dataset).contains(voxel))
    throw InputError({subject, fmt::format("z {}, y {}, x {} is outside the volume", c.z, c.y, c.x),
                      "a place in " + to_string(dataset)});
  const std::vector<PointBall> balls{ball};
  if (ball.label != 0 && count_ball_voxels(balls, box_at(voxel, {1, 1, 1}), size) == 0)
    throw InputError({subject,
                      fmt::format("no voxel's centre lies within {:.6g} nm of the point", ball.radius_nm),
                      "a larger radius_nm, or labels.point_radius_nm, for voxels of " + to_string(size)});
}

/// Fails instead of taking more memory than a rank may.
void check_fits(const Config& config, std::span<const PointBall> balls, const Box& box,
                const VoxelSize& size) {
  // While balls are sorted, and as labels; while the rest is drawn, and as labels.
  constexpr std::int64_t bytes_of_ball_voxel = 80, bytes_of_rest_voxel = 96;
  const std::int64_t voxels = count_ball_voxels(balls, box, size), rest = config.labels.point.rest_voxels;
  const std::int64_t memory = config.run.memory_per_rank;
  if (voxels > memory / bytes_of_ball_voxel)
    throw ConfigError(
        {config.subject("labels.point_radius_nm"),
         fmt::format("{} hold {}, more than run.memory_per_rank has room for",
                     counted(narrow<std::int64_t>(balls.size()), "ball"), counted(voxels, "voxel")),
         "smaller balls, or more memory"});
  if (rest > (memory - voxels * bytes_of_ball_voxel) / bytes_of_rest_voxel)
    throw ConfigError({config.subject("labels.rest_voxels"),
                       fmt::format("is {}, more than run.memory_per_rank has room for", rest),
                       "fewer, or more memory"});
}

/// \param ball  In voxels of the dataset.
bool is_in_box(const PointBall& ball, const VolumeFacts& volume) {
  return volume.box().contains(voxel_at_place(ball.centre));
}

/// Points outside volume.box label what of their balls reaches into it, most often nothing.
/// \param balls  In voxels of the dataset.
void tell_of_points_outside(const Config& config, const VolumeFacts& volume,
                            std::span<const PointBall> balls) {
  if (!config.volume.box) return;
  std::int64_t all = 0, outside = 0;
  for (const PointBall& ball : balls) {
    if (ball.label == 0) continue;
    ++all;
    outside += is_in_box(ball, volume) ? 0 : 1;
  }
  if (outside == 0) return;
  const std::string table = config.labels.points->string(), box = to_string(volume.box());
  if (outside == all)
    throw InputError({table, fmt::format("none of {} lies in volume.box ({})", counted(all, "point"), box),
                      "points in volume.box"});
  log::info("{}: {} of {} outside volume.box ({})", table, outside,
            counted(all, "point") + (outside == 1 ? " lies" : " lie"), box);
}

/// Balls that are given in voxels of the dataset, in voxels of the volume.
std::vector<PointBall> in_volume(std::vector<PointBall> balls, const VolumeFacts& volume) {
  for (PointBall& ball : balls) {
    ball.centre.z -= narrow<double>(volume.first.z);
    ball.centre.y -= narrow<double>(volume.first.y);
    ball.centre.x -= narrow<double>(volume.first.x);
  }
  return balls;
}
std::vector<GlobalVoxel> in_volume(std::vector<GlobalVoxel> voxels, const VolumeFacts& volume) {
  for (GlobalVoxel& voxel : voxels) voxel = voxel - (volume.first - GlobalVoxel{});
  return voxels;
}

/// Labels of the balls of one table, without what is nearer to another table's.
/// \param own     The balls of the table.
/// \param all     These and those of the other tables.
/// \param before  What earlier tables label, in z, y, x order.
std::vector<LabelledVoxel> labels_of_own(std::span<const PointBall> own, std::span<const PointBall> all,
                                         const Box& box, const VoxelSize& size,
                                         std::span<const GlobalVoxel> before) {
  std::vector<LabelledVoxel> labels = label_balls(own, box, size);
  if (own.size() == all.size()) return labels;
  const std::vector<LabelledVoxel> joint = label_balls(all, box, size);
  std::erase_if(labels, [&](const LabelledVoxel& label) {
    const auto nearest = std::ranges::lower_bound(joint, label.voxel, {}, &LabelledVoxel::voxel);
    return nearest == joint.end() || *nearest != label || std::ranges::binary_search(before, label.voxel);
  });
  return labels;
}

/// The rest, in voxels of the volume.
std::vector<LabelledVoxel> rest_of(const Config& config, const VolumeFacts& volume,
                                   const std::vector<std::string>& classes, std::span<const PointBall> balls,
                                   std::span<const GlobalVoxel> taken) {
  const PointOptions& point = config.labels.point;
  if (point.rest_voxels == 0) return {};
  const auto at = std::find(classes.begin(), classes.end(), point.rest_class);
  if (at == classes.end())
    throw ConfigError({config.subject("labels.rest_class"), fmt::format("is '{}'", point.rest_class),
                       fmt::format("one of {}, or labels.rest_voxels: 0", fmt::join(classes, ", "))});
  std::optional<MaskReader> mask;
  if (const auto placed = mask_of_config(config, volume)) mask.emplace(*placed);
  const RestOptions options{narrow<std::uint8_t>(at - classes.begin() + 1), point.rest_voxels,
                            point.rest_distance_nm, config.forest.seed};
  auto rest =
      draw_rest(balls, whole_box(volume.extent), *volume.voxel_size, options, mask ? &*mask : nullptr, taken);
  if (const auto found = narrow<std::int64_t>(rest.size()); found < point.rest_voxels)
    throw ConfigError(
        {config.subject("labels.rest_voxels"),
         fmt::format("is {}, but only {} of {}{} {} farther than {:.6g} nm from every point",
                     point.rest_voxels, counted(found, "voxel"), to_string(volume.path),
                     mask ? " in the mask" : "", found == 1 ? "lies" : "lie", point.rest_distance_nm),
         "fewer, or a smaller labels.rest_distance_nm"});
  return rest;
}

}  // namespace

std::vector<PointBall> balls_of_points(const Config& config, const VolumeFacts& volume,
                                       const std::vector<std::string>& classes, const Extent& begin) {
  const std::filesystem::path& table = *config.labels.points;
  const VoxelSize& size = voxel_size_of(config, volume);
  std::vector<PointBall> balls;
  for (const MarkedPoint& point : read_point_csv(table, begin)) {
    const std::string subject = fmt::format("{}:{}", table.string(), point.line);
    balls.push_back(ball_of(point, config, classes, subject));
    check_ball(balls.back(), volume.dataset().extent, size, subject);
  }
  return balls;
}

std::vector<LabelledVoxel> labels_of_points(const Config& config, const VolumeFacts& volume,
                                            const std::vector<std::string>& classes, const Extent& begin,
                                            const LabelsBeside& beside) {
  std::vector<PointBall> own = balls_of_points(config, volume, classes, begin);
  tell_of_points_outside(config, volume, own);
  own = in_volume(std::move(own), volume);  // one outside volume.box may reach into it
  std::vector<PointBall> all = own;
  const auto others = in_volume(beside.balls, volume);
  all.insert(all.end(), others.begin(), others.end());
  const Box box = whole_box(volume.extent);
  const VoxelSize& size = *volume.voxel_size;
  check_fits(config, all, box, size);
  std::vector<LabelledVoxel> labels = labels_of_own(own, all, box, size, in_volume(beside.of_points, volume));
  const std::vector<LabelledVoxel> rest =
      rest_of(config, volume, classes, all, in_volume(beside.taken, volume));
  labels.insert(labels.end(), rest.begin(), rest.end());
  std::ranges::sort(labels, {}, &LabelledVoxel::voxel);
  return labels;
}

}  // namespace cleft
