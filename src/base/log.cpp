#include "base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace cleft::log {
namespace {

// The one piece of process-wide state: which rank this process is, for the log line's prefix.
std::atomic<int> process_rank{0};

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_color_mt("cleft");
    made->set_pattern("%H:%M:%S %^%v%$");
    return made;
  }();
  return *instance;
}

}  // namespace

void configure(int rank, Format format) {
  process_rank = rank;
  // Messages are single lines without control characters; quotes are escaped by escape_for_json in json mode.
  logger().set_pattern(format == Format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%v"})"
                                              : "%H:%M:%S %^%v%$");
}

void write_info(std::string_view line) {
  if (process_rank == 0) logger().info(line);
}

void write_warning(std::string_view line) { logger().warn("warning (rank {}): {}", process_rank.load(), line); }

void write_error(std::string_view line) { logger().error("error: {}", line); }

}  // namespace cleft::log
