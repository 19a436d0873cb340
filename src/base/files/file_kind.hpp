#pragma once

#include <filesystem>
#include <string>

namespace cleft {

/// What a file is that is none of HDF5, for messages.
struct FileKind {
  std::string name;    ///< "a TIFF image"; empty: nobody knows
  std::string advice;  ///< what cleft does with such a file, or how it becomes HDF5; may be empty
};

/// Looks at a file's first bytes and, where these are text, at its name; of a folder, at the files in it that
/// make it a volume of Zarr or N5. A file that cannot be read is of no known kind.
FileKind kind_of_file(const std::filesystem::path& file);

/// Whether a name ends as those of images do that `cleft import` reads: .tif, .tiff, .png, in small letters
/// or capitals.
bool names_image(const std::filesystem::path& file);

/// Whether a name ends as those of images do that `cleft import` does not read: .jpg, .bmp, .dm4, .mrc, ...
bool names_other_image(const std::filesystem::path& file);

}  // namespace cleft
