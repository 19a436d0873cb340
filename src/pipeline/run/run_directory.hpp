#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/show.hpp"

namespace cleft {

/// Where everything in a run directory is.
struct RunFiles {
  explicit RunFiles(std::filesystem::path run_directory);

  std::filesystem::path directory;
  std::filesystem::path configuration;  ///< run.yaml: as run, with all defaults filled in
  std::filesystem::path provenance;     ///< run.json
  std::filesystem::path probability;    ///< probability.h5
  std::filesystem::path synapses;       ///< synapses.h5
  std::filesystem::path table;          ///< synapses.csv
};

/// A run directory that this process has to itself until the object goes. What it made there goes with it,
/// unless there are results by then or a beginning of them. For rank 0, on behalf of all ranks; not
/// collective.
class RunDirectory {
 public:
  /// Makes the directory if there is none (its parent must exist) and locks it. Writes run.yaml, unless there
  /// are results that it may be about and this configuration not.
  ///
  /// \param may_differ  segmentation_too: keys that only change what is made from the stored probability may
  ///                    differ from the run that is there; run.yaml then stays until store_configuration.
  /// \throws            ConfigError when a run with another configuration is there, naming the keys; IoError
  ///                    when the directory cannot be made or written to, or another process has it.
  RunDirectory(const Config& config, MayDiffer may_differ);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const RunFiles& files() const { return files_; }
  /// Writes run.yaml: results of this configuration are about to take the place of those that are there.
  /// \throws IoError
  void store_configuration() const;

 private:
  void lock();
  void remove_traces() const;

  RunFiles files_;
  std::filesystem::path lock_file_;
  std::string configuration_;               // what run.yaml is to hold
  std::vector<std::filesystem::path> new_;  // what was not there before this object, the directory last
  int lock_ = -1;  // descriptor of the locked file; -1 when the file system has no locks
};

}  // namespace cleft
