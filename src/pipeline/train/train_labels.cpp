#include "pipeline/train/train_labels.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "config/resolve.hpp"
#include "ilastik/labels.hpp"
#include "io/volume/label_csv.hpp"
#include "io/volume/label_values.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "pipeline/train/point_labels.hpp"

namespace cleft {
namespace {

/// Where labels of a cut lie in the volume's dataset. An image of the dataset's own extent needs no word
/// about it.
/// \throws ConfigError when the cut does not lie inside the dataset; InputError when it is of another extent
///         and nothing says where it lies.
Extent begin_of_labels(const LabelledPart& part, const std::string& subject,
                       const std::optional<Extent>& labelled) {
  const auto& begin = part.config.labels.begin;
  const Extent volume = part.volume.dataset().extent;
  if (begin) {
    const Extent end = *begin + labelled.value_or(Extent{1, 1, 1});
    if (begin->z < 0 || begin->y < 0 || begin->x < 0 || end.z > volume.z || end.y > volume.y ||
        end.x > volume.x)
      throw ConfigError({part.config.subject("labels.begin"),
                         fmt::format("places the {} that {} labels beyond the end of the volume",
                                     to_string(labelled.value_or(Extent{1, 1, 1})), subject),
                         "a place inside the volume of " + to_string(volume)});
    return *begin;
  }
  if (labelled && *labelled != volume)
    throw InputError(
        {subject,
         fmt::format("was labelled on an image of {}, but {} is {}", to_string(*labelled),
                     to_string(part.volume.path), to_string(volume)),
         "the image itself as volume, or labels.begin: [z, y, x], the voxel of the volume at which the "
         "image begins"});
  return {0, 0, 0};
}

/// The labels of a project's image, placed in the volume.
std::vector<LabelledVoxel> labels_of_project(const LabelledPart& part, const IlastikProject& project,
                                             const std::vector<std::string>& classes) {
  const auto& labels = part.config.labels;
  const Extent dataset = part.volume.dataset().extent;
  const std::size_t image = image_of_volume(project, part.volume.path.file, dataset, labels.lane);
  const std::string subject =
      project.images.size() > 1
          ? fmt::format("{} (image {}: {})", project.path.string(), image, name_of(project.images[image]))
          : project.path.string();
  const Extent begin = begin_of_labels(part, subject, extent_of(project.images[image]));
  return labels_in_box(read_project_labels(project, image, dataset, classes, begin), part.volume.box());
}

/// Labels of a table of voxels or of points, or of a volume.
std::vector<LabelledVoxel> labels_of_file(const LabelledPart& part, const std::vector<std::string>& classes,
                                          const LabelsBeside& beside) {
  const auto& labels = part.config.labels;
  if (labels.csv) {
    check_is_there(part.config, "labels.csv", *labels.csv, "a CSV file of labels");
    const Extent begin = begin_of_labels(part, labels.csv->string(), std::nullopt);
    return labels_in_box(read_label_csv(*labels.csv, part.volume.dataset().extent, classes, begin),
                         part.volume.box());
  }
  if (labels.points) {
    check_is_there(part.config, "labels.points", *labels.points, "a CSV file of points");
    const Extent begin = begin_of_labels(part, labels.points->string(), std::nullopt);
    return labels_of_points(part.config, part.volume, classes, begin, beside);
  }
  const VolumePath path = labels_path(part.config);
  check_is_there(part.config, "labels.path", path.file, "an HDF5 file of labels");
  const VolumeReader reader(path);
  const std::int64_t memory = part.config.run.memory_per_rank;
  memory_beside_chunks({memory, memory}, reader);
  const GlobalVoxel begin = begin_in_dataset(part.config, part.volume, reader, labels.begin, "labels");
  return read_label_volume(reader, begin, part.volume.box(), classes);
}

/// The labels in the volume; perhaps none.
std::vector<LabelledVoxel> read_labels(const LabelledPart& part, const std::vector<std::string>& classes,
                                       const LabelsBeside& beside) {
  return part.project ? labels_of_project(part, *part.project, classes)
                      : labels_of_file(part, classes, beside);
}

bool has_box(const LabelledPart& part) {
  return part.config.volume.box.has_value();
}

/// The labels in the whole dataset, whatever volume.box says: to explain an error. None where those outside
/// the box cannot be read, so that nothing else is told in its place.
std::vector<LabelledVoxel> labels_without_box(const LabelledPart& part,
                                              const std::vector<std::string>& classes) {
  LabelledPart whole = part;
  whole.volume.extent = part.volume.dataset().extent;
  whole.volume.first = {};
  try {
    return read_labels(whole, classes, {});
  } catch (const Error&) {
    return {};
  }
}

std::int64_t count_of(std::uint8_t label, const std::vector<LabelledVoxel>& labels) {
  return std::count_if(labels.begin(), labels.end(),
                       [&](const LabelledVoxel& l) { return l.label == label; });
}

/// "; 17 voxels of a.h5:/raw outside volume.box (z 0:8, ...)": how many labels of a class were cut away;
/// empty where none was.
std::string cut_away_text(const std::vector<LabelledPart>& parts, std::uint8_t label,
                          const std::vector<std::string>& classes) {
  std::string text;
  for (const LabelledPart& part : parts) {
    const std::int64_t outside = has_box(part) ? count_of(label, labels_without_box(part, classes)) : 0;
    if (outside > 0)
      text += fmt::format("; {} of {} outside volume.box ({})", counted(outside, "voxel"),
                          to_string(part.volume.path), to_string(part.volume.box()));
  }
  return text;
}

/// A voxel that two parts label, in the dataset, and how each does.
struct LabelledTwice {
  GlobalVoxel voxel;
  std::uint8_t first, second;
};

/// The first voxel that both label. Both lists are in the order of place.
std::optional<LabelledTwice> labelled_twice(const LabelledPart& a, const std::vector<LabelledVoxel>& of_a,
                                            const LabelledPart& b, const std::vector<LabelledVoxel>& of_b) {
  const auto in_dataset = [](const LabelledPart& part, const LabelledVoxel& label) {
    return label.voxel + (part.volume.first - GlobalVoxel{});
  };
  for (auto i = of_a.begin(), j = of_b.begin(); i != of_a.end() && j != of_b.end();) {
    const GlobalVoxel first = in_dataset(a, *i), second = in_dataset(b, *j);
    if (first == second) return LabelledTwice{first, i->label, j->label};
    if (first < second)
      ++i;
    else
      ++j;
  }
  return std::nullopt;
}

/// The labels of one entry; some, or it throws.
std::vector<LabelledVoxel> labels_of(const LabelledPart& part, const std::vector<std::string>& classes,
                                     const LabelsBeside& beside) {
  auto labels = read_labels(part, classes, beside);
  if (!labels.empty()) return labels;
  const auto outside = has_box(part) ? narrow<std::int64_t>(labels_without_box(part, classes).size()) : 0;
  if (outside == 0)
    throw InputError({labels_subject(part.config), "no voxel is labelled", "labels of every class"});
  throw InputError({labels_subject(part.config),
                    fmt::format("no voxel is labelled in volume.box ({}); {} outside it",
                                to_string(part.volume.box()), counted(outside, "labelled voxel")),
                    "labels of every class in volume.box"});
}

bool has_points(const LabelledPart& part) {
  return !part.project && part.config.labels.points;
}

/// What entry n finds beside it.
/// \param labels  [entry] its labels, as far as they are known: of others none.
LabelsBeside labels_beside(const std::vector<LabelledPart>& parts, std::size_t n,
                           const std::vector<std::vector<LabelledVoxel>>& labels,
                           const std::vector<std::string>& classes) {
  LabelsBeside beside;
  for (std::size_t other = 0; other < parts.size(); ++other) {
    const LabelledPart& part = parts[other];
    if (other == n || !are_of_one_volume(part.volume.path, parts[n].volume.path)) continue;
    for (const LabelledVoxel& label : labels[other]) {
      const GlobalVoxel voxel = label.voxel + (part.volume.first - GlobalVoxel{});
      beside.taken.push_back(voxel);
      if (has_points(part)) beside.of_points.push_back(voxel);
    }
    if (!has_points(part)) continue;
    const Extent begin = begin_of_labels(part, part.config.labels.points->string(), std::nullopt);
    const auto balls = balls_of_points(part.config, part.volume, classes, begin);
    beside.balls.insert(beside.balls.end(), balls.begin(), balls.end());
  }
  std::ranges::sort(beside.taken);
  std::ranges::sort(beside.of_points);
  return beside;
}

/// [part] what `read` gives of it and of the labels beside it.
std::vector<std::vector<LabelledVoxel>> labels_in_turn(
    const std::vector<LabelledPart>& parts, const std::vector<std::string>& classes,
    const std::function<std::vector<LabelledVoxel>(const LabelledPart&, const LabelsBeside&)>& read) {
  std::vector<std::vector<LabelledVoxel>> labels(parts.size());
  // Those of points last: what else is labelled is not drawn as their rest.
  for (const bool of_points : {false, true})
    for (std::size_t n = 0; n < parts.size(); ++n)
      if (has_points(parts[n]) == of_points)
        labels[n] = read(parts[n], of_points ? labels_beside(parts, n, labels, classes) : LabelsBeside{});
  return labels;
}

void check_labelled_once(const LabelledPart& a, const std::vector<LabelledVoxel>& of_a, const LabelledPart& b,
                         const std::vector<LabelledVoxel>& of_b) {
  if (!are_of_one_volume(a.volume.path, b.volume.path)) return;
  const auto twice = labelled_twice(a, of_a, b, of_b);
  if (!twice) return;
  const std::string how =
      twice->first == twice->second ? "" : fmt::format(" with {}, not {}", twice->first, twice->second);
  throw InputError(
      {labels_subject(b.config),
       fmt::format("labels voxel {}, {}, {} (z, y, x) of {}, which {} labels too{}", twice->voxel.z,
                   twice->voxel.y, twice->voxel.x, to_string(b.volume.path), labels_subject(a.config), how),
       "each voxel labelled by one entry of labels"});
}

}  // namespace

bool are_of_one_volume(const VolumePath& a, const VolumePath& b) {
  return a.dataset == b.dataset && std::filesystem::equivalent(a.file, b.file);
}

std::string labels_subject(const Config& config) {
  if (config.labels.project) return config.labels.project->string();
  if (config.labels.points) return config.labels.points->string();
  return config.labels.csv ? config.labels.csv->string() : to_string(labels_path(config));
}

std::vector<std::vector<LabelledVoxel>> labels_of(const std::vector<LabelledPart>& parts,
                                                  const std::vector<std::string>& classes) {
  return labels_in_turn(parts, classes, [&](const LabelledPart& part, const LabelsBeside& beside) {
    return labels_of(part, classes, beside);
  });
}

std::vector<std::vector<LabelledVoxel>> readable_labels_of(const std::vector<LabelledPart>& parts,
                                                           const std::vector<std::string>& classes,
                                                           std::vector<std::string>& unreadable) {
  return labels_in_turn(parts, classes, [&](const LabelledPart& part, const LabelsBeside& beside) {
    try {
      return read_labels(part, classes, beside);
    } catch (const Error& error) {
      unreadable.emplace_back(error.what());
      return std::vector<LabelledVoxel>{};
    }
  });
}

void check_labels(const std::vector<LabelledPart>& parts,
                  const std::vector<std::vector<LabelledVoxel>>& labels,
                  const std::vector<std::string>& classes, const std::string& subject) {
  std::vector<std::int64_t> counts(classes.size());
  for (const auto& of_volume : labels)
    for (const LabelledVoxel& label : of_volume) ++counts.at(label.label - std::size_t{1});
  constexpr std::int64_t few = 20;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0)
      throw InputError({subject,
                        fmt::format("class {} (label {}) has no labelled voxel{}", in_quotes(classes[c]),
                                    c + 1, cut_away_text(parts, narrow<std::uint8_t>(c + 1), classes)),
                        "labels of every class"});
    if (counts[c] < few)
      log::warning("{}: class {} has {}; label a few hundred of each class", subject, in_quotes(classes[c]),
                   counted(counts[c], "voxel"));
  }
}

void check_labelled_once(const std::vector<LabelledPart>& parts,
                         const std::vector<std::vector<LabelledVoxel>>& labels) {
  for (std::size_t b = 0; b < parts.size(); ++b)
    for (std::size_t a = 0; a < b; ++a) check_labelled_once(parts[a], labels[a], parts[b], labels[b]);
}

void warn_outside_mask(const LabelledPart& part, const std::vector<LabelledVoxel>& labels) {
  const auto mask = mask_of_config(part.config, part.volume);
  if (!mask) return;
  const MaskReader reader(*mask);
  check_mask_means_something(reader.reader());
  if (const std::int64_t outside = count_outside(reader, labels); outside > 0)
    log::warning("{}: {} of {} lie outside the mask {}; they are trained on, but detect will not look there",
                 labels_subject(part.config), outside,
                 counted(narrow<std::int64_t>(labels.size()), "labelled voxel"), to_string(reader.path()));
}

}  // namespace cleft
