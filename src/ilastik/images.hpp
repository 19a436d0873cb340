#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "io/h5/file.hpp"

namespace cleft {

/// An image of a project. Its labels are read by ilastik/labels.hpp.
struct IlastikImage {
  std::string file_path;                   ///< as the project has it; empty: none
  std::string nickname;                    ///< what ilastik's window calls it; empty: nothing
  bool in_project = false;                 ///< a copy of the image is inside the project
  std::string axes;                        ///< of the image, slowest first: "zyxc"; empty: not known
  std::vector<std::int64_t> shape{};       ///< of the image, along `axes`; empty: not known
  std::optional<std::int64_t> sections{};  ///< of the image; nothing: not known
  std::string mask_path;                   ///< of its prediction mask; empty: none
  std::string mask_axes;                   ///< as `axes`, of the mask
};

/// The images of a project, in their order: ilastik calls an image with all that belongs to it a lane.
/// \throws InputError when the project says what makes no sense.
std::vector<IlastikImage> read_images(const h5::File& project);

/// How large the image is, as far as the project says so: in z, y, x, an axis that it does not have as 1.
std::optional<Extent> extent_of(const IlastikImage& image);

/// The last part of a path as projects have them: written on Windows perhaps, and going on inside an HDF5
/// file.
std::string image_file_name(std::string path);

/// What messages call an image: its file's name, or else its nickname.
std::string name_of(const IlastikImage& image);

/// The images that a volume may be: those whose file has the volume's file name, or else the same name but
/// for the ending, since an image is often converted (a.tif to a.h5). Folders do not count: projects are
/// moved between machines. Where the volume's extent is known, images of another extent are left out, unless
/// that leaves none.
///
/// \returns Positions in `images`.
std::vector<std::size_t> images_like(const std::vector<IlastikImage>& images,
                                     const std::filesystem::path& volume,
                                     const std::optional<Extent>& extent);

/// The image that a user means: by its number from 0 ("1", or as the project has it "lane0001"), by its
/// file's name with or without ending, or by its nickname.
/// \param subject  For messages: the project.
/// \throws InputError listing the images when none or several are meant.
std::size_t image_meant(const std::vector<IlastikImage>& images, const std::string& lane,
                        const std::string& subject);

/// "0: a.tif, 1: b.tif": for messages.
std::string list_of(const std::vector<IlastikImage>& images);

/// The order of axes that a project records of its image that a volume is: "zyxc". Empty when the file is no
/// project that can be read, has no such image, or several that differ. Reads nothing else of the project.
/// \throws IoError when the file cannot be read: other ranks may be able to.
std::string recorded_axes(const std::filesystem::path& project, const std::filesystem::path& volume);

}  // namespace cleft
