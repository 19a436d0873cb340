#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "objects/synapse.hpp"

namespace cleft {

/// What a column holds; `core` is an int64 that may be unknown_core.
enum class ColumnType { uint64, int64, core, float64, flag };

/// A column of the object table, wherever it is written: its name, and where its value stands in a Synapse.
struct TableColumn {
  const char* name;
  ColumnType type;
  std::size_t offset;
};

/// All columns, in order.
std::span<const TableColumn> table_columns();

/// A row's value.
/// \tparam T  As the column's type says: std::uint64_t, std::int64_t (also of cores), double or, of a flag,
///            std::uint8_t.
template <class T>
T column_value(const Synapse& synapse, const TableColumn& column) {
  T value;
  std::memcpy(&value, reinterpret_cast<const std::byte*>(&synapse) + column.offset, sizeof value);
  return value;
}

}  // namespace cleft
