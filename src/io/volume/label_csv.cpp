#include "io/volume/label_csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
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
constexpr std::array<std::string_view, 4> napari_names{"axis-0", "axis-1", "axis-2", "class"};

/// Where z, y, x and class stand in a line.
using Columns = std::array<std::size_t, 4>;

/// How the rows of a table are to be read.
struct Form {
  Columns columns{0, 1, 2, 3};
  std::size_t fields = 4;   // in a row
  bool has_header = false;  // that says so
  bool rounds = false;      // fractions of a voxel are the voxel that they lie in
};

struct Row {
  LabelledVoxel labelled;
  std::size_t line;
};

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

/// A table of napari's points layer: its columns axis-0, axis-1, axis-2 are z, y, x, in voxels of the layer
/// and with fractions, since a point is where the mouse was.
bool is_of_napari(const std::vector<std::string>& fields) {
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

/// The columns that a header names.
/// \throws InputError when it names some of them only, or one twice.
Columns columns_of_header(const std::vector<std::string>& fields, bool of_napari,
                          const std::string& subject) {
  if (of_napari) check_napari(fields, subject);
  const auto& names = of_napari ? napari_names : column_names;
  Columns columns{};
  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Found found = find_column(fields, names[i]);
    if (found.times > 1)
      throw InputError({subject, fmt::format("names the column {} {} times", names[i], found.times), "once"});
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

/// A whole number, also as programs write it that know only fractions: "12.0", "1.2e1".
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (const auto value = number_from<std::int64_t>(text)) return value;
  constexpr double exact = 0x1p53;
  const auto value = number_from<double>(text);
  if (!value || std::abs(*value) > exact || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

/// A number of a table, as a message has it.
std::string number_text(std::string_view text) {
  return in_quotes(text) + (has_comma_in_number(text) ? fmt::format(" ({})", comma_advice) : "");
}

/// The voxel along one axis. A voxel's centre is at its whole number: it reaches half a voxel to either side.
std::optional<std::int64_t> voxel_from(std::string_view text, bool rounds) {
  constexpr double most = 0x1p53;
  std::optional<std::int64_t> value = whole_number(text);
  if (const auto fraction = rounds && !value ? number_from<double>(text) : std::nullopt;
      fraction && std::abs(*fraction) <= most)
    value = static_cast<std::int64_t>(std::floor(*fraction + 0.5));
  return value && std::abs(static_cast<double>(*value)) <= most ? value : std::nullopt;
}

std::uint8_t class_number(std::string_view text, const std::vector<std::string>& classes,
                          const std::string& subject) {
  const auto named = std::find(classes.begin(), classes.end(), text);
  if (named != classes.end()) return narrow<std::uint8_t>(named - classes.begin() + 1);
  const auto number = whole_number(text);
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

LabelledVoxel parse_row(const std::vector<std::string>& fields, const Form& form, const Extent& volume,
                        const std::vector<std::string>& classes, const Extent& begin,
                        const std::string& subject) {
  std::array<std::int64_t, 3> place{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::string& text = fields[form.columns[axis]];
    const auto value = voxel_from(text, form.rounds);
    if (!value)
      throw InputError({subject, fmt::format("{} is {}", column_names[axis], number_text(text)),
                        form.rounds ? "a number" : "a whole number"});
    place[axis] = *value;
  }
  const GlobalVoxel voxel = GlobalVoxel{place[0], place[1], place[2]} + begin;
  if (!whole_box(volume).contains(voxel))
    throw InputError({subject,
                      fmt::format("z {}, y {}, x {} is outside the volume", voxel.z, voxel.y, voxel.x),
                      "a voxel of " + to_string(volume)});
  return {voxel, class_number(fields[form.columns[3]], classes, subject)};
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
  Form form;
  std::vector<Row> rows;
  while (const auto row = reader.next()) {
    const std::string subject = fmt::format("{}:{}", path.string(), row->line);
    if (rows.empty() && !form.has_header && is_header(*row)) {
      form.rounds = is_of_napari(row->fields);
      form.columns = columns_of_header(row->fields, form.rounds, subject);
      form.fields = row->fields.size();
      form.has_header = true;
      continue;
    }
    if (row->is_comment) continue;
    if (row->fields.size() != form.fields)
      throw InputError({subject, "has " + counted(narrow<std::int64_t>(row->fields.size()), "field"),
                        form.has_header ? fmt::format("{} as the header", form.fields) : "4 (z,y,x,class)"});
    rows.push_back({parse_row(row->fields, form, volume, classes, begin, subject), row->line});
  }
  return unique_voxels(std::move(rows), path, classes);
}

}  // namespace cleft
