#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/key_sections.hpp"

namespace cleft {
namespace {

/// "path: a.h5, mask: {path: m.h5}": the keys below `section` ("volume.") that are not at their defaults.
std::string flow_map(const Config& config, const std::string& section) {
  const Config defaults;
  std::vector<std::string> items;
  std::string inner;
  for (const Key& key : keys()) {
    if (!key.name.starts_with(section)) continue;
    const std::string rest = key.name.substr(section.size());
    if (const std::size_t dot = rest.find('.'); dot != std::string::npos) {
      if (rest.substr(0, dot) == inner) continue;
      inner = rest.substr(0, dot);
      if (const std::string map = flow_map(config, section + inner + "."); !map.empty())
        items.push_back(fmt::format("{}: {{{}}}", inner, map));
    } else if (const auto value = key.show(config); value && value != key.show(defaults)) {
      items.push_back(fmt::format("{}: {}", rest, *value));
    }
  }
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string shown(const LabelledVolume& entry) {
  Config one;
  one.volume = entry.volume;
  one.labels = entry.labels;
  const std::string volume = flow_map(one, "volume."), labels = flow_map(one, "labels.");
  return volume.empty() ? fmt::format("{{{}}}", labels)
                        : fmt::format("{{volume: {{{}}}, {}}}", volume, labels);
}

/// The list is read entry by entry in load.cpp, which knows the lines; here is what else there can be.
Key list_key() {
  Key key{
      labels_list,
      "several labelled volumes for one model, instead of the section below: their voxels are put together "
      "in this order; an entry without a volume is of the one above; messages count entries from 0, "
      "labels[0]",
      "a list [{volume: {...}, ...}, ...] of entries with the keys of labels and perhaps of a volume",
      Affects::predict,
      "",
      {},
      {}};
  key.parse = [](Config&, const YAML::Node& node, const std::filesystem::path&) {
    throw BadValue{describe(node)};
  };
  key.show = [](const Config& config) -> std::optional<std::string> {
    if (config.labelled.empty()) return std::nullopt;
    std::vector<std::string> entries;
    for (const LabelledVolume& entry : config.labelled) entries.push_back(shown(entry));
    return fmt::format("[{}]", fmt::join(entries, ", "));
  };
  return key;
}

void add_point_keys(std::vector<Key>& keys) {
  constexpr std::int64_t most_rest = std::int64_t{1} << 40U;
  keys.push_back(field_key(
      "labels.points", Affects::content, [](auto& c) -> auto& { return c.labels.points; }, any_path(),
      "instead of a volume: a table of centres, z, y, x (voxels from 0, with fractions or without), class "
      "and "
      "perhaps radius_nm: the voxels around a centre are of its class; class ignore labels nothing, but the "
      "rest keeps away from it; needs the voxel size"));
  keys.push_back(field_key(
      "labels.point_radius_nm", Affects::predict, [](auto& c) -> auto& { return c.labels.point.radius_nm; },
      number_above_zero(),
      "labels.points: voxels whose centre is at most so far away are of the point's class; of two classes "
      "the nearer one counts"));
  keys.push_back(field_key(
      "labels.rest_class", Affects::predict, [](auto& c) -> auto& { return c.labels.point.rest_class; },
      any_text(), "labels.points: the class that is drawn away from all points"));
  keys.push_back(field_key(
      "labels.rest_voxels", Affects::predict, [](auto& c) -> auto& { return c.labels.point.rest_voxels; },
      whole_number<std::int64_t>(0, most_rest),
      "labels.points: how many voxels of the rest are drawn at random (forest.seed) in volume.box and the "
      "mask; 0 = none"));
  keys.push_back(field_key(
      "labels.rest_distance_nm", Affects::predict,
      [](auto& c) -> auto& { return c.labels.point.rest_distance_nm; }, number_at_least_zero(),
      "labels.points: voxels of the rest are farther than this from every point of the table"));
}

}  // namespace

void add_label_keys(std::vector<Key>& keys) {
  keys.push_back(list_key());
  const auto csv = [](auto& c) -> auto& {
    return c.labels.csv;
  };
  keys.push_back(instead_of(
      field_key(
          "labels.path", Affects::content, [](auto& c) -> auto& { return c.labels.volume.path; }, any_path(),
          "the HDF5 file of the training labels; file.h5/internal/path names the dataset too"),
      "labels.csv", csv));
  keys.push_back(instead_of(field_key(
                                "labels.dataset", Affects::predict,
                                [](auto& c) -> auto& { return c.labels.volume.dataset; }, any_text(),
                                "the dataset of the labels in labels.path: whole numbers, 0 = unlabelled; "
                                "smaller than the volume where "
                                "an attribute offset or labels.begin says where it lies"),
                            "labels.csv", csv));
  keys.push_back(
      instead_of(field_key(
                     "labels.axes", Affects::predict, [](auto& c) -> auto& { return c.labels.volume.axes; },
                     axis_order(), "order of the axes of labels.dataset, as volume.axes"),
                 "labels.csv", csv));
  keys.push_back(field_key("labels.csv", Affects::content, csv, any_path(),
                           "instead of a volume: a table with the columns z, y, x (voxels from 0) and class "
                           "(name or number)"));
  add_point_keys(keys);
  keys.push_back(field_key(
      "labels.project", Affects::content, [](auto& c) -> auto& { return c.labels.project; }, any_path(),
      "instead of a volume: an ilastik project, whose strokes, classes and features are taken"));
  keys.push_back(field_key(
      "labels.lane", Affects::predict, [](auto& c) -> auto& { return c.labels.lane; }, any_text(),
      "which image of labels.project, where several have labels and none is named like the volume: its "
      "number "
      "from 0 or its name"));
  keys.push_back(field_key(
      "labels.begin", Affects::predict, [](auto& c) -> auto& { return c.labels.begin; },
      per_axis(whole_number<std::int64_t>(-farthest_voxel, farthest_voxel)),
      "labels of a cut of the volume: the voxel of volume.dataset at which the cut begins"));
}

}  // namespace cleft
