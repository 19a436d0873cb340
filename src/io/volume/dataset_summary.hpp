#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/volume/volume_path.hpp"

namespace cleft {

/// A dataset as it stands in its file, be it a volume or not.
struct DatasetSummary {
  VolumePath path;
  std::vector<std::int64_t> shape;  ///< in the file's own order; empty: a single value
  bool is_table = false;            ///< rows of named columns; `shape` is their number
  /// What its chunks go through, in order: "shuffle", "gzip", "szip", ...; empty: it is not compressed.
  std::vector<std::string> compression;
  std::string link_target;    ///< "v.h5:/raw" where `path` is a link; else empty
  std::string why_not_there;  ///< why the link leads to no dataset; empty: it does
  /// What is unusual of where its elements are, as a word and a text: "missing", "part1.h5: there is no such
  /// file".
  struct Remark {
    std::string word, text;
  };
  std::vector<Remark> remarks;
};

}  // namespace cleft
