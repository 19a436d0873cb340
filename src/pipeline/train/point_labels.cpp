#include "pipeline/train/point_labels.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
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
  constexpr std::int64_t bytes_per_voxel = 80;  // while balls are sorted, and as labels
  const std::int64_t voxels = count_ball_voxels(balls, box, size);
  if (voxels > config.run.memory_per_rank / bytes_per_voxel)
    throw ConfigError(
        {config.subject("labels.point_radius_nm"),
         fmt::format("{} hold {}, more than run.memory_per_rank has room for",
                     counted(narrow<std::int64_t>(balls.size()), "ball"), counted(voxels, "voxel")),
         "smaller balls, or more memory"});
}

/// The rest, in voxels of the volume.
std::vector<LabelledVoxel> rest_of(const Config& config, const VolumeFacts& volume,
                                   const std::vector<std::string>& classes,
                                   std::span<const PointBall> balls) {
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
      draw_rest(balls, whole_box(volume.extent), *volume.voxel_size, options, mask ? &*mask : nullptr);
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
                                            const std::vector<std::string>& classes, const Extent& begin) {
  std::vector<PointBall> balls = balls_of_points(config, volume, classes, begin);
  for (PointBall& ball : balls) {  // one outside volume.box may reach into it
    ball.centre.z -= narrow<double>(volume.first.z);
    ball.centre.y -= narrow<double>(volume.first.y);
    ball.centre.x -= narrow<double>(volume.first.x);
  }
  const Box box = whole_box(volume.extent);
  check_fits(config, balls, box, *volume.voxel_size);
  std::vector<LabelledVoxel> labels = label_balls(balls, box, *volume.voxel_size);
  const std::vector<LabelledVoxel> rest = rest_of(config, volume, classes, balls);
  labels.insert(labels.end(), rest.begin(), rest.end());
  std::ranges::sort(labels, {}, &LabelledVoxel::voxel);
  return labels;
}

}  // namespace cleft
