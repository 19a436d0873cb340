#include "io/volume/labels.hpp"

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/label.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "io/volume/read_boxes.hpp"

namespace cleft {
namespace {

bool is_signed(ElementType type) {
  return type != ElementType::uint8 && type != ElementType::uint16 && type != ElementType::uint32 &&
         type != ElementType::uint64;
}

/// Adds the labelled voxels of one box. A value that T cannot hold is an error of the read, which names it.
template <class T>
void collect(const VolumeReader& labels, const Box& box, const std::vector<std::string>& classes,
             std::vector<LabelledVoxel>& found) {
  auto values = Array3<T>::uninitialized(box.extent());
  labels.read(box, values.view());
  for (std::int64_t i = 0; i < values.size(); ++i) {
    const T label = values.data()[i];
    if (label == 0) continue;
    if (std::is_unsigned_v<T> && narrow<std::uint64_t>(label) == cremi_background) continue;
    const GlobalVoxel voxel = voxel_at(i, box.extent()) + (box.begin - GlobalVoxel{});
    if (label < 0 || narrow<std::uint64_t>(label) > classes.size())
      throw InputError({to_string(labels.path()),
                        fmt::format("holds label {} at z {}, y {}, x {}", label, voxel.z, voxel.y, voxel.x),
                        fmt::format("0 (none) or 1 to {} ({})", classes.size(), fmt::join(classes, ", "))});
    found.push_back({voxel, narrow<std::uint8_t>(label)});
  }
}

}  // namespace

std::vector<LabelledVoxel> read_label_volume(const VolumeReader& labels, const Extent& volume,
                                             const std::vector<std::string>& classes) {
  if (labels.extent() != volume)
    throw InputError(
        {to_string(labels.path()), "is " + to_string(labels.extent()), to_string(volume) + " as the volume"});
  if (const std::string unwritten = labels.source().check_complete(); !unwritten.empty())
    log::info("{}: {}: nothing is labelled there", to_string(labels.path()), unwritten);
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 22U;
  std::vector<LabelledVoxel> found;
  for (const Box& box : boxes_of_chunks(volume, labels.source().read_unit(), voxels_at_once)) {
    // -1 of a signed type is a mistake, 2^64 - 1 of an unsigned one is CREMI's background.
    if (is_signed(labels.type()))
      collect<std::int64_t>(labels, box, classes, found);
    else
      collect<std::uint64_t>(labels, box, classes, found);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.voxel < b.voxel; });
  return found;
}

}  // namespace cleft
