#include "io/volume/label_table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "base/text/nearest.hpp"
#include "base/text/numbers.hpp"

namespace cleft {
namespace {

constexpr std::size_t max_name = 100;
constexpr std::array<std::string_view, 4> column_names{"z", "y", "x", "class"};
constexpr std::array<std::string_view, 4> napari_names{"axis-0", "axis-1", "axis-2", "class"};

bool equals_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// How often a row has a column of this name, in capitals or not, and where first.
struct Found {
  std::int64_t times = 0;
  std::size_t at = 0;
};
Found find_column(const std::vector<std::string>& fields, std::string_view name) {
  Found found;
  for (std::size_t f = fields.size(); f-- > 0;)
    if (equals_without_case(fields[f], name)) found = {found.times + 1, f};
  return found;
}

/// Likewise, of a column that stands there once at most.
/// \throws InputError
Found find_one_column(const std::vector<std::string>& fields, std::string_view name,
                      const std::string& subject) {
  const Found found = find_column(fields, name);
  if (found.times > 1)
    throw InputError({subject, fmt::format("names the column {} {} times", name, found.times), "once"});
  return found;
}

/// A table of napari's points layer: its columns axis-0, axis-1, axis-2 are z, y, x, in voxels of the layer
/// and with fractions, since a point is where the mouse was.
bool is_header_of_napari(const std::vector<std::string>& fields) {
  return find_column(fields, "axis-0").times > 0 && find_column(fields, "z").times == 0;
}

/// Refuses tables of napari that are no points in a volume.
void check_napari(const std::vector<std::string>& fields, const std::string& subject) {
  const std::string expected = "a points layer with the columns axis-0, axis-1, axis-2 and class";
  if (find_column(fields, "shape-type").times > 0)
    throw InputError({subject, "is of a layer of shapes of napari", expected});
  if (find_column(fields, "axis-3").times > 0)
    throw InputError({subject, "names axis-3: points of more than three axes", expected});
}

/// Whoever writes `radius` for radius_nm would get balls of another size, and never know.
/// \param name  Of the column that a header may name besides, and does not.
void check_not_misspelt(const std::vector<std::string>& fields, std::string_view name,
                        const std::string& subject) {
  const std::string_view quantity = name.substr(0, name.find('_'));
  for (const std::string& field : fields)
    if (equals_without_case(std::string_view(field).substr(0, quantity.size()), quantity))
      throw InputError({subject, fmt::format("names a column {}", in_quotes(field)),
                        fmt::format("{}, or a name that does not begin with '{}'", name, quantity)});
}

/// The columns that a header names.
/// \throws InputError when it names some of them only, or one twice.
std::array<std::size_t, 4> columns_of_header(const std::vector<std::string>& fields, bool of_napari,
                                             const std::string& subject) {
  if (of_napari) check_napari(fields, subject);
  const auto& names = of_napari ? napari_names : column_names;
  std::array<std::size_t, 4> columns{};
  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Found found = find_one_column(fields, names[i], subject);
    if (found.times == 0) missing.push_back(names[i]);
    columns[i] = found.at;
  }
  if (missing.empty()) return columns;
  const std::string all = printable(fmt::format("{}", fmt::join(fields, ", ")), max_name);
  throw InputError({subject,
                    fmt::format("names no column {} (its columns: {})", fmt::join(missing, ", "), all),
                    fmt::format("the columns {}, {}, {} and class, in any order, others beside them",
                                names[0], names[1], names[2])});
}

/// Whether a row names columns. A comment does if it names two axes, as NumPy writes it ("# z,y,x,class").
bool is_header(const CsvRow& row) {
  const std::string& front = row.fields.front();
  if (!row.is_comment && (number_from<double>(front) || has_comma_in_number(front))) return false;
  int named = 0;
  for (const std::string_view name : {"z", "y", "x", "axis-0", "axis-1", "axis-2"})
    named += find_column(row.fields, name).times > 0 ? 1 : 0;
  return !row.is_comment || named > 1;
}

/// The axes that a line names as words, in their order ("xyz"); empty unless it names each of them once.
std::string axes_in_words(const CsvRow& row) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const std::string text = fmt::format(" {} ", fmt::join(row.fields, " "));
  std::string axes;
  for (std::size_t i = 1; i + 1 < text.size(); ++i)
    for (const char axis : {'z', 'y', 'x'})
      if (equals_without_case({&text[i], 1}, {&axis, 1}) && !is_letter(text[i - 1]) &&
          !is_letter(text[i + 1]))
        axes += axis;
  std::string sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  return sorted == "xyz" ? axes : "";
}

}  // namespace

