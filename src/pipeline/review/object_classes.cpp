#include "pipeline/review/object_classes.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/volume/read_boxes.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/run/block_memory.hpp"
#include "probability/files/stored_probability.hpp"
#include "segmentation/mask_edge.hpp"

namespace cleft {
namespace {

/// The label of a class; 0 where it is none.
std::uint8_t label_of(const Config& config, const std::string& name) {
  const auto at = std::ranges::find(config.classes, name);
  return at == config.classes.end() ? std::uint8_t{0} : narrow<std::uint8_t>(at - config.classes.begin() + 1);
}

/// A class that was asked for by name.
std::uint8_t label_asked_for(const Config& config, const std::string& name, std::uint8_t foreground) {
  const std::uint8_t label = label_of(config, name);
  if (label == 0 || label == foreground)
    throw ConfigError(
        {"--rejected-class", fmt::format("is '{}'", name),
         fmt::format("one of {} but {}", fmt::join(config.classes, ", "), config.threshold.foreground)});
  return label;
}

/// A probability of a class that nobody knows would count for none.
void check_stored_classes(const Config& config, const RunProbability& probability) {
  for (const std::string& name : probability.classes)
    if (label_of(config, name) == 0)
      throw ConfigError({config.subject("classes"),
                         fmt::format("are {}: none is called '{}', of which {} holds the probability",
                                     fmt::join(config.classes, ", "), name, probability.file.string()),
                         "the classes that the model was trained on (--set classes=[...])"});
}

/// The class labels.rest_class; 0 where there is none, or it is the foreground.
std::uint8_t label_named_rest(const Config& config, std::uint8_t foreground) {
  const std::uint8_t rest = label_of(config, config.labels.point.rest_class);
  return rest == foreground ? std::uint8_t{0} : rest;
}

/// The class of rejected objects where nothing is stored that tells of it.
std::uint8_t label_of_rest(const Config& config, std::uint8_t foreground) {
  if (const std::uint8_t rest = label_named_rest(config, foreground); rest != 0) return rest;
  if (config.classes.size() == 2) return foreground == 1 ? 2 : 1;
  throw ConfigError({config.subject("classes"),
                     fmt::format("are {}: none is called '{}'", fmt::join(config.classes, ", "),
                                 config.labels.point.rest_class),
                     "--rejected-class"});
}

/// What a piece may have of voxels where memory allows it: 1 Mi.
constexpr Extent usual_piece{64, 128, 128};

Extent plan_piece(const SegmentJob& job, const VolumeReader& labels, const TaughtClasses& classes,
                  const std::optional<VolumeReader>& foreground, const BlockMemory& memory) {
  Extent most;
  for (int axis = 0; axis < 3; ++axis) most[axis] = std::min(usual_piece[axis], labels.extent()[axis]);
  const PerAxis<double> sigma = foreground ? job.threshold.sigma : PerAxis<double>{};
  const Extent halo = smoothing_halo(sigma);
  const auto bytes = [&](const Extent& owned, const Extent& padded) {
    // The labels of synapses and of candidates; two classes, or what is smoothed with its mask.
    const std::int64_t of_labels = 2 * Array3<std::uint64_t>::memory(owned);
    const std::int64_t of_classes = classes.others.empty() ? 0 : 2 * Array3<float>::memory(owned);
    const std::int64_t of_core = foreground
                                     ? Array3<float>::memory(padded) + Array3<std::uint8_t>::memory(padded) +
                                           smoothing_bytes(owned, padded, sigma, job.threads)
                                     : 0;
    return of_labels + std::max(of_classes, of_core);
  };
  return plan_block(most, halo, {.bytes = bytes}, memory_beside_chunks(memory, labels), 1);
}

}  // namespace

TaughtClasses taught_classes(const Config& config, const std::optional<std::string>& asked,
                             const std::optional<RunProbability>& probability, bool any_rejected) {
  TaughtClasses classes{.accepted = label_of(config, config.threshold.foreground)};
  if (classes.accepted == 0)
    throw ConfigError({config.subject("classes"),
                       fmt::format("are {}: none is called '{}', which is looked for",
                                   fmt::join(config.classes, ", "), config.threshold.foreground),
                       "the classes that the model was trained on (--set classes=[...])"});
  if (probability) check_stored_classes(config, *probability);
  if (asked) {
    classes.rejected = label_asked_for(config, *asked, classes.accepted);
    return classes;
  }
  if (probability)
    for (const std::string& name : probability->classes)
      if (const std::uint8_t label = label_of(config, name); label != 0 && label != classes.accepted) {
        classes.others.push_back(name);
        classes.labels_of_others.push_back(label);
      }
  if (classes.others.empty() && any_rejected) classes.rejected = label_of_rest(config, classes.accepted);
  classes.undecided = classes.others.size() == 1 ? classes.labels_of_others.front()
                                                 : label_named_rest(config, classes.accepted);
  return classes;
}

ObjectClasses::ObjectClasses(const FinishedRun& run, TaughtClasses classes,
                             const std::optional<RunProbability>& probability,
                             const std::optional<PlacedMask>& mask, const BlockMemory& memory)
    : classes_(std::move(classes)),
      labels_(run.files.synapses, run.recipe.contains("candidates")),
      job_(segment_job(run.config, run.volume, nlohmann::json::object(), mask)) {
  if (probability) {
    foreground_ = open_probability(probability->file, job_.threshold.options.foreground);
    for (const std::string& name : classes_.others)
      others_.push_back(open_probability(probability->file, name));
    if (mask) mask_.emplace(*mask);
  }
  piece_ = plan_piece(job_, labels_.synapses(), classes_, foreground_, memory);
}

/// The pieces of an object's box that hold a voxel of it.
void ObjectClasses::for_each_piece(const Synapse& row, const VisitPiece& visit) const {
  for (const Box& box : boxes_of_extent(row.bounds, piece_)) {
    const auto objects = objects_in(box);
    if (std::ranges::find(objects.voxels(), row.id) != objects.voxels().end()) visit(box, objects);
  }
}

void ObjectClasses::visit_rejected(const Synapse& row, const VisitLabel& visit) const {
  for_each_piece(row, [&](const Box& box, const Array3<std::uint64_t>& objects) {
    Array3<float> highest(box.extent()), other(box.extent());
    std::vector<std::uint8_t> labels(objects.voxels().size(),
                                     others_.empty() ? classes_.rejected : classes_.undecided);
    for (std::size_t c = 0; c < others_.size(); ++c) {
      others_[c].read(box, other.view());
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (other.voxels()[i] < highest.voxels()[i]) continue;
        const bool is_tied = other.voxels()[i] == highest.voxels()[i];  // with another, or both are 0
        highest.voxels()[i] = other.voxels()[i];
        labels[i] = is_tied ? classes_.undecided : classes_.labels_of_others[c];
      }
    }
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (objects.voxels()[i] == row.id && labels[i] != 0)
        visit(box.begin + (voxel_at(narrow<std::int64_t>(i), box.extent()) - GlobalVoxel{}), labels[i]);
  });
}

