#pragma once

#include <optional>
#include <string>

#include <hdf5.h>

namespace cleft::h5 {

/// Where a soft or an external link leads.
struct LinkTarget {
  std::optional<std::string> file;  ///< of an external link, as it is stored
  std::string path;
};

/// "/raw" or "v.h5:/raw"
std::string to_string(const LinkTarget& target);

/// A name in a group.
struct LinkValue {
  bool exists = false;
  std::optional<LinkTarget> target;  ///< nothing of a hard link, which is the object itself
};

/// Looks at a name in a group, and follows nothing.
/// \param subject  The file, for messages.
/// \throws InputError when it is a link of a kind that HDF5 alone does not have; IoError when it is damaged.
LinkValue link_value(hid_t group, const std::string& name, const std::string& subject);

}  // namespace cleft::h5
