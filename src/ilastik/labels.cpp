#include "ilastik/labels.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/h5.hpp"
#include "io/volume/axes.hpp"

namespace cleft {
namespace {

[[noreturn]] void refuse(const std::string& subject, const std::string& found, const std::string& expected) {
  throw InputError({subject, found, expected});
}

struct Slice {
  std::int64_t begin = 0, end = 0;
};

/// "[32:33,37:40,50:53,0:1]"; nothing when the text is something else.
std::optional<std::vector<Slice>> parse_block_slice(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<Slice> slices;
  const auto number = [&text](std::int64_t& value) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{}) return false;
    text.remove_prefix(to_size(end - text.data()));
    return true;
  };
  const auto sign = [&text](char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
  };
  do {
    Slice& slice = slices.emplace_back();
    if (!number(slice.begin) || !sign(':') || !number(slice.end)) return std::nullopt;
  } while (sign(','));
  if (!text.empty()) return std::nullopt;
  return slices;
}

/// The axes of a block's array, slowest first.
std::string axes_of_block(const h5::Dataset& block, const std::string& image_axes) {
  std::string axes;
  if (block.has_attribute("axistags")) {
    for (const AxisTag& tag : parse_axistags(block.scalar_attribute<std::string>("axistags"),
                                             block.name() + " attribute axistags"))
      axes += tag.key;
    return axes;
  }
  for (const char key : image_axes)
    if (key != 'c') axes += key;
  if (axes.empty()) axes = block.shape().size() == 3 ? "yx" : block.shape().size() == 5 ? "tzyx" : "zyx";
  return axes + 'c';
}

/// Where a block lies: along z, y, x, and how its array is stepped through.
struct PlacedBlock {
  Extent begin{0, 0, 0}, extent{1, 1, 1};
  PerAxis<std::size_t>
      steps{};  // elements of the array from one voxel to the next; 0 where it has no such axis
};

PlacedBlock place(const h5::Dataset& block, const std::string& image_axes) {
  if (!block.has_attribute("blockSlice"))
    refuse(block.name(), "does not say where it lies", "an attribute blockSlice");
  const auto text = block.scalar_attribute<std::string>("blockSlice");
  const auto slices = parse_block_slice(text);
  const std::string axes = axes_of_block(block, image_axes);
  const h5::Shape shape = block.shape();
  if (!slices || slices->size() != axes.size() || shape.size() != axes.size())
    refuse(block.name(), fmt::format("lies at '{}', with {} axes", text, shape.size()),
           fmt::format("a range for each of the axes {}", axes));
  PlacedBlock placed;
  std::size_t step = 1;
  for (std::size_t i = axes.size(); i-- > 0;) {
    const auto [begin, end] = (*slices)[i];
    if (begin < 0 || end <= begin || narrow<hsize_t>(end - begin) != shape[i])
      refuse(block.name(), fmt::format("lies at '{}' but is {}", text, fmt::join(shape, " x ")),
             "ranges as long as its axes");
    const auto axis = std::string_view("zyx").find(axes[i]);
    if (axis != std::string_view::npos) {
      const auto a = narrow<int>(axis);
      if (placed.steps[a] != 0) refuse(block.name(), "has the axes " + axes, "each axis once");
      placed.steps[a] = step;
      placed.begin[a] = begin;
      placed.extent[a] = end - begin;
    } else if (begin != 0 || end != 1) {
      refuse(block.name(), fmt::format("lies at {}:{} along {}", begin, end, axes[i]),
             "labels at time 0 in channel 0");
    }
    step *= shape[i];
  }
  return placed;
}

/// Calls `visit(voxel, label)` for every labelled voxel, block by block.
template <class Visit>
void for_each_label(const IlastikProject& project, std::size_t lane, std::size_t stage, const h5::File& file,
                    const Visit& visit) {
  const std::string sets = fmt::format("PixelClassification{}/LabelSets", stage == 0 ? "" : "01");
  if (!file.exists(sets)) return;
  const h5::Group all = file.group(sets);
  // One set for each lane, in order: labels000, labels001, ...
  const auto names = all.members();
  if (lane >= names.size()) return;
  const h5::Group set = all.group(names[lane]);
  for (const auto& name : set.members()) {
    const h5::Dataset block = set.dataset(name);
    const PlacedBlock placed = place(block, project.lanes[lane].axes);
    const auto values = block.read<std::uint8_t>();
    const GlobalVoxel first = GlobalVoxel{} + placed.begin;
    for (std::int64_t z = 0; z < placed.extent.z; ++z)
      for (std::int64_t y = 0; y < placed.extent.y; ++y)
        for (std::int64_t x = 0; x < placed.extent.x; ++x) {
          const std::uint8_t label =
              values[to_size(z) * placed.steps.z + to_size(y) * placed.steps.y + to_size(x) * placed.steps.x];
          if (label != 0) visit(first + Extent{z, y, x}, label, block.name());
        }
  }
}