template <class Stored>
void ObjectClasses::visit_core(const Synapse& row, const VisitLabel& visit) const {
  const ThresholdSettings& threshold = job_.threshold;
  const Extent halo = smoothing_halo(threshold.sigma);
  const auto ratio = static_cast<float>(std::min(threshold.options.core_ratio, row.decisive_ratio));
  for_each_piece(row, [&](const Box& box, const Array3<std::uint64_t>& objects) {
    const Box around = grown(box, halo, whole_box(foreground_->extent()));
    auto padded = Array3<Stored>::uninitialized(around.extent());
    foreground_->read(around, padded.view());
    if (mask_) {
      auto inside = Array3<std::uint8_t>::uninitialized(around.extent());
      mask_->read(around, inside.view());
      clear_outside<Stored>(std::as_const(inside).view(), padded.view());
    }
    const View3<const Stored> stored = std::as_const(padded).view();
    const LocalVoxel begin = around.local(box.begin);
    const auto smoothed = smooth<Stored>(stored, begin, box.extent(), threshold.sigma, job_.threads);
    const View3<const Stored> own = stored.part(begin, box.extent());
    for (std::int64_t i = 0; i < objects.size(); ++i) {
      if (objects.voxels()[to_size(i)] != row.id) continue;
      const GlobalVoxel at = voxel_at(i, box.extent());
      const float f = smoothed.voxels()[to_size(i)];
      if (f > ratio * background_of(f, own(at.z, at.y, at.x), threshold.options.background))
        visit(box.begin + (at - GlobalVoxel{}), classes_.accepted);
    }
  });
}

void ObjectClasses::visit_accepted(const Synapse& row, const VisitLabel& visit) const {
  if (foreground_ && foreground_->type() == ElementType::uint8) return visit_core<std::uint8_t>(row, visit);
  if (foreground_) return visit_core<float>(row, visit);
  for_each_piece(row, [&](const Box& box, const Array3<std::uint64_t>& objects) {
    for (std::int64_t i = 0; i < objects.size(); ++i)
      if (objects.voxels()[to_size(i)] == row.id)
        visit(box.begin + (voxel_at(i, box.extent()) - GlobalVoxel{}), classes_.accepted);
  });
}

}  // namespace cleft
