#include "objects/files/object_table.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "base/error.hpp"
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

/// The same without the gaps between members, for the file: no byte of it is undefined.
h5::Handle packed_row_type(const std::string& subject) {
  h5::Handle type = row_type(subject);
  h5::check(H5Tpack(type.get()), subject, "describe a row");
  return type;
}

}  // namespace

bool is_core_column(std::string_view name) {
  return std::ranges::any_of(table_columns(), [&](const TableColumn& column) {
    return column.type == ColumnType::core && column.name == name;
  });
}

std::string object_table_csv(const std::vector<Synapse>& synapses) {
  std::string text;
  for (const TableColumn& column : table_columns()) {
    text += column.name;
    text += ',';
  }
  text.back() = '\n';
  for (const Synapse& synapse : synapses) {
    for (const TableColumn& column : table_columns()) {
      append_cell(text, synapse, column);
      text += ',';
    }
    text.back() = '\n';
  }
  return text;
}

void write_object_table(h5::Group& file, const std::vector<Synapse>& synapses) {
  const std::string subject = file.name() + " " + objects_dataset;
  const h5::Handle in_file = packed_row_type(subject);
  h5::Dataset table = file.create_dataset(objects_dataset, in_file.get(), {synapses.size()});
  if (synapses.empty()) return;
  const h5::Handle in_memory = row_type(subject);
  table.write_as(in_memory.get(), synapses.data());
}

std::vector<Synapse> read_object_table(const h5::Group& file) {
  const h5::Dataset table = file.dataset(objects_dataset);
  const h5::Handle in_file(H5Dget_type(table.id()), table.name(), "look at its columns");
  if (H5Tequal(in_file.get(), packed_row_type(table.name()).get()) <= 0)
    throw InputError(
        {table.name(), "has other columns than this version of cleft writes", "a table of this version"});
  std::vector<Synapse> synapses(table.element_count());
  const h5::Handle in_memory = row_type(table.name());
  if (!synapses.empty()) table.read_as(in_memory.get(), synapses.data(), synapses.size() * sizeof(Synapse));
  return synapses;
}

}  // namespace cleft