std::string text_of(const GlobalVoxel& voxel) {
  return fmt::format("{},{},{} (z, y, x)", voxel.z, voxel.y, voxel.x);
}

bool comes_first(const LabelledVoxel& a, const LabelledVoxel& b) {
  return std::tie(a.voxel, a.label) < std::tie(b.voxel, b.label);
}

/// The last part of a path that may have been written on Windows and may go on inside an HDF5 file.
std::string file_name(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return VolumePath::parse(path).file.filename().string();
}

}  // namespace

std::vector<std::int64_t> count_project_labels(const IlastikProject& project, std::size_t lane,
                                               std::size_t stage) {
  return count_project_labels(project, lane, h5::File::open_read(project.path), stage);
}

std::vector<std::int64_t> count_project_labels(const IlastikProject& project, std::size_t lane,
                                               const h5::File& file, std::size_t stage) {
  std::vector<std::int64_t> counts(project.stages[stage].classes.size(), 0);
  for_each_label(project, lane, stage, file, [&](const GlobalVoxel&, std::uint8_t label, const std::string&) {
    if (label > counts.size()) counts.resize(label, 0);
    ++counts[label - 1U];
  });
  return counts;
}

std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t lane,
                                               const Extent& volume,
                                               const std::vector<std::string>& classes) {
  return read_project_labels(project, lane, volume, classes, h5::File::open_read(project.path));
}

std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t lane,
                                               const Extent& volume, const std::vector<std::string>& classes,
                                               const h5::File& file) {
  std::vector<LabelledVoxel> labels;
  for_each_label(project, lane, 0, file,
                 [&](const GlobalVoxel& voxel, std::uint8_t label, const std::string& block) {
                   if (!whole_box(volume).contains(voxel))
                     refuse(block, "labels the voxel " + text_of(voxel),
                            "voxels inside the volume of " + to_string(volume));
                   if (label > classes.size())
                     refuse(block, fmt::format("holds label {} at {}", label, text_of(voxel)),
                            fmt::format("labels from 1 to {}: {}", classes.size(), fmt::join(classes, ", ")));
                   labels.push_back({voxel, label});
                 });
  std::sort(labels.begin(), labels.end(), comes_first);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  const auto twice =
      std::adjacent_find(labels.begin(), labels.end(),
                         [](const LabelledVoxel& a, const LabelledVoxel& b) { return a.voxel == b.voxel; });
  if (twice != labels.end())
    refuse(project.path.string(),
           fmt::format("gives the voxel {} the labels {} and {}", text_of(twice->voxel), twice->label,
                       std::next(twice)->label),
           "one label");
  return labels;
}

std::size_t lane_of_volume(const IlastikProject& project, const std::filesystem::path& volume) {
  std::vector<std::size_t> labelled, named;
  std::vector<std::string> names;
  for (std::size_t lane = 0; lane < project.lanes.size(); ++lane) {
    const auto counts = count_project_labels(project, lane);
    if (std::all_of(counts.begin(), counts.end(), [](auto n) { return n == 0; })) continue;
    labelled.push_back(lane);
    names.push_back(file_name(project.lanes[lane].file_path));
    if (names.back() == volume.filename().string()) named.push_back(lane);
  }
  if (labelled.size() == 1) return labelled.front();
  if (named.size() == 1) return named.front();
  if (labelled.empty())
    refuse(project.path.string(), "holds no labels", "brush strokes in at least one image");
  refuse(project.path.string(),
         fmt::format("has labels in {} images: {}", labelled.size(), fmt::join(names, ", ")),
         "only one named like the volume, " + volume.filename().string());
}

}  // namespace cleft
