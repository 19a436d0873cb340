#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files/publish.hpp"
#include "config/config.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/run_lock.hpp"

namespace cleft {

/// A run directory that this process has to itself until the object goes. The directory and run.yaml, where
/// this object made them, are removed with it, unless there are results by then or a beginning of them. For
/// rank 0, on behalf of all ranks; not collective.
class RunDirectory {
 public:
  /// Makes the directory if there is none (its parent must exist), locks it, and removes what killed runs
  /// have left in it under temporary names. Writes run.yaml, unless there are results of other settings (see
  /// changed_settings): then run.yaml stays theirs until it is published with new ones (write_configuration).
  ///
  /// \param patience  How long another process is waited for that has the directory: the ranks of a killed
  ///                  run may take some seconds to end.
  /// \throws          ConfigError when the directory has results of a run in which keys differ that decide
  ///                  the probability, naming them; InputError when the directory cannot be made where it is
  ///                  to be, or a folder, a pipe or a device stands under the name of an output; IoError when
  ///                  it cannot be written to, or another process has it.
  explicit RunDirectory(const Config& config, std::chrono::milliseconds patience = std::chrono::seconds(10));
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const RunFiles& files() const { return files_; }
  /// The keys that only change what is made from the stored probability and that differ from the run that is
  /// there, with both values: "threshold.core_ratio (7 there, 5 now)".
  const std::vector<std::string>& changed_settings() const { return changed_settings_; }
  /// Writes run.yaml under a temporary name, to be published with results of this configuration.
  /// \throws IoError
  UnpublishedFile write_configuration() const;
  /// Writes run.yaml for results of this configuration that are there.
  /// \throws IoError
  void store_configuration() const;

 private:
  void check_results_are_of(const Config& config);
  void remove_traces() const;

  RunFiles files_;
  RunLock lock_;
  std::string configuration_;  // what run.yaml is to hold
  std::vector<std::string> changed_settings_;
};

}  // namespace cleft
