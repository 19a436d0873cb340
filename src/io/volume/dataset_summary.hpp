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
};

}  // namespace cleft
