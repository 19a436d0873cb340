#include "io/volume/csv_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft {
namespace {

// Hundreds of times what a labelled voxel takes.
constexpr std::size_t max_row = std::size_t{1} << 16U, piece = std::size_t{1} << 16U;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// What a row is made of, as far as it goes.
struct Split {
  std::vector<std::string> fields;
  bool open = false;       // the last field's quote is not closed: the row goes on
  std::string wrong = {};  // what is wrong with a quote
};

/// Takes a field in quotes, from behind its quote to behind the blanks after it.
void take_quoted(std::string_view row, std::size_t& at, Split& split) {
  std::string field;
  for (;; ++at) {
    if (at == row.size()) {
      split.open = true;
      return;
    }
    if (row[at] != '"')
      field += row[at];
    else if (at + 1 < row.size() && row[at + 1] == '"')
      field += row[at++];
    else
      break;
  }
  split.fields.emplace_back(trimmed(field));
  ++at;
}

Split split_row(std::string_view row, char separator) {
  Split split;
  for (std::size_t at = 0;;) {
    while (at < row.size() && row[at] != separator && (row[at] == ' ' || row[at] == '\t')) ++at;
    if (at < row.size() && row[at] == '"') {
      take_quoted(row, ++at, split);
      if (split.open) return split;
      const std::size_t end = std::min(row.find(separator, at), row.size());
      if (!trimmed(row.substr(at, end - at)).empty()) split.wrong = "has text behind a closing quote";
      at = end;
    } else {
      const std::size_t end = std::min(row.find(separator, at), row.size());
      split.fields.emplace_back(trimmed(row.substr(at, end - at)));
      at = end;
    }
    if (at == row.size()) return split;
    ++at;
  }
}

/// The separator that makes most of a row; of several that make as much, a semicolon before a comma, since a
/// comma may be part of a number.
char separator_of(std::string_view row) {
  char best = ',';
  std::size_t most = 0;
  for (const char separator : {'\t', ';', ','}) {
    const std::size_t fields = split_row(row, separator).fields.size();
    if (fields > most) {
      most = fields;
      best = separator;
    }
  }
  return best;
}

/// The row that a line is, if it is a comment. A quote means nothing in it: what begins with one and does not
/// end with it is one field.
std::optional<CsvRow> comment(std::string_view line, std::size_t number) {
  line = trimmed(line);
  if (!line.starts_with('#')) return std::nullopt;
  line = trimmed(line.substr(std::min(line.find_first_not_of('#'), line.size())));
  Split split = split_row(line, separator_of(line));
  if (split.open || !split.wrong.empty() || split.fields.empty()) split.fields = {std::string(line)};
  return CsvRow{std::move(split.fields), number, true};
}

}  // namespace

CsvReader::CsvReader(const std::filesystem::path& path) : path_(path), file_(path, "a CSV file of labels") {}

/// Reads more of the file behind what is left. Returns whether there was more.
bool CsvReader::fill() {
  buffer_.erase(0, std::exchange(at_, 0));
  const std::size_t left = buffer_.size();
  buffer_.resize(left + piece);
  const std::size_t count = file_.read(buffer_.data() + left, piece);
  buffer_.resize(left + count);
  return count > 0;
}

bool CsvReader::next_line(std::string& line) {
  for (std::size_t from = 0;;) {
    const std::size_t end = buffer_.find_first_of("\r\n", at_ + from);
    // A carriage return at the very end may be half of a line's end.
    const bool whole = end != std::string::npos && (buffer_[end] == '\n' || end + 1 < buffer_.size());
    if (whole) break;
    from = buffer_.size() - at_ - (end == std::string::npos ? 0 : 1);
    if (from > max_row)
      throw IoError(
          {path_.string(),
           fmt::format("cannot be read to its end: line {} is longer than {} bytes", number_ + 1, max_row),
           "rows of z, y, x, class"});
    if (!fill()) break;
  }
  if (at_ == buffer_.size()) return false;
  const std::size_t end = std::min(buffer_.find_first_of("\r\n", at_), buffer_.size());
  line = buffer_.substr(at_, end - at_);
  const bool windows = end + 1 < buffer_.size() && buffer_[end] == '\r' && buffer_[end + 1] == '\n';
  at_ = std::min(end + (windows ? 2 : 1), buffer_.size());
  ++number_;
  return true;
}

std::optional<CsvRow> CsvReader::next() {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  for (std::string line; next_line(line);) {
    CsvRow row{{}, number_, false};
    const std::string subject = fmt::format("{}:{}", path_.string(), row.line);
    if (row.line == 1 && (line.starts_with("\xff\xfe") || line.starts_with("\xfe\xff")))
      throw InputError({path_.string(), "is text in UTF-16", "text in UTF-8"});
    if (row.line == 1 && line.starts_with(byte_order_mark)) line.erase(0, byte_order_mark.size());
    if (trimmed(line).empty()) continue;
    if (auto remark = comment(line, number_)) return remark;
    if (separator_ == '\0') separator_ = separator_of(line);
    Split split = split_row(line, separator_);
    for (std::string more; split.open; split = split_row(line, separator_)) {
      if (!next_line(more))
        throw InputError({subject, "has a quote that is never closed", "a closing quote"});
      line += '\n' + more;
      if (line.size() > max_row)
        throw IoError(
            {subject,
             fmt::format("cannot be read to its end: a quote is not closed within {} bytes", max_row),
             "rows of z, y, x, class"});
    }
    if (!split.wrong.empty())
      throw InputError({subject, split.wrong, "a separator there, or doubled quotes"});
    row.fields = std::move(split.fields);
    if (std::any_of(row.fields.begin(), row.fields.end(), [](const std::string& f) { return !f.empty(); }))
      return row;
  }
  return std::nullopt;
}

}  // namespace cleft
