#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "ilastik/project.hpp"
#include "io/volume/labels.hpp"

namespace cleft {

/// Counts the labelled voxels of one image, for one stage (of project.stages) that they train.
///
/// \param image    Position in project.images.
/// \returns        [label - 1] voxels; longer than the stage's classes where a higher label occurs.
/// \throws InputError when a block of labels does not say where it lies, or has another size than it says.
std::vector<std::int64_t> count_project_labels(const IlastikProject& project, std::size_t image,
                                               std::size_t stage = 0);
/// The same where the project's file is open.
std::vector<std::int64_t> count_project_labels(const IlastikProject& project, std::size_t image,
                                               const h5::File& file, std::size_t stage = 0);

/// The labelled voxels of one image of a project (of its first stage), in z, y, x order. ilastik stores them
/// in blocks, each cropped to what is painted; a block says where it lies and, since version 1.3.2, in which
/// axes. In older projects the axes are the image's own with c last.
///
/// \param image    Position in project.images.
/// \param volume   Extent of the volume that the labels belong to.
/// \param classes  Class names; label k means classes[k - 1].
/// \throws InputError when a block does not say where it lies, lies elsewhere than inside the volume or at
///         another time than 0, has another size than it says, holds a label beyond the classes, or gives a
///         voxel another label than a block before it.
/// \pre classes.size() <= 255
std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t image,
                                               const Extent& volume, const std::vector<std::string>& classes);
/// The same where the project's file is open.
std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t image,
                                               const Extent& volume, const std::vector<std::string>& classes,
                                               const h5::File& file);

/// The image whose labels belong to a volume: the only one that has labels, or else the only one with labels
/// whose file has the volume's file name (folders do not count: projects are moved between machines).
///
/// \returns Position in project.images.
/// \throws InputError naming the images when none has labels or several could be meant.
std::size_t image_of_volume(const IlastikProject& project, const std::filesystem::path& volume);

}  // namespace cleft
