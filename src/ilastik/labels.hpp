#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "base/error.hpp"
#include "ilastik/project.hpp"
#include "io/volume/labels.hpp"

namespace cleft {

/// How many voxels of an image are labelled.
struct LabelCounts {
  std::vector<std::int64_t>
      by_class;  ///< [label - 1]; longer than the stage's classes where a higher one occurs
  std::optional<InputError> unusable;  ///< of the first block that is not counted: why it cannot be used
};

/// Counts the labelled voxels of one image, for one stage (of project.stages) that they train. Blocks that
/// read_project_labels would refuse because of where they lie are left out, with the reason of the first.
///
/// \param image    Position in project.images.
LabelCounts count_project_labels(const IlastikProject& project, std::size_t image, std::size_t stage = 0);
/// The same where the project's file is open.
LabelCounts count_project_labels(const IlastikProject& project, std::size_t image, const h5::File& file,
                                 std::size_t stage = 0);

/// The labelled voxels of one image of a project (of its first stage), in z, y, x order. ilastik stores
/// them in blocks, each cropped to what is painted; a block says where it lies and, since version 1.3.2, in
/// which axes. In older projects the axes are the image's own, with c last or (1.3.3) in its place, and
/// those in which the image has length 1 may be left out.
///
/// \param image    Position in project.images.
/// \param volume   Extent of the volume that the labels belong to.
/// \param begin    The voxel of the volume at which the image's first voxel lies.
/// \param classes  Class names; label k means classes[k - 1].
/// \throws InputError when a block does not say where it lies, lies elsewhere than inside the volume or at
///         another time than 0, has another size than it says, holds a label beyond the classes, or gives a
///         voxel another label than a block before it.
/// \pre classes.size() <= 255
std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t image,
                                               const Extent& volume, const std::vector<std::string>& classes,
                                               const Extent& begin = {0, 0, 0});
/// The same where the project's file is open.
std::vector<LabelledVoxel> read_project_labels(const IlastikProject& project, std::size_t image,
                                               const Extent& volume, const std::vector<std::string>& classes,
                                               const h5::File& file, const Extent& begin = {0, 0, 0});

/// The image whose labels belong to a volume: the one that the user names, or the only one that has labels,
/// or else the only one with labels that the volume may be (images_like).
///
/// \param lane  As image_meant takes it; nothing: the user names none.
/// \returns Position in project.images.
/// \throws InputError naming the images when none has labels or several could be meant.
std::size_t image_of_volume(const IlastikProject& project, const std::filesystem::path& volume,
                            const std::optional<Extent>& extent = std::nullopt,
                            const std::optional<std::string>& lane = std::nullopt);

}  // namespace cleft
