#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace cleft::log {

enum class Format { text, json };

/// Whose log this is and how it looks. Call it before anything is logged.
void configure(int rank, Format format);
Format current_format();

void write_info(std::string_view line);
void write_warning(std::string_view line);
void write_error(std::string_view line);

/// To standard error, from rank 0 only: every rank may call it, one line appears.
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write_info(fmt::format(format, std::forward<Args>(args)...));
}

/// To standard error, from whichever rank has something to warn about; the rank is printed.
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write_warning(fmt::format(format, std::forward<Args>(args)...));
}

/// To standard error, from the calling rank. Use once, at the top level, for the error that ends the program.
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write_error(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cleft::log
