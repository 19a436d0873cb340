#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace cleft::log {

/// How a log line looks: text for people, or one JSON object per line for programs.
enum class Format { text, json };

/// How much is told: what users look for, or also how the work is cut up and shared out.
enum class Level { usual, debug };

/// Sets which of how many ranks this process is and what its log looks like. Call it before anything is
/// logged.
void configure(int rank, int ranks, Format format, Level level = Level::usual);
Format current_format();

/// What the functions below call with the finished line.
void write_debug(std::string_view line);
void write_info(std::string_view line);
void write_warning(std::string_view line);
void write_error(std::string_view line);

/// Logs to standard error, from rank 0 only: every rank may call it, and one line appears.
/// \param format  Of fmt::format.
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write_info(fmt::format(format, std::forward<Args>(args)...));
}

/// As info, where Level::debug is asked for.
template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  write_debug(fmt::format(format, std::forward<Args>(args)...));
}

/// Logs a warning to standard error, from whichever rank calls it; where there are several ranks the line
/// names it.
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write_warning(fmt::format(format, std::forward<Args>(args)...));
}

/// Logs an error to standard error, from the rank that calls it. For the error that ends the program: called
/// once, at the top level. Waits up to a second until it has been read, where somebody reads it through a
/// pipe (wait_until_read).
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write_error(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cleft::log
