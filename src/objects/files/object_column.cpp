#include "objects/files/object_column.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/file.hpp"
#include "objects/files/object_table.hpp"

namespace cleft {
namespace {

constexpr auto id_column = "id";

/// What is read of a row.
struct Cell {
  std::uint64_t id = 0;
  double value = 0;
};

/// The type of a table's rows in the file.
h5::Handle rows_of(const h5::Dataset& table) {
  return {H5Dget_type(table.id()), table.name(), "look at its columns"};
}

/// The table, if the file has one of which rows have several columns.
std::optional<h5::Dataset> table_in(const h5::File& file) {
  if (!file.has_dataset(objects_dataset)) return std::nullopt;
  h5::Dataset table = file.dataset(objects_dataset);
  if (H5Tget_class(rows_of(table).get()) != H5T_COMPOUND) return std::nullopt;
  return table;
}

struct Member {
  std::string name;
  H5T_class_t kind;
};

std::vector<Member> columns_of(const h5::Handle& rows) {
  std::vector<Member> columns;
  const auto release = [](char* text) { H5free_memory(text); };
  const int count = H5Tget_nmembers(rows.get());
  for (int i = 0; i < count; ++i) {
    const auto member = narrow<unsigned>(i);
    const std::unique_ptr<char, decltype(release)> name(H5Tget_member_name(rows.get(), member), release);
    if (name != nullptr) columns.push_back({name.get(), H5Tget_member_class(rows.get(), member)});
  }
  return columns;
}

/// Whether there is a column of this name.
/// \throws InputError when it holds no numbers.
bool has_numbers(const h5::Dataset& table, const std::vector<Member>& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name, &Member::name);
  if (found == columns.end()) return false;
  if (found->kind == H5T_INTEGER || found->kind == H5T_FLOAT) return true;
  throw InputError({table.name(), fmt::format("has a column '{}' that holds no numbers", name), "numbers"});
}

}  // namespace

std::optional<std::map<std::uint64_t, double>> read_object_column(const std::filesystem::path& file,
                                                                  const std::string& column) {
  const h5::File opened = h5::File::open_read(file);
  const auto table = table_in(opened);
  if (!table) return std::nullopt;
  const auto columns = columns_of(rows_of(*table));
  if (!has_numbers(*table, columns, id_column) || !has_numbers(*table, columns, column)) return std::nullopt;
  h5::Handle in_memory(H5Tcreate(H5T_COMPOUND, sizeof(Cell)), table->name(), "describe a row");
  const auto insert = [&](const char* name, std::size_t offset, hid_t type) {
    h5::check(H5Tinsert(in_memory.get(), name, offset, type), table->name(), "describe a row");
  };
  insert(id_column, offsetof(Cell, id), h5::memory_type<std::uint64_t>());
  if (column != id_column) insert(column.c_str(), offsetof(Cell, value), h5::memory_type<double>());
  std::vector<Cell> cells(table->element_count());
  if (!cells.empty()) table->read_as(in_memory.get(), cells.data(), cells.size() * sizeof(Cell));
  if (is_core_column(column) && std::ranges::find(cells, double{unknown_core}, &Cell::value) != cells.end())
    throw InputError(
        {table->name(),
         fmt::format("the column '{}' is unknown: another core_ratio was followed by ranks alone", column),
         "the table of a run that thresholded by its core_ratio"});
  std::map<std::uint64_t, double> by_id;
  for (const Cell& cell : cells)
    if (!by_id.emplace(cell.id, column == id_column ? narrow<double>(cell.id) : cell.value).second)
      throw InputError(
          {table->name(), fmt::format("has two rows of the id {}", cell.id), "one row per object"});
  return by_id;
}

std::vector<std::string> measured_columns(const std::filesystem::path& file) {
  const h5::File opened = h5::File::open_read(file);
  const auto table = table_in(opened);
  std::vector<std::string> names;
  if (!table) return names;
  for (const Member& member : columns_of(rows_of(*table)))
    if (member.kind == H5T_FLOAT) names.push_back(member.name);
  return names;
}

}  // namespace cleft
