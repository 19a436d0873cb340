#pragma once

#include <filesystem>
#include <vector>

#include "io/volume/volume_reader.hpp"

namespace cleft {

/// Where everything in a run directory is: the one place that knows the names.
struct RunFiles {
  explicit RunFiles(std::filesystem::path run_directory);

  std::filesystem::path directory;
  std::filesystem::path configuration;   ///< run.yaml: as run, with all defaults filled in
  std::filesystem::path record;          ///< run.json: how the results came about, see RunRecord
  std::filesystem::path probability;     ///< probability.h5
  std::filesystem::path synapses;        ///< synapses.h5
  std::filesystem::path table;           ///< synapses.csv
  std::filesystem::path previous_table;  ///< synapses.previous.csv: of the settings before these
  std::filesystem::path reviewed;        ///< synapses_reviewed.h5: without what people have rejected
  std::filesystem::path reviewed_table;  ///< synapses_reviewed.csv
  std::filesystem::path report;          ///< report: a folder
  std::filesystem::path lock;            ///< .lock, while a run is in the directory and afterwards

  /// Names for tables that are not what was written, when another takes their place: synapses.kept.csv,
  /// synapses.kept-2.csv and so on.
  /// \param number  At least 1.
  std::filesystem::path kept_table(int number) const;

  VolumePath label_volume() const;        ///< in synapses.h5
  VolumePath probability_volume() const;  ///< in probability.h5

  /// Likewise of tables of reviews: synapses_reviewed.kept.csv, synapses_reviewed.kept-2.csv and so on.
  std::filesystem::path kept_reviewed_table(int number) const;

  /// Every file that detect may write but the lock, the unfinished probability and tables that are kept
  /// (kept_table).
  std::vector<std::filesystem::path> outputs() const;
  /// Which of the results of a run, finished or begun, are there; run.yaml and run.json alone are none.
  std::vector<std::filesystem::path> results_there() const;
};

}  // namespace cleft
