#pragma once

#include <nlohmann/json.hpp>

#include "pipeline/run/run_files.hpp"

namespace cleft {

/// What an earlier run has left of labels and table.
struct EarlierLabels {
  bool done = false;         ///< both are there, are what was written, and of the same recipe
  bool keeps_table = false;  ///< they are not, but there is a table: somebody may have worked on it
};

/// Looks whether a run's labels and table are what was written (reads all their bytes) and of a recipe. Says
/// what is wrong with them, and what cannot be known. A table that is missing or damaged beside whole labels
/// is written again; a damaged one is kept beside it (RunFiles::previous_table). For rank 0, on behalf of
/// all; not collective.
/// \throws InputError when the table is no regular file; IoError when a table cannot be written again.
EarlierLabels look_at_labels(const RunFiles& files, const nlohmann::json& recipe);

}  // namespace cleft
