#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace cleft::log {

/// How a log line looks: text for people, or one JSON object per line for programs.
enum class Format { text, json };

/// Sets the rank of this process and the format of its log. Call it before anything is logged.
void configure(int rank, Format format);
Format current_format();

/// What the functions below call with the finished line.
void write_info(std::string_view line);
void write_warning(std::string_view line);
void write_error(std::string_view line);

/// Logs to standard error, from rank 0 only: every rank may call it, and one line appears.
/// \param format  Of fmt::format.
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write_info(fmt::format(format, std::forward<Args>(args)...));
}

/// Logs a warning to standard error, from whichever rank calls it; the line names the rank.
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write_warning(fmt::format(format, std::forward<Args>(args)...));
}

/// Logs an error to standard error, from the rank that calls it. For the error that ends the program: called
/// once, at the top level.
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write_error(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cleft::log
