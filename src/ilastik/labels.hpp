#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "ilastik/project.hpp"
#include "io/volume/labels.hpp"

namespace cleft {

/// How many voxels of each label a lane of a project holds, in the labels' order; a label beyond them makes
/// the list longer. Of one stage of project.stages.
/// \throws as read_project_labels
std::vector<std::int64_t> count_project_labels(const IlastikProject& project, std::size_t lane,
                                               std::size_t stage = 0);
/// The same where the project's file is open.
std::vector<std::int64_t> count_project_labels(const IlastikProject& project, std::size_t lane,
                                               const h5::File& file, std::size_t stage = 0);

/// The brush strokes of one lane of a project (of its first stage), in z, y, x order. ilastik stores them in
/// blocks, each cropped to what is painted; a block says where it lies and, since version 1.3.2, in which
/// axes. In older ones the axes are the image's own with c last.
///
/// \param lane     Of project.lanes.
/// \param volume   Extent of the volume that the labels belong to.
/// \param classes  Class names; label k means classes[k - 1].
/// \throws InputError when a block does not say where it lies, lies elsewhere than inside the volume or at
///         another time than 0, has another size than it says, holds a label beyond the classes, or gives a
///         voxel another label than a block before it.
/// \pre classes.size() <= 255
std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t lane,
                                               const Extent& volume, const std::vector<std::string>& classes);
/// The same where the project's file is open.
std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t lane,
                                               const Extent& volume, const std::vector<std::string>& classes,
                                               const h5::File& file);

/// The lane whose labels belong to a volume: the only one with labels, or else the only one whose image has
/// the volume's file name.
/// \throws InputError naming the lanes when none has labels or several could be meant.
std::size_t lane_of_volume(const IlastikProject& project, const std::filesystem::path& volume);

}  // namespace cleft
