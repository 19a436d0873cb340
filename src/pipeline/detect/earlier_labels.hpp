#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "pipeline/run/run_files.hpp"

namespace cleft {

// The labels and the table that an earlier run has left. For rank 0, on behalf of all; nothing here is
// collective.

/// What look_at_labels finds.
struct EarlierLabels {
  /// Both are there, what was written and of the recipe that is asked for; or would be with `lost_table`.
  bool done = false;
  /// What the table's file is to hold, where it does not beside whole labels.
  std::optional<std::string> lost_table{};
  /// The name that the table which is there is to be kept under when another takes its place: of one that is
  /// what was written RunFiles::previous_table, and what has that name goes; somebody may have worked on any
  /// other, which gets a name that is free. Empty where there is no table, or it is right.
  std::filesystem::path keep_as{};
  /// The recipe of the labels that are there, where they are whole.
  std::optional<nlohmann::json> recipe{};
};

/// Looks whether a run's labels and table are what was written (reads all their bytes) and of a recipe. Says
/// what is wrong with them. Labels with components that were left whole for want of memory are not done where
/// there is enough for one of them now; with less memory than before they are.
/// \param memory_per_rank  Bytes: run.memory_per_rank.
/// \throws InputError when the table is no regular file; IoError when it cannot be read.
EarlierLabels look_at_labels(const RunFiles& files, const nlohmann::json& recipe,
                             std::int64_t memory_per_rank);

/// Writes a lost table, and keeps what is in its place.
/// \throws IoError
void write_lost_table(const RunFiles& files, const EarlierLabels& found);

/// EarlierLabels::keep_as of what is there now: somebody may have worked on the table while the next one was
/// made. Empty where there is none.
/// \throws as look_at_labels
std::filesystem::path name_to_keep_table(const RunFiles& files);

/// The recipe of the probability that the labels which are there were made of; nothing where there are none
/// or they do not say.
std::optional<nlohmann::json> probability_of_labels(const RunFiles& files);

}  // namespace cleft
