#include "pipeline/describe/describe_any.hpp"

#include <cstdint>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/file_kind.hpp"
#include "base/files/is_there.hpp"
#include "base/text/counted.hpp"
#include "forest/files/model_file.hpp"
#include "ilastik/project.hpp"
#include "io/volume/volume_path.hpp"
#include "pipeline/describe/describe_file.hpp"
#include "pipeline/describe/describe_model.hpp"
#include "pipeline/describe/describe_project.hpp"
#include "pipeline/describe/describe_run.hpp"
#include "pipeline/run/run_files.hpp"

namespace cleft {
namespace {

constexpr auto what_there_is =
    "an HDF5 file, a model, an ilastik project, or a run directory that 'cleft detect' has made";

std::int64_t image_count(const std::filesystem::path& directory) {
  std::error_code failure;
  std::int64_t count = 0;
  for (std::filesystem::directory_iterator entry(directory, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (names_image(entry->path())) ++count;
  return count;
}

/// Says of a directory that is no run's what it is instead, if it is a stack of images.
void check_is_no_stack(const std::filesystem::path& directory) {
  if (is_there(RunFiles(directory).configuration)) return;
  if (const std::int64_t images = image_count(directory); images > 0)
    throw InputError(
        {directory.string(), fmt::format("is a folder of {}, not a run directory", counted(images, "image")),
         fmt::format("an HDF5 file; 'cleft import {} volume.h5 --voxel-size z,y,x' makes a volume of it",
                     directory.string())});
}

}  // namespace

Description describe_any(const std::string& what, const DescribeOptions& options) {
  std::error_code unknown;  // a circle of links is refused where it is opened
  if (std::filesystem::is_directory(what, unknown)) {
    check_is_no_stack(what);
    return describe_run(what, options.verify);
  }
  VolumePath path = VolumePath::parse(what);
  if (const std::string end = where_it_ends(path.file); !end.empty())
    throw InputError({path.file.string(), end, what_there_is});
  if (is_model_file(what)) return {describe_model(what), {}};
  if (is_ilastik_project(what)) return {describe_project(what), {}};
  path.options.follow_links = options.follow_links;
  path.options.follow_key = "--follow-links";
  return {describe_datasets(path), {}};
}

}  // namespace cleft
