#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "base/timer.hpp"

namespace cleft {

/// "predict: 42 %, 13.00 million voxels/s, 2 min 10 s left": for people.
/// \pre 0 <= done <= total
std::string progress_line(const std::string& step, std::int64_t done, std::int64_t total, double seconds,
                          const std::string& unit = "voxels");

/// "45 s", "2 min 10 s", "3 h 5 min".
std::string duration_text(double seconds);

/// Says on standard error how far a step over many voxels is: one line that moves on a terminal, else a line
/// of the log every 30 s. For one rank, usually rank 0; its numbers are those it is told.
class Progress {
 public:
  /// \param total  Voxels (or what `unit` says) of the whole step, >= 0.
  /// \param shown  Whether this rank speaks.
  Progress(std::string step, std::int64_t total, bool shown, std::string unit = "voxels");
  /// Ends the line that moves, also when an error does.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// \param done  How much of the step is done by now. Cheap: may be called often.
  void update(std::int64_t done);
  /// So much more of the step is done. Any thread may say so.
  void add(std::int64_t more);

 private:
  std::string step_, unit_;
  std::int64_t total_;
  bool shown_, moves_;
  bool line_begun_ = false;
  Timer since_start_, since_line_;
  std::mutex mutex_;
  std::int64_t added_ = 0;
};

}  // namespace cleft
