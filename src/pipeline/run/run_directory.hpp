#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/files/publish.hpp"
#include "config/config.hpp"
#include "config/show.hpp"
#include "pipeline/run/run_files.hpp"

namespace cleft {

/// A run directory that this process has to itself until the object goes. The directory and run.yaml, where
/// this object made them, are removed with it, unless there are results by then or a beginning of them. For
/// rank 0, on behalf of all ranks; not collective.
class RunDirectory {
 public:
  /// Makes the directory if there is none (its parent must exist) and locks it. Writes run.yaml, unless there
  /// are results of a run whose configuration may differ from this one: then run.yaml stays theirs.
  ///
  /// \param may_differ  segmentation_too: keys that only change what is made from the stored probability may
  ///                    differ from the run that is there. run.yaml is then to be published with the new
  ///                    results (see write_configuration).
  /// \throws            ConfigError when a run with another configuration is there, naming the keys; IoError
  ///                    when the directory cannot be made or written to, or another process has it.
  RunDirectory(const Config& config, MayDiffer may_differ);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const RunFiles& files() const { return files_; }
  /// Writes run.yaml under its unfinished name, to be published with results of this configuration.
  /// \throws IoError
  UnpublishedFile write_configuration() const;

 private:
  void lock();
  void remove_traces() const;

  RunFiles files_;
  std::string configuration_;               // what run.yaml is to hold
  std::vector<std::filesystem::path> new_;  // what was not there before this object, the directory last
  int lock_ = -1;  // descriptor of the locked file; -1 when the file system has no locks
};

}  // namespace cleft
