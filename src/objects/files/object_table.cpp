#include "objects/files/object_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft {
namespace {

static_assert(std::is_standard_layout_v<Synapse> && std::is_trivially_copyable_v<Synapse>);

enum class ColumnType { uint64, int64, core, float64, flag };

/// A column of both files: its name there, and where its value stands in a Synapse.
struct Column {
  const char* name;
  ColumnType type;
  std::size_t offset;
};

constexpr std::array columns{
    Column{"id", ColumnType::uint64, offsetof(Synapse, id)},
    Column{"first_z", ColumnType::int64, offsetof(Synapse, first_voxel.z)},
    Column{"first_y", ColumnType::int64, offsetof(Synapse, first_voxel.y)},
    Column{"first_x", ColumnType::int64, offsetof(Synapse, first_voxel.x)},
    Column{"size_voxels", ColumnType::int64, offsetof(Synapse, size)},
    Column{"volume_nm3", ColumnType::float64, offsetof(Synapse, volume_nm3)},
    Column{"centroid_z_voxels", ColumnType::float64, offsetof(Synapse, centroid.z)},
    Column{"centroid_y_voxels", ColumnType::float64, offsetof(Synapse, centroid.y)},
    Column{"centroid_x_voxels", ColumnType::float64, offsetof(Synapse, centroid.x)},
    Column{"centroid_z_nm", ColumnType::float64, offsetof(Synapse, centroid_nm.z)},
    Column{"centroid_y_nm", ColumnType::float64, offsetof(Synapse, centroid_nm.y)},
    Column{"centroid_x_nm", ColumnType::float64, offsetof(Synapse, centroid_nm.x)},
    Column{"begin_z", ColumnType::int64, offsetof(Synapse, bounds.begin.z)},
    Column{"begin_y", ColumnType::int64, offsetof(Synapse, bounds.begin.y)},
    Column{"begin_x", ColumnType::int64, offsetof(Synapse, bounds.begin.x)},
    Column{"end_z", ColumnType::int64, offsetof(Synapse, bounds.end.z)},
    Column{"end_y", ColumnType::int64, offsetof(Synapse, bounds.end.y)},
    Column{"end_x", ColumnType::int64, offsetof(Synapse, bounds.end.x)},
    Column{"core_size_voxels", ColumnType::core, offsetof(Synapse, core_size)},
    Column{"core_count", ColumnType::core, offsetof(Synapse, core_count)},
    Column{"largest_core_voxels", ColumnType::core, offsetof(Synapse, largest_core)},
    Column{"mean_probability", ColumnType::float64, offsetof(Synapse, mean_probability)},
    Column{"max_probability", ColumnType::float64, offsetof(Synapse, max_probability)},
    Column{"decisive_ratio", ColumnType::float64, offsetof(Synapse, decisive_ratio)},
    Column{"accepted", ColumnType::flag, offsetof(Synapse, accepted)},
    Column{"long_axis_nm", ColumnType::float64, offsetof(Synapse, long_axis_nm)},
    Column{"middle_axis_nm", ColumnType::float64, offsetof(Synapse, middle_axis_nm)},
    Column{"short_axis_nm", ColumnType::float64, offsetof(Synapse, short_axis_nm)},
    Column{"normal_z", ColumnType::float64, offsetof(Synapse, normal.z)},
    Column{"normal_y", ColumnType::float64, offsetof(Synapse, normal.y)},
    Column{"normal_x", ColumnType::float64, offsetof(Synapse, normal.x)},
    Column{"flatness", ColumnType::float64, offsetof(Synapse, flatness)},
    Column{"elongation", ColumnType::float64, offsetof(Synapse, elongation)},
    Column{"touches_edge", ColumnType::flag, offsetof(Synapse, touches_edge)},
};

template <class T>
T value_at(const Synapse& synapse, std::size_t offset) {
  T value;
  std::memcpy(&value, reinterpret_cast<const std::byte*>(&synapse) + offset, sizeof value);
  return value;
}

void append_cell(std::string& line, const Synapse& synapse, const Column& column) {
  const auto out = std::back_inserter(line);
  switch (column.type) {
    case ColumnType::uint64:
      fmt::format_to(out, "{}", value_at<std::uint64_t>(synapse, column.offset));
      break;
    case ColumnType::int64:
      fmt::format_to(out, "{}", value_at<std::int64_t>(synapse, column.offset));
      break;
    case ColumnType::core:
      if (const auto value = value_at<std::int64_t>(synapse, column.offset); value != unknown_core)
        fmt::format_to(out, "{}", value);
      break;
    case ColumnType::flag:
      fmt::format_to(out, "{}", value_at<std::uint8_t>(synapse, column.offset));
      break;
    case ColumnType::float64:
      if (const auto value = value_at<double>(synapse, column.offset); !std::isnan(value))
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
  for (const Column& column : columns)
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
  return std::ranges::any_of(columns,
                             [&](const Column& c) { return c.type == ColumnType::core && c.name == name; });
}

std::string object_table_csv(const std::vector<Synapse>& synapses) {
  std::string text;
  for (const Column& column : columns) {
    text += column.name;
    text += ',';
  }
  text.back() = '\n';
  for (const Synapse& synapse : synapses) {
    for (const Column& column : columns) {
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
