#include "base/files/output_folder.hpp"

#include <unistd.h>

#include "base/error.hpp"

namespace cleft {

void check_output_folder(const std::filesystem::path& output) {
  if (!output.has_filename())
    throw InputError({"'" + output.string() + "'", "is no name of a file", "a file to write"});
  const auto folder = output.has_parent_path() ? output.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::is_directory(folder))
    throw InputError({output.string(), "its folder does not exist", "a folder to write it to"});
  if (::access(folder.c_str(), W_OK) != 0)
    throw IoError({output.string(), "its folder cannot be written to", "a folder to write it to"});
}

}  // namespace cleft
