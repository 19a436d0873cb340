#include "objects/table_columns.hpp"

#include <array>
#include <type_traits>

namespace cleft {
namespace {

static_assert(std::is_standard_layout_v<Synapse> && std::is_trivially_copyable_v<Synapse>);

constexpr std::array columns{
    TableColumn{"id", ColumnType::uint64, offsetof(Synapse, id)},
    TableColumn{"first_z", ColumnType::int64, offsetof(Synapse, first_voxel.z)},
    TableColumn{"first_y", ColumnType::int64, offsetof(Synapse, first_voxel.y)},
    TableColumn{"first_x", ColumnType::int64, offsetof(Synapse, first_voxel.x)},
    TableColumn{"size_voxels", ColumnType::int64, offsetof(Synapse, size)},
    TableColumn{"volume_nm3", ColumnType::float64, offsetof(Synapse, volume_nm3)},
    TableColumn{"centroid_z_voxels", ColumnType::float64, offsetof(Synapse, centroid.z)},
    TableColumn{"centroid_y_voxels", ColumnType::float64, offsetof(Synapse, centroid.y)},
    TableColumn{"centroid_x_voxels", ColumnType::float64, offsetof(Synapse, centroid.x)},
    TableColumn{"centroid_z_nm", ColumnType::float64, offsetof(Synapse, centroid_nm.z)},
    TableColumn{"centroid_y_nm", ColumnType::float64, offsetof(Synapse, centroid_nm.y)},
    TableColumn{"centroid_x_nm", ColumnType::float64, offsetof(Synapse, centroid_nm.x)},
    TableColumn{"begin_z", ColumnType::int64, offsetof(Synapse, bounds.begin.z)},
    TableColumn{"begin_y", ColumnType::int64, offsetof(Synapse, bounds.begin.y)},
    TableColumn{"begin_x", ColumnType::int64, offsetof(Synapse, bounds.begin.x)},
    TableColumn{"end_z", ColumnType::int64, offsetof(Synapse, bounds.end.z)},
    TableColumn{"end_y", ColumnType::int64, offsetof(Synapse, bounds.end.y)},
    TableColumn{"end_x", ColumnType::int64, offsetof(Synapse, bounds.end.x)},
    TableColumn{"core_size_voxels", ColumnType::core, offsetof(Synapse, core_size)},
    TableColumn{"core_count", ColumnType::core, offsetof(Synapse, core_count)},
    TableColumn{"largest_core_voxels", ColumnType::core, offsetof(Synapse, largest_core)},
    TableColumn{"mean_probability", ColumnType::float64, offsetof(Synapse, mean_probability)},
    TableColumn{"max_probability", ColumnType::float64, offsetof(Synapse, max_probability)},
    TableColumn{"decisive_ratio", ColumnType::float64, offsetof(Synapse, decisive_ratio)},
    TableColumn{"accepted", ColumnType::flag, offsetof(Synapse, accepted)},
    TableColumn{"long_axis_nm", ColumnType::float64, offsetof(Synapse, long_axis_nm)},
    TableColumn{"middle_axis_nm", ColumnType::float64, offsetof(Synapse, middle_axis_nm)},
    TableColumn{"short_axis_nm", ColumnType::float64, offsetof(Synapse, short_axis_nm)},
    TableColumn{"normal_z", ColumnType::float64, offsetof(Synapse, normal.z)},
    TableColumn{"normal_y", ColumnType::float64, offsetof(Synapse, normal.y)},
    TableColumn{"normal_x", ColumnType::float64, offsetof(Synapse, normal.x)},
    TableColumn{"flatness", ColumnType::float64, offsetof(Synapse, flatness)},
    TableColumn{"elongation", ColumnType::float64, offsetof(Synapse, elongation)},
    TableColumn{"touches_edge", ColumnType::flag, offsetof(Synapse, touches_edge)},
};

}  // namespace

std::span<const TableColumn> table_columns() {
  return columns;
}

}  // namespace cleft
