#include "base/progress.hpp"

#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/log.hpp"

namespace cleft {
namespace {

constexpr double seconds_between_moves = 0.2, seconds_between_lines = 30;
constexpr auto clear_line = "\r\x1b[K";

/// "7310 voxels/s", "1.25 million voxels/s".
std::string rate_text(double per_second, std::string_view unit) {
  constexpr double many = 1e5, million = 1e6;
  return per_second < many ? fmt::format("{:.0f} {}/s", per_second, unit)
                           : fmt::format("{:.2f} million {}/s", per_second / million, unit);
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  const std::int64_t minutes = whole / 60, hours = minutes / 60;
  if (hours > 0) return fmt::format("{} h {} min", hours, minutes % 60);
  if (minutes > 0) return fmt::format("{} min {} s", minutes, whole % 60);
  return fmt::format("{} s", whole);
}

std::string progress_line(const std::string& step, std::int64_t done, std::int64_t total, double seconds,
                          const std::string& unit) {
  const double fraction = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 1.0;
  std::string line = fmt::format("{}: {:.0f} %", step, std::floor(100 * fraction));
  if (done <= 0 || seconds <= 0) return line;
  const double per_second = static_cast<double>(done) / seconds;
  return line + fmt::format(", {}, {} left", rate_text(per_second, unit),
                            duration_text(static_cast<double>(total - done) / per_second));
}

Progress::Progress(std::string step, std::int64_t total, bool shown, std::string unit)
    : step_(std::move(step)),
      unit_(std::move(unit)),
      total_(total),
      shown_(shown),
      moves_(::isatty(STDERR_FILENO) == 1 && log::current_format() == log::Format::text) {}

Progress::~Progress() {
  if (line_begun_) std::fputs(clear_line, stderr);
}

void Progress::update(std::int64_t done) {
  const bool first_move = moves_ && !line_begun_;
  const double interval = first_move ? 0 : moves_ ? seconds_between_moves : seconds_between_lines;
  if (!shown_ || since_line_.seconds() < interval) return;
  since_line_.restart();
  const std::string line = progress_line(step_, done, total_, since_start_.seconds(), unit_);
  if (moves_) {
    std::fputs((clear_line + line).c_str(), stderr);
    line_begun_ = true;
  } else {
    log::info("{}", line);
  }
}

void Progress::add(std::int64_t more) {
  const std::lock_guard lock(mutex_);
  added_ += more;
  update(added_);
}

}  // namespace cleft
