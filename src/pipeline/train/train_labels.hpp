#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "ilastik/project.hpp"
#include "io/volume/labels.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

// Where the labels are that a forest is trained on: a label volume, a table or a project for each labelled
// volume. Nothing here is collective.

/// A labelled volume as the configuration has it.
struct LabelledPart {
  Config config;  ///< with this volume and these labels
  VolumeFacts volume;
  std::optional<IlastikProject> project{};  ///< that holds the labels
};

/// Whether two paths lead to the same dataset.
bool are_of_one_volume(const VolumePath& a, const VolumePath& b);

/// The file or the project of the labels, for messages.
std::string labels_subject(const Config& config);

/// [part] the labels in its volume (of its dataset, in volume.box), counted from the volume's first voxel.
/// Tables of points know of the other parts of their dataset (point_labels.hpp).
/// \throws InputError or ConfigError when they cannot be read or do not fit the volume or the classes, and
///         when of a part no voxel is labelled: then also how many are outside volume.box.
std::vector<std::vector<LabelledVoxel>> labels_of(const std::vector<LabelledPart>& parts,
                                                  const std::vector<std::string>& classes);

/// The same of what can be read: of a part without labels none.
/// \param unreadable  For each part that cannot be read, what labels_of says of it is added; it has none.
std::vector<std::vector<LabelledVoxel>> readable_labels_of(const std::vector<LabelledPart>& parts,
                                                           const std::vector<std::string>& classes,
                                                           std::vector<std::string>& unreadable);

/// Checks the labels of all volumes together; warns of classes with few labels.
/// \param labels  [part] labels_of each.
/// \throws InputError when a class has none, naming it, and how many of it are outside volume.box.
void check_labels(const std::vector<LabelledPart>& parts,
                  const std::vector<std::vector<LabelledVoxel>>& labels,
                  const std::vector<std::string>& classes, const std::string& subject);

/// Checks that no voxel is labelled by two of the parts: two entries of `labels` may name one volume.
/// \param labels  [part] labels_of each.
/// \throws InputError naming the voxel and both files.
void check_labelled_once(const std::vector<LabelledPart>& parts,
                         const std::vector<std::vector<LabelledVoxel>>& labels);

/// Warns of labels outside the mask, most often a mistake in one of the two: detect will not look there.
/// \throws as mask_of_config and check_mask_means_something.
void warn_outside_mask(const LabelledPart& part, const std::vector<LabelledVoxel>& labels);

}  // namespace cleft
