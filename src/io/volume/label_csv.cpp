#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "base/text/nearest.hpp"
#include "io/volume/labels.hpp"

namespace cleft {
namespace {

constexpr std::array<std::string_view, 4> column_names{"z", "y", "x", "class"};

/// Where z, y, x and class stand in a line.
using Columns = std::array<std::size_t, 4>;

struct Row {
  LabelledVoxel labelled;
  std::size_t line;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\"";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0, end = 0; end != std::string_view::npos; begin = end + 1) {
    end = line.find(',', begin);
    fields.push_back(trimmed(line.substr(begin, end == std::string_view::npos ? end : end - begin)));
  }
  return fields;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// The columns that a header names; nothing when the line is no header.
std::optional<Columns> header_columns(const std::vector<std::string_view>& fields) {
  Columns columns{};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto place = std::find(fields.begin(), fields.end(), column_names[i]);
    if (place == fields.end()) return std::nullopt;
    columns[i] = to_size(place - fields.begin());
  }
  return columns;
}

std::uint8_t class_number(std::string_view text, const std::vector<std::string>& classes,
                          const std::string& subject) {
  const auto named = std::find(classes.begin(), classes.end(), text);
  if (named != classes.end()) return narrow<std::uint8_t>(named - classes.begin() + 1);
  const auto number = integer(text);
  if (number && *number >= 1 && *number <= narrow<std::int64_t>(classes.size()))
    return narrow<std::uint8_t>(*number);
  throw InputError(
      {subject, fmt::format("names class '{}'", text),
       number ? fmt::format("1 to {} ({})", classes.size(), fmt::join(classes, ", "))
              : fmt::format("one of {} (nearest: {})", fmt::join(classes, ", "), nearest(text, classes))});
}

LabelledVoxel parse_row(const std::vector<std::string_view>& fields, const Columns& columns,
                        const Extent& volume, const std::vector<std::string>& classes,
                        const std::string& subject) {
  std::array<std::int64_t, 3> place{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto value = integer(fields[columns[axis]]);
    if (!value)
      throw InputError(
          {subject, fmt::format("{} is '{}'", column_names[axis], fields[columns[axis]]), "a whole number"});
    place[axis] = *value;
  }
  const GlobalVoxel voxel{place[0], place[1], place[2]};
  if (!whole_box(volume).contains(voxel))
    throw InputError({subject,
                      fmt::format("z {}, y {}, x {} is outside the volume", voxel.z, voxel.y, voxel.x),
                      "a voxel of " + to_string(volume)});
  return {voxel, class_number(fields[columns[3]], classes, subject)};
}

/// Sorts, drops repetitions, and refuses a voxel with two classes.
std::vector<LabelledVoxel> unique_voxels(std::vector<Row> rows, const std::filesystem::path& path,
                                         const std::vector<std::string>& classes) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.labelled.voxel < b.labelled.voxel; });
  std::vector<LabelledVoxel> voxels;
  const Row* previous = nullptr;
  for (const Row& row : rows) {
    const bool again = previous != nullptr && previous->labelled.voxel == row.labelled.voxel;
    if (again && previous->labelled.label != row.labelled.label)
      throw InputError({fmt::format("{}:{}", path.string(), row.line),
                        fmt::format("gives class {} to a voxel that line {} gave class {}",
                                    classes[row.labelled.label - 1U], previous->line,
                                    classes[previous->labelled.label - 1U]),
                        "one class for each voxel"});
    if (!again) voxels.push_back(row.labelled);
    previous = &row;
  }
  return voxels;
}

}  // namespace

std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes) {
  std::ifstream in(path);
  if (!in || std::filesystem::is_directory(path))
    throw InputError(
        {path.string(), std::string("cannot be read: ") + std::strerror(in ? EISDIR : errno), "a CSV file"});
  Columns columns{};
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  std::size_t field_count = columns.size();
  std::vector<Row> rows;
  bool first = true;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    const std::string_view text = number == 1 && line.starts_with(byte_order_mark)
                                      ? std::string_view(line).substr(byte_order_mark.size())
                                      : std::string_view(line);
    if (trimmed(text).empty()) continue;
    const auto fields = fields_of(text);
    const bool may_be_header = std::exchange(first, false);
    if (const auto header = may_be_header ? header_columns(fields) : std::nullopt) {
      columns = *header;
      field_count = fields.size();
      continue;
    }
    const std::string subject = fmt::format("{}:{}", path.string(), number);
    if (fields.size() != field_count)
      throw InputError(
          {subject, "has " + counted(narrow<std::int64_t>(fields.size()), "field"),
           field_count == columns.size() ? "4 (z,y,x,class)" : fmt::format("{} as the header", field_count)});
    rows.push_back({parse_row(fields, columns, volume, classes, subject), number});
  }
  return unique_voxels(std::move(rows), path, classes);
}

}  // namespace cleft
