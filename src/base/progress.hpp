#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "base/timer.hpp"

namespace cleft {

/// "predict: 42 %, 13.00 million voxels/s, 2 min 10 s left".
/// \param step     What is being done.
/// \param done     How much of `total` is done, in `unit`.
/// \param seconds  Since the step began.
/// \pre            0 <= done <= total
std::string progress_line(const std::string& step, std::int64_t done, std::int64_t total, double seconds,
                          const std::string& unit = "voxels");

/// A duration for people: "45 s", "2 min 10 s", "3 h 5 min".
std::string duration_text(double seconds);

/// Shows on standard error how far a long step is: on a terminal one line that is overwritten again and
/// again, otherwise a line of the log every 30 s. One rank shows it, usually rank 0, from the numbers it is
/// given; ranks do not communicate.
class Progress {
 public:
  /// \param step   What is being done, as the line names it.
  /// \param total  Voxels (or whatever `unit` is) of the whole step, at least 0.
  /// \param shown  Whether this rank shows anything.
  /// \param unit   In the plural.
  Progress(std::string step, std::int64_t total, bool shown, std::string unit = "voxels");
  /// Clears the line on the terminal, also when an error ends the step.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows the line if the last one is old enough. Cheap: may be called often, by one thread.
  /// \param done  How much of the step is done by now.
  void update(std::int64_t done);
  /// As update, given how much more is done since the last call. Any thread may call it.
  void add(std::int64_t more);

 private:
  std::string step_, unit_;
  std::int64_t total_;
  bool shown_, moves_;  // moves_: the line is overwritten in place, on a terminal
  bool line_begun_ = false;
  Timer since_start_, since_line_;
  std::mutex mutex_;
  std::int64_t added_ = 0;
};

}  // namespace cleft
