#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "pipeline/run/run_files.hpp"

namespace cleft {

/// A run directory that no other process may write to until the object goes. The lock ends with the process,
/// however that ends, so that the run of a killed job can go on. For rank 0, on behalf of all ranks; not
/// collective.
class RunLock {
 public:
  static constexpr std::chrono::milliseconds usual_patience = std::chrono::seconds(10);

  /// Makes the directory if there is none (its parent must exist) and locks it. Where the file system has no
  /// locks there is a warning, and no lock.
  ///
  /// \param patience  How long another process is waited for that has the directory: the ranks of a killed
  ///                  run may take some seconds to end.
  /// \throws          InputError when the directory cannot be made where it is to be, or something else than
  ///                  a file stands under the lock's name; IoError when it cannot be written to, or another
  ///                  process has it.
  explicit RunLock(const RunFiles& files, std::chrono::milliseconds patience = usual_patience);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  /// Of the configuration, the lock and the directory those that were not there before, in this order.
  const std::vector<std::filesystem::path>& missing_before() const { return missing_before_; }

 private:
  bool try_lock(const RunFiles& files);

  std::vector<std::filesystem::path> missing_before_;
  int descriptor_ = -1;  // of the locked file; -1 when the file system has no locks
};

}  // namespace cleft
