#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "pipeline/train/train_labels.hpp"

namespace cleft {

// The labelled volumes that a configuration names, before their labels are read. Nothing here is collective.

/// Looks at each volume (look_at_volume), in the configuration's order.
std::vector<LabelledPart> look_at_labelled_volumes(const Config& config);

/// Reads the projects among them that hold labels.
/// \throws InputError naming the key and the file that is not there; as read_ilastik_project.
void read_projects(std::vector<LabelledPart>& parts);

/// Whether a configuration says where labels are.
bool names_labels(const Config& config);

/// The voxels of a volume that a configuration's labels label, whatever their class: no other labels of it
/// may have them (check_labelled_once). Of several entries only those of this volume are read; one that
/// labels nothing is none to speak of.
/// \param unreadable  For each entry that cannot be read, or whose volume cannot, what labels_of says of it
///                    is added; it is left out.
/// \returns In the volume (volume.box), counted from its first voxel, in z, y, x order, each once.
std::vector<GlobalVoxel> labelled_voxels_of(const Config& config, const VolumeFacts& volume,
                                            std::vector<std::string>& unreadable);

}  // namespace cleft
