#include "io/volume/labels.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/label.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/read_boxes.hpp"
#include "io/volume/stated_classes.hpp"

namespace cleft {
namespace {

/// Adds the labelled voxels of one box of the labels.
/// \param shift  From a voxel of the labels to what it is called in the result.
void collect(const VolumeReader& labels, const Box& box, const Extent& shift,
             const std::vector<std::string>& classes, std::vector<LabelledVoxel>& found) {
  auto values = Array3<std::uint64_t>::uninitialized(box.extent());
  read_label_values(labels, box, values.view());
  for (std::int64_t i = 0; i < values.size(); ++i) {
    const std::uint64_t label = values.data()[i];
    if (!is_object(label)) continue;
    const GlobalVoxel voxel = voxel_at(i, box.extent()) + (box.begin - GlobalVoxel{});
    if (label > classes.size())
      throw InputError({to_string(labels.path()),
                        fmt::format("holds label {} at z {}, y {}, x {}", label, voxel.z, voxel.y, voxel.x),
                        fmt::format("0 (none) or 1 to {} ({})", classes.size(), fmt::join(classes, ", "))});
    found.push_back({voxel + shift, narrow<std::uint8_t>(label)});
  }
}

}  // namespace

std::vector<LabelledVoxel> read_label_volume(const VolumeReader& labels, const GlobalVoxel& begin,
                                             const Box& box, const std::vector<std::string>& classes) {
  check_stated_classes(labels, classes);
  if (const std::string unwritten = labels.source().check_complete(); !unwritten.empty())
    log::info("{}: {}: nothing is labelled there", to_string(labels.path()), unwritten);
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 22U;
  const Extent from_labels = begin - GlobalVoxel{};
  const Box wanted{box.begin - from_labels, box.end - from_labels};
  std::vector<LabelledVoxel> found;
  for (const Box& piece : boxes_of_chunks(labels.extent(), labels.source().read_unit(), voxels_at_once)) {
    const Box part = intersection(piece, wanted);
    if (!part.empty()) collect(labels, part, begin - box.begin, classes, found);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.voxel < b.voxel; });
  return found;
}

std::vector<LabelledVoxel> labels_in_box(const std::vector<LabelledVoxel>& labels, const Box& box) {
  std::vector<LabelledVoxel> inside;
  for (const LabelledVoxel& label : labels)
    if (box.contains(label.voxel)) inside.push_back({label.voxel - (box.begin - GlobalVoxel{}), label.label});
  return inside;
}

}  // namespace cleft
