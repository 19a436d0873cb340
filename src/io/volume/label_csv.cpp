#include "io/volume/label_csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "base/text/nearest.hpp"
#include "base/text/numbers.hpp"
#include "io/volume/csv_reader.hpp"

namespace cleft {
namespace {

constexpr std::size_t max_name = 100;
constexpr std::array<std::string_view, 4> column_names{"z", "y", "x", "class"};

/// Where z, y, x and class stand in a line.
using Columns = std::array<std::size_t, 4>;

struct Row {
  LabelledVoxel labelled;
  std::size_t line;
};

bool equals_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// The columns that a header names, in capitals or not; nothing when the row is no header.
/// \throws InputError when it names some of them only, or one twice.
std::optional<Columns> header_columns(const std::vector<std::string>& fields, const std::string& subject) {
  Columns columns{};
  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t times = 0;
    for (std::size_t f = fields.size(); f-- > 0;)
      if (equals_without_case(fields[f], column_names[i])) {
        columns[i] = f;
        ++times;
      }
    if (times > 1)
      throw InputError(
          {subject, fmt::format("names the column {} {} times", column_names[i], times), "once"});
    if (times == 0) missing.push_back(column_names[i]);
  }
  if (missing.empty()) return columns;
  const bool is_data = number_from<double>(fields.front()).has_value() || fields.size() < columns.size();
  if (is_data) return std::nullopt;
  throw InputError({subject, fmt::format("names no column {}", fmt::join(missing, ", ")),
                    "the columns z, y, x and class, in any order, others beside them"});
}

/// A whole number, also as programs write it that know only fractions: "12.0", "1.2e1".
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (const auto value = number_from<std::int64_t>(text)) return value;
  constexpr double exact = 0x1p53;
  const auto value = number_from<double>(text);
  if (!value || std::abs(*value) > exact || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::uint8_t class_number(std::string_view text, const std::vector<std::string>& classes,
                          const std::string& subject) {
  const auto named = std::find(classes.begin(), classes.end(), text);
  if (named != classes.end()) return narrow<std::uint8_t>(named - classes.begin() + 1);
  const auto number = whole_number(text);
  if (number && *number >= 1 && *number <= narrow<std::int64_t>(classes.size()))
    return narrow<std::uint8_t>(*number);
  throw InputError({subject, "names class " + in_quotes(text),
                    number ? fmt::format("1 to {} ({})", classes.size(), fmt::join(classes, ", "))
                           : fmt::format("one of {} (nearest: {})", fmt::join(classes, ", "),
                                         nearest(text.substr(0, max_name), classes))});
}

LabelledVoxel parse_row(const std::vector<std::string>& fields, const Columns& columns, const Extent& volume,
                        const std::vector<std::string>& classes, const Extent& begin,
                        const std::string& subject) {
  std::array<std::int64_t, 3> place{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::string& text = fields[columns[axis]];
    const auto value = whole_number(text);
    constexpr std::int64_t most = std::int64_t{1} << 53U;
    if (!value || *value < -most || *value > most)
      throw InputError(
          {subject, fmt::format("{} is {}", column_names[axis], in_quotes(text)), "a whole number"});
    place[axis] = *value;
  }
  const GlobalVoxel voxel = GlobalVoxel{place[0], place[1], place[2]} + begin;
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
                                          const std::vector<std::string>& classes, const Extent& begin) {
  CsvReader reader(path);
  Columns columns{};
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  std::size_t field_count = columns.size();
  std::vector<Row> rows;
  bool first = true;
  while (const auto row = reader.next()) {
    const std::string subject = fmt::format("{}:{}", path.string(), row->line);
    const bool may_be_header = std::exchange(first, false);
    if (const auto header = may_be_header ? header_columns(row->fields, subject) : std::nullopt) {
      columns = *header;
      field_count = row->fields.size();
      continue;
    }
    if (row->fields.size() != field_count)
      throw InputError(
          {subject, "has " + counted(narrow<std::int64_t>(row->fields.size()), "field"),
           field_count == columns.size() ? "4 (z,y,x,class)" : fmt::format("{} as the header", field_count)});
    rows.push_back({parse_row(row->fields, columns, volume, classes, begin, subject), row->line});
  }
  return unique_voxels(std::move(rows), path, classes);
}

}  // namespace cleft
