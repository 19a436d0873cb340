#pragma once

#include <filesystem>
#include <string>

#include "io/h5/file.hpp"

namespace cleft::h5 {

// A name in a file may be a link: to another place in it (soft) or in another file (external). HDF5 itself
// follows no external link here (start_library): whoever wrote the file would say what cleft opens.

/// Which files a file may make cleft open: by external links, as sources of a virtual dataset or as external
/// raw data, which can be any bytes of any file.
struct FollowRule {
  bool outside = false;  ///< also those that are not in the file's own folder or below it
  std::string key{};     ///< that would allow it: "volume.follow_links"; for messages, may be empty
};

/// Where a name from inside a file leads: relative to the file's folder; an absolute one that is not there is
/// sought in the folder, for data that were moved.
std::filesystem::path beside(const std::filesystem::path& file, const std::string& name);
/// \throws InputError when `target` does not lie in the folder of `file` or below and the rule is against
///         that. Names alone count: a symbolic link in the folder is the doing of the folder's owner.
void check_may_follow(const std::string& subject, const std::filesystem::path& file,
                      const std::filesystem::path& target, const FollowRule& rule);

/// The place that a path leads to once all links on its way are followed.
struct Place {
  File file;            ///< another one than at the start where an external link led away
  std::string dataset;  ///< a path without links; something or nothing may be there
};
/// \throws InputError when a link leads to no file or to nothing, in a circle, or where it may not; as
///         File::open_read.
Place follow_links(const std::filesystem::path& file, const std::string& path, const FollowRule& rule);

}  // namespace cleft::h5
