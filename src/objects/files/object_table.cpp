#include "objects/files/object_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "objects/table_columns.hpp"

namespace cleft {
namespace {

void append_cell(std::string& line, const Synapse& synapse, const TableColumn& column) {
  const auto out = std::back_inserter(line);
  switch (column.type) {
    case ColumnType::uint64:
      fmt::format_to(out, "{}", column_value<std::uint64_t>(synapse, column));
      break;
    case ColumnType::int64:
      fmt::format_to(out, "{}", column_value<std::int64_t>(synapse, column));
      break;
    case ColumnType::core:
      if (const auto value = column_value<std::int64_t>(synapse, column); value != unknown_core)
        fmt::format_to(out, "{}", value);
      break;
    case ColumnType::flag:
      fmt::format_to(out, "{}", column_value<std::uint8_t>(synapse, column));
      break;
    case ColumnType::float64:
      if (const auto value = column_value<double>(synapse, column); !std::isnan(value))
        fmt::format_to(out, "{}", value);
  }
}

hid_t memory_type_of(ColumnType type) {
  switch (type) {
    case ColumnType::uint64:
      return h5::memory_type<std::uint64_t>();
    case ColumnType::int64:
    case ColumnType::core:
      return h5::memory_type<std::int64_t>();
    case ColumnType::float64:
      return h5::memory_type<double>();
    case ColumnType::flag:
      return h5::memory_type<std::uint8_t>();
  }
  return H5I_INVALID_HID;
}

/// The columns as they stand in a Synapse.
h5::Handle row_type(const std::string& subject) {
  h5::Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Synapse)), subject, "describe a row");
  for (const TableColumn& column : table_columns())
    h5::check(H5Tinsert(type.get(), column.name, column.offset, memory_type_of(column.type)), subject,
              "describe a row");
  return type;
}

/// A row and what is said of its object.
struct JudgedRow {
  Synapse row;
  std::array<char, verdict_length> verdict{};
};
static_assert(std::is_standard_layout_v<JudgedRow>);

/// The columns as they stand in a JudgedRow.
h5::Handle judged_row_type(const std::string& subject) {
  const h5::Handle text(H5Tcopy(H5T_C_S1), subject, "describe a row");
  h5::check(H5Tset_size(text.get(), verdict_length), subject, "describe a row");
  h5::check(H5Tset_strpad(text.get(), H5T_STR_NULLPAD), subject, "describe a row");
  h5::Handle type = row_type(subject);
  h5::check(H5Tset_size(type.get(), sizeof(JudgedRow)), subject, "describe a row");
  h5::check(H5Tinsert(type.get(), verdict_column, offsetof(JudgedRow, verdict), text.get()), subject,
            "describe a row");
  return type;
}

/// A type without the gaps between members, for the file: no byte of it is undefined.
h5::Handle packed(h5::Handle type, const std::string& subject) {
  h5::check(H5Tpack(type.get()), subject, "describe a row");
  return type;
}

bool are_alike(const h5::Handle& a, const h5::Handle& b) {
  return H5Tequal(a.get(), b.get()) > 0;
}

/// Whether a table has verdicts.
/// \throws InputError when its columns are others.
bool has_verdicts(const h5::Dataset& table) {
  const h5::Handle in_file(H5Dget_type(table.id()), table.name(), "look at its columns");
  if (are_alike(in_file, packed(row_type(table.name()), table.name()))) return false;
  if (are_alike(in_file, packed(judged_row_type(table.name()), table.name()))) return true;
  throw InputError(
      {table.name(), "has other columns than this version of cleft writes", "a table of this version"});
}

std::vector<JudgedRow> judged_rows(const std::vector<Synapse>& synapses, const Verdicts& verdicts) {
  std::vector<JudgedRow> rows(synapses.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].row = synapses[i];
    if (verdicts.at(i).size() > verdict_length)
      throw InputError({"the verdict on object " + std::to_string(synapses[i].id), in_quotes(verdicts[i]),
                        fmt::format("at most {} bytes", verdict_length)});
    verdicts[i].copy(rows[i].verdict.data(), verdict_length);
  }
  return rows;
}

}  // namespace

bool is_core_column(std::string_view name) {
  return std::ranges::any_of(table_columns(), [&](const TableColumn& column) {
    return column.type == ColumnType::core && column.name == name;
  });
}

std::string object_table_csv(const std::vector<Synapse>& synapses, const Verdicts* verdicts) {
  std::string text;
  for (const TableColumn& column : table_columns()) {
    text += column.name;
    text += ',';
  }
  if (verdicts != nullptr) text += std::string(verdict_column) + ',';
  text.back() = '\n';
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    for (const TableColumn& column : table_columns()) {
      append_cell(text, synapses[i], column);
      text += ',';
    }
    if (verdicts != nullptr) text += verdicts->at(i) + ',';
    text.back() = '\n';
  }
  return text;
}

void write_object_table(h5::Group& file, const std::vector<Synapse>& synapses, const Verdicts* verdicts) {
  const std::string subject = file.name() + " " + objects_dataset;
  const auto type = [&] { return verdicts == nullptr ? row_type(subject) : judged_row_type(subject); };
  const h5::Handle in_file = packed(type(), subject), in_memory = type();
  h5::Dataset table = file.create_dataset(objects_dataset, in_file.get(), {synapses.size()});
  if (synapses.empty()) return;
  if (verdicts == nullptr)
    table.write_as(in_memory.get(), synapses.data());
  else
    table.write_as(in_memory.get(), judged_rows(synapses, *verdicts).data());
}

std::vector<Synapse> read_object_table(const h5::Group& file) {
  const h5::Dataset table = file.dataset(objects_dataset);
  has_verdicts(table);
  std::vector<Synapse> synapses(table.element_count());
  const h5::Handle in_memory = row_type(table.name());
  if (!synapses.empty()) table.read_as(in_memory.get(), synapses.data(), synapses.size() * sizeof(Synapse));
  return synapses;
}

std::optional<Verdicts> read_verdicts(const h5::Group& file) {
  const h5::Dataset table = file.dataset(objects_dataset);
  if (!has_verdicts(table)) return std::nullopt;
  std::vector<JudgedRow> rows(table.element_count());
  const h5::Handle in_memory = judged_row_type(table.name());
  if (!rows.empty()) table.read_as(in_memory.get(), rows.data(), rows.size() * sizeof(JudgedRow));
  Verdicts verdicts;
  for (const JudgedRow& row : rows) {
    const std::string_view text(row.verdict.data(), verdict_length);
    verdicts.emplace_back(text.substr(0, text.find('\0')));
  }
  return verdicts;
}

}  // namespace cleft
