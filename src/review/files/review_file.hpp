#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "objects/synapse.hpp"
#include "review/review.hpp"

namespace cleft {

/// What a review must be of.
struct ReviewedRun {
  std::string directory;  ///< for messages
  std::string table;      ///< checksum of synapses.csv: 16 hexadecimal digits
  std::string model;      ///< fingerprint of the model, likewise
  std::vector<Synapse> rows;
  Extent extent;  ///< of the volume
};

/// Reads review.json as the report's page saves it (src/web/review/review_file.ts):
///
///   format "cleft review", version 1,
///   run {table, model}, chosen {how, ids ascending},
///   decisions {"17": "reject", ...}, missed [[z, y, x], ...] in voxels of the volume.
///
/// These members, all of them and no others, none twice. The file is read as a whole, and is at most 64 MiB.
/// Not collective.
/// \throws InputError in one line: when it is too large, is no JSON, is no review or one of another version,
///         is of another table or another model, has an id that the table has not, a verdict that is none or
///         a place outside the volume. IoError when it cannot be read.
Review read_review(const std::filesystem::path& file, const ReviewedRun& run);

}  // namespace cleft
