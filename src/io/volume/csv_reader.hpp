#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files/regular_file.hpp"

namespace cleft {

/// One row of a table.
struct CsvRow {
  std::vector<std::string> fields;  ///< without the blanks and quotes around them
  std::size_t line = 0;             ///< the row's first line, from 1
  /// Whether the line begins with '#'; the fields are then what stands behind it, between separators of that
  /// line's own.
  bool is_comment = false;
};

/// Reads a table of text, row by row, as spreadsheets and programs write it (RFC 4180): fields between
/// commas, semicolons or tabs, of which the first row decides; a field in quotes may hold separators, line
/// ends and doubled quotes. Lines end as on Unix, Windows or old Macs; a byte order mark is skipped, rows
/// without anything in them are left out. Takes no more memory than a row, and a row is bounded.
class CsvReader {
 public:
  /// \throws as RegularFile
  explicit CsvReader(const std::filesystem::path& path);

  /// The next row; nothing at the end of the file.
  /// \throws InputError naming file and line when quotes are wrong or the text is UTF-16; IoError when the
  ///         file cannot be read to its end, be it because a row has no end.
  std::optional<CsvRow> next();

 private:
  bool next_line(std::string& line);
  bool fill();

  std::filesystem::path path_;
  RegularFile file_;
  std::string buffer_;
  std::size_t at_ = 0;      // in buffer_
  std::size_t number_ = 0;  // of the last line
  char separator_ = '\0';   // not known yet
};

}  // namespace cleft
