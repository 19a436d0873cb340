#include "base/log.hpp"

#include <atomic>
#include <chrono>
#include <string>

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "base/printable.hpp"
#include "base/wait_until_read.hpp"

namespace cleft::log {
namespace {

// The only process-wide state of cleft: which rank this process is and how its log lines look.
std::atomic<int> process_rank{0}, process_ranks{1};
std::atomic<Format> line_format{Format::text};
std::atomic<Level> line_level{Level::usual};

constexpr auto text_pattern = "%H:%M:%S %^%v%$";
// The error that ends a program has no time of day before it: people search for it and copy it.
constexpr auto text_error_pattern = "%^%v%$";
// On a terminal a line of Progress may stand where the next line is to be written: it is cleared first.
constexpr auto clear_line = "\r\x1b[K";
// %v is replaced by json_members.
constexpr auto json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";

// A line may list many things; none is worth more than this.
constexpr std::size_t max_characters = 4000;

spdlog::logger& logger() {
  static const auto instance = spdlog::stderr_color_mt("cleft");
  return *instance;
}

void set_text_pattern(const std::string& pattern) {
  logger().set_pattern(::isatty(STDERR_FILENO) == 1 ? clear_line + pattern : pattern);
}

/// The members "rank" and "message" of a line's JSON object. A message may contain a file name that is not
/// UTF-8, which JSON must be: such bytes are replaced.
std::string json_members(std::string_view line) {
  // JSON escapes what is not printable; only its length is to be bounded.
  const nlohmann::json message(line.size() > max_characters ? printable(line, max_characters)
                                                            : std::string(line));
  return fmt::format(R"("rank":{},"message":{})", process_rank.load(),
                     message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void write(spdlog::level::level_enum level, std::string_view prefix, std::string_view line) {
  if (line_format == Format::json) {
    logger().log(level, json_members(line));
  } else {
    logger().log(level, "{}{}", prefix, printable(line, max_characters));
  }
}

}  // namespace

void configure(int rank, int ranks, Format format, Level level) {
  process_rank = rank;
  process_ranks = ranks;
  line_format = format;
  line_level = level;
  logger().set_level(spdlog::level::debug);
  if (format == Format::json) {
    logger().set_pattern(json_pattern);
  } else {
    set_text_pattern(text_pattern);
  }
}

Format current_format() {
  return line_format;
}

void write_debug(std::string_view line) {
  if (line_level == Level::debug && process_rank == 0) write(spdlog::level::debug, "", line);
}

void write_info(std::string_view line) {
  if (process_rank == 0) write(spdlog::level::info, "", line);
}

void write_warning(std::string_view line) {
  const std::string from = process_ranks > 1 ? fmt::format(" (rank {})", process_rank.load()) : "";
  write(spdlog::level::warn, "warning" + from + ": ", line);
}

void write_error(std::string_view line) {
  if (line_format == Format::text) set_text_pattern(text_error_pattern);
  write(spdlog::level::err, "error: ", line);
  logger().flush();
  wait_until_read(STDERR_FILENO, std::chrono::seconds(1));
}

}  // namespace cleft::log
