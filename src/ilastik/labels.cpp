#include "ilastik/labels.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "ilastik/label_blocks.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

[[noreturn]] void refuse(const std::string& subject, const std::string& found, const std::string& expected) {
  throw InputError({subject, found, expected});
}

/// The set of an image's blocks: labels000, labels001, ... in the images' order; nothing when it has none.
std::optional<h5::Group> label_set(std::size_t image, std::size_t stage, const h5::File& file) {
  const std::string sets = fmt::format("PixelClassification{}/LabelSets", stage == 0 ? "" : "01");
  if (!file.exists(sets)) return std::nullopt;
  const h5::Group all = file.group(sets);
  const auto names = all.members();
  if (image >= names.size()) return std::nullopt;
  return all.group(names[image]);
}

/// Calls visit(voxel of the image, label) for every labelled voxel of a block.
template <class Visit>
void for_each_label(const h5::Dataset& block, const PlacedBlock& placed, const Visit& visit) {
  const auto values = block.read<std::uint8_t>();
  const GlobalVoxel first = GlobalVoxel{} + placed.begin;
  for (std::int64_t z = 0; z < placed.extent.z; ++z)
    for (std::int64_t y = 0; y < placed.extent.y; ++y)
      for (std::int64_t x = 0; x < placed.extent.x; ++x) {
        const std::uint8_t label =
            values[to_size(z) * placed.steps.z + to_size(y) * placed.steps.y + to_size(x) * placed.steps.x];
        if (label != 0) visit(first + Extent{z, y, x}, label);
      }
}

std::string text_of(const GlobalVoxel& voxel) {
  return fmt::format("{},{},{} (z, y, x)", voxel.z, voxel.y, voxel.x);
}

bool comes_first(const LabelledVoxel& a, const LabelledVoxel& b) {
  return std::tie(a.voxel, a.label) < std::tie(b.voxel, b.label);
}

}  // namespace

LabelCounts count_project_labels(const IlastikProject& project, std::size_t image, std::size_t stage) {
  return count_project_labels(project, image, h5::File::open_read(project.path), stage);
}

LabelCounts count_project_labels(const IlastikProject& project, std::size_t image, const h5::File& file,
                                 std::size_t stage) {
  LabelCounts counts;
  counts.by_class.resize(project.stages[stage].classes.size());
  const auto set = label_set(image, stage, file);
  if (!set) return counts;
  const BlockAxes axes(*set, project.images[image], project.version);
  for (const auto& name : set->members()) {
    try {
      const h5::Dataset block = set->dataset(name);
      for_each_label(block, axes.place(block), [&](const GlobalVoxel&, std::uint8_t label) {
        if (label > counts.by_class.size()) counts.by_class.resize(label, 0);
        ++counts.by_class[label - 1U];
      });
    } catch (const InputError& error) {
      if (!counts.unusable) counts.unusable = error;
    }
  }
  return counts;
}

std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t image,
                                               const Extent& volume, const std::vector<std::string>& classes,
                                               const Extent& begin) {
  return read_project_labels(project, image, volume, classes, h5::File::open_read(project.path), begin);
}

std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t image,
                                               const Extent& volume, const std::vector<std::string>& classes,
                                               const h5::File& file, const Extent& begin) {
  std::vector<LabelledVoxel> labels;
  const auto set = label_set(image, 0, file);
  if (!set) return labels;
  const BlockAxes axes(*set, project.images[image], project.version);
  for (const auto& name : set->members()) {
    const h5::Dataset block = set->dataset(name);
    for_each_label(block, axes.place(block), [&](const GlobalVoxel& in_image, std::uint8_t label) {
      const GlobalVoxel voxel = in_image + begin;
      if (!whole_box(volume).contains(voxel))
        refuse(block.name(), "labels the voxel " + text_of(voxel),
               "voxels inside the volume of " + to_string(volume));
      if (label > classes.size())
        refuse(block.name(), fmt::format("holds label {} at {}", label, text_of(voxel)),
               fmt::format("labels from 1 to {}: {}", classes.size(), fmt::join(classes, ", ")));
      labels.push_back({voxel, label});
    });
  }
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

std::size_t image_of_volume(const IlastikProject& project, const std::filesystem::path& volume,
                            const std::optional<Extent>& extent, const std::optional<std::string>& lane) {
  const std::string subject = project.path.string();
  if (lane) return image_meant(project.images, *lane, subject);
  const h5::File file = h5::File::open_read(project.path);
  std::vector<std::size_t> labelled, alike;
  for (std::size_t image = 0; image < project.images.size(); ++image) {
    const LabelCounts counts = count_project_labels(project, image, file);
    const bool none =
        std::all_of(counts.by_class.begin(), counts.by_class.end(), [](auto n) { return n == 0; });
    if (!none || counts.unusable) labelled.push_back(image);
  }
  if (labelled.empty()) refuse(subject, "holds no labels", "brush strokes in at least one image");
  if (labelled.size() == 1) return labelled.front();
  for (const std::size_t image : images_like(project.images, volume, extent))
    if (std::find(labelled.begin(), labelled.end(), image) != labelled.end()) alike.push_back(image);
  if (alike.size() == 1) return alike.front();
  std::vector<std::string> names;
  for (const std::size_t image : labelled)
    names.push_back(fmt::format("{}: {}", image, name_of(project.images[image])));
  refuse(subject, fmt::format("has labels in {} images: {}", labelled.size(), fmt::join(names, ", ")),
         fmt::format("only one named like the volume, {}, or labels.lane with an image's number or name",
                     volume.filename().string()));
}

}  // namespace cleft