LabelTable::LabelTable(const std::filesystem::path& path, std::string_view more)
    : path_(path), reader_(path), more_(more) {}

std::string LabelTable::subject(std::size_t line) const {
  return fmt::format("{}:{}", path_.string(), line);
}

void LabelTable::read_header(const CsvRow& row) {
  is_of_napari_ = is_header_of_napari(row.fields);
  columns_ = columns_of_header(row.fields, is_of_napari_, subject(row.line));
  if (!more_.empty()) {
    const Found found = find_one_column(row.fields, more_, subject(row.line));
    if (found.times > 0)
      more_column_ = found.at;
    else
      check_not_misspelt(row.fields, more_, subject(row.line));
  }
  fields_ = row.fields.size();
  has_header_ = true;
}

/// A comment that speaks of columns in another order than that in which they are read: of a header that is
/// none, such as NumPy's "# x y z class" above rows with commas, or of a second table behind the first.
void LabelTable::check_comment(const CsvRow& row) const {
  if (has_header_) {
    if (!is_header(row)) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Found found = find_column(row.fields, (is_of_napari_ ? napari_names : column_names).at(i));
      if (found.times > 0 && found.at != columns_.at(i))
        throw InputError({subject(row.line), "names columns in another order than the first header",
                          "one order in one table"});
    }
    return;
  }
  const std::string axes = axes_in_words(row);
  if (axes.empty() || axes == "zyx") return;
  throw InputError(
      {subject(row.line),
       fmt::format("names {}, but is no header of this table, whose rows would be z, y, x, class",
                   fmt::join(axes, ", ")),
       "a header with separators (x,y,z,class)"});
}

std::optional<LabelRow> LabelTable::next() {
  while (const auto row = reader_.next()) {
    if (!has_rows_ && !has_header_ && is_header(*row)) {
      read_header(*row);
      continue;
    }
    if (row->is_comment) {
      check_comment(*row);
      continue;
    }
    const auto& fields = row->fields;
    if (fields.size() != fields_)
      throw InputError({subject(row->line), "has " + counted(narrow<std::int64_t>(fields.size()), "field"),
                        has_header_ ? fmt::format("{} as the header", fields_) : "4 (z,y,x,class)"});
    has_rows_ = true;
    return LabelRow{{fields[columns_[0]], fields[columns_[1]], fields[columns_[2]]},
                    fields[columns_[3]],
                    more_column_ ? fields[*more_column_] : "",
                    row->line};
  }
  return std::nullopt;
}

std::optional<std::int64_t> whole_number_of_table(std::string_view text) {
  if (const auto value = number_from<std::int64_t>(text)) return value;
  constexpr double exact = 0x1p53;
  const auto value = number_from<double>(text);
  if (!value || std::abs(*value) > exact || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::string number_in_table(std::string_view text) {
  return in_quotes(text) + (has_comma_in_number(text) ? fmt::format(" ({})", comma_advice) : "");
}

std::uint8_t class_in_table(std::string_view text, const std::vector<std::string>& classes,
                            const std::string& subject) {
  const auto named = std::find(classes.begin(), classes.end(), text);
  if (named != classes.end()) return narrow<std::uint8_t>(named - classes.begin() + 1);
  const auto number = whole_number_of_table(text);
  if (number && *number >= 1 && *number <= narrow<std::int64_t>(classes.size()))
    return narrow<std::uint8_t>(*number);
  const std::string numbers = fmt::format("1 to {} ({})", classes.size(), fmt::join(classes, ", "));
  if (number == 0)
    throw InputError({subject, "names class '0', which in label volumes means unlabelled",
                      numbers + ", and no row for a voxel without a label"});
  throw InputError({subject, "names class " + in_quotes(text),
                    number ? numbers
                           : fmt::format("one of {} (nearest: {})", fmt::join(classes, ", "),
                                         nearest(text.substr(0, max_name), classes))});
}

}  // namespace cleft
