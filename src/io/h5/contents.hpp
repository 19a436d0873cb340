#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/h5/object.hpp"

namespace cleft::h5 {

/// What a file holds, by name.
struct Contents {
  std::vector<std::string> datasets;  ///< sorted; each once, whatever hard links there are
  struct Link {
    std::string path;
    std::string target;  ///< "/raw" or "v.h5:/raw"
  };
  std::vector<Link> links;  ///< soft and external ones, wherever they lead; sorted
};
/// Goes through a group and all below it, each object once. Paths begin with '/' at the group.
/// \param limit  No more than so many datasets and links.
Contents contents_of(const Object& group, std::size_t limit);

}  // namespace cleft::h5
