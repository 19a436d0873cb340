#include "objects/files/object_table.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "objects/voxel_sums.hpp"

namespace cleft {
namespace {

constexpr Extent volume{60, 60, 60};

std::vector<Synapse> two_synapses(const std::optional<VoxelSize>& voxel_size) {
  const auto bar = sums_of_voxels({{{1, 2, 3}, 100}, {{1, 2, 4}, 101}, {{1, 2, 5}, 255}}, volume);
  const auto corner = sums_of_voxels({{{0, 0, 0}, 7}, {{1, 0, 0}, 8}}, volume);
  return {describe_synapse(1, corner, {1, 2, 2}, 255, volume, voxel_size),
          describe_synapse(2, bar, {2, 3, 2}, 255, volume, voxel_size)};
}

std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream cells(line + ",");
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The cell of this column in a row (1 = first synapse).
std::string cell(const std::string& csv, std::size_t row, const std::string& column) {
  const auto cells = cells_of(csv);
  for (std::size_t i = 0; i < cells[0].size(); ++i)
    if (cells[0][i] == column) return cells.at(row).at(i);
  ADD_FAILURE() << "no column " << column;
  return {};
}

TEST(ObjectTable, AnEmptyTableIsItsHeader) {
  EXPECT_EQ(
      object_table_csv({}),
      "id,first_z,first_y,first_x,size_voxels,volume_nm3,centroid_z_voxels,centroid_y_voxels,centroid_x_"
      "voxels,"
      "centroid_z_nm,centroid_y_nm,centroid_x_nm,begin_z,begin_y,begin_x,end_z,end_y,end_x,core_size_voxels,"
      "core_count,largest_core_voxels,mean_probability,max_probability,decisive_ratio,accepted,long_axis_nm,"
      "middle_axis_nm,"
      "short_axis_nm,normal_z,normal_y,normal_x,flatness,elongation,touches_edge\n");
}

TEST(ObjectTable, EveryRowHasACellForEveryColumn) {
  const auto cells = cells_of(object_table_csv(two_synapses(VoxelSize{40, 4, 5})));
  ASSERT_EQ(cells.size(), 3U);
  for (const auto& row : cells) EXPECT_EQ(row.size(), cells[0].size());
}

TEST(ObjectTable, WholeNumbersAreWrittenAsSuch) {
  const auto csv = object_table_csv(two_synapses(VoxelSize{40, 4, 5}));
  EXPECT_EQ(cell(csv, 2, "id"), "2");
  EXPECT_EQ(cell(csv, 2, "first_x"), "3");
  EXPECT_EQ(cell(csv, 2, "size_voxels"), "3");
  EXPECT_EQ(cell(csv, 2, "end_x"), "6");
  EXPECT_EQ(cell(csv, 2, "core_size_voxels"), "3");
  EXPECT_EQ(cell(csv, 2, "touches_edge"), "0");
  EXPECT_EQ(cell(csv, 1, "touches_edge"), "1");
}

TEST(ObjectTable, UnknownCoresAreEmptyCells) {
  auto rows = two_synapses(VoxelSize{40, 4, 5});
  rows[1].core_size = rows[1].core_count = rows[1].largest_core = unknown_core;
  const auto csv = object_table_csv(rows);
  for (const auto* column : {"core_size_voxels", "core_count", "largest_core_voxels"}) {
    EXPECT_NE(cell(csv, 1, column), "") << column;
    EXPECT_EQ(cell(csv, 2, column), "") << column;
    EXPECT_TRUE(is_core_column(column));
  }
  EXPECT_FALSE(is_core_column("size_voxels"));
}

TEST(ObjectTable, NumbersReadBackToTheSameDouble) {
  const auto synapses = two_synapses(VoxelSize{47.5, 4.6, 4.6});
  const auto csv = object_table_csv(synapses);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(number(cell(csv, i + 1, "volume_nm3")), synapses[i].volume_nm3);
    EXPECT_EQ(number(cell(csv, i + 1, "centroid_y_nm")), synapses[i].centroid_nm.y);
    EXPECT_EQ(number(cell(csv, i + 1, "mean_probability")), synapses[i].mean_probability);
    EXPECT_EQ(number(cell(csv, i + 1, "long_axis_nm")), synapses[i].long_axis_nm);
    EXPECT_EQ(number(cell(csv, i + 1, "flatness")), synapses[i].flatness);
  }
}

TEST(ObjectTable, WithoutAVoxelSizeCellsInNmAreEmpty) {
  const auto csv = object_table_csv(two_synapses(std::nullopt));
  for (const char* column :
       {"volume_nm3", "centroid_z_nm", "long_axis_nm", "normal_y", "flatness", "elongation"})
    EXPECT_EQ(cell(csv, 1, column), "");
  EXPECT_EQ(cell(csv, 1, "centroid_z_voxels"), "0.5");
}

/// A file of a test, gone when the test ends.
class ObjectTableFile : public testing::Test {
 protected:
  std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) /
      (std::string("object_table_") + testing::UnitTest::GetInstance()->current_test_info()->name() + ".h5");

  void write(const std::vector<Synapse>& synapses) {
    h5::write_file(path, [&](h5::File& file) { write_object_table(file, synapses); });
  }
  void TearDown() override { std::filesystem::remove(path); }
};

/// One column of a table, converted to double.
std::vector<double> column_of(const h5::Dataset& table, const char* column) {
  const h5::Handle type(H5Tcreate(H5T_COMPOUND, sizeof(double)), "test", "describe a column");
  h5::check(H5Tinsert(type.get(), column, 0, h5::memory_type<double>()), "test", "describe a column");
  std::vector<double> values(table.element_count());
  table.read_as(type.get(), values.data(), values.size() * sizeof(double));
  return values;
}

TEST_F(ObjectTableFile, FieldsAreNamedAndFilledAsTheCsvColumns) {
  const auto synapses = two_synapses(VoxelSize{40, 4, 5});
  write(synapses);
  const auto file = h5::File::open_read(path);
  const auto table = file.dataset("objects");
  ASSERT_EQ(table.shape(), h5::Shape{2});
  const auto csv = object_table_csv(synapses);
  const auto header = cells_of(csv)[0];
  for (const std::string& column : header)
    for (std::size_t row = 0; row < 2; ++row)
      EXPECT_EQ(column_of(table, column.c_str())[row], number(cell(csv, row + 1, column))) << column;
}

TEST_F(ObjectTableFile, WithoutAVoxelSizeFieldsInNmAreNotANumber) {
  write(two_synapses(std::nullopt));
  const auto file = h5::File::open_read(path);
  const auto table = file.dataset("objects");
  EXPECT_TRUE(std::isnan(column_of(table, "volume_nm3")[0]));
  EXPECT_EQ(column_of(table, "size_voxels")[1], 3);
}

TEST_F(ObjectTableFile, VerdictsAreOneMoreColumnOfCsvAndFile) {
  const auto synapses = two_synapses(VoxelSize{40, 4, 5});
  const Verdicts verdicts{"unsure", ""};
  const auto csv = object_table_csv(synapses, &verdicts), without = object_table_csv(synapses);
  EXPECT_EQ(cell(csv, 1, "verdict"), "unsure");
  EXPECT_EQ(cell(csv, 2, "verdict"), "");
  EXPECT_EQ(cell(csv, 2, "touches_edge"), cell(without, 2, "touches_edge"));
  EXPECT_EQ(csv.size(), without.size() + std::string(",verdict,unsure,").size());
  h5::write_file(path, [&](h5::File& file) { write_object_table(file, synapses, &verdicts); });
  const auto file = h5::File::open_read(path);
  EXPECT_EQ(read_verdicts(file), verdicts);
  EXPECT_EQ(object_table_csv(read_object_table(file)), without);
  EXPECT_EQ(column_of(file.dataset("objects"), "size_voxels")[1], 3);
}

TEST_F(ObjectTableFile, AVerdictThatIsTooLongIsRefusedAndNotCut) {
  const auto synapses = two_synapses(std::nullopt);
  const Verdicts verdicts{"undecided", ""};
  EXPECT_THROW(h5::write_file(path, [&](h5::File& file) { write_object_table(file, synapses, &verdicts); }),
               InputError);
}

TEST_F(ObjectTableFile, ATableWithoutVerdictsHasNoneAndAnEmptyOneMayHaveThem) {
  write(two_synapses(std::nullopt));
  EXPECT_FALSE(read_verdicts(h5::File::open_read(path)));
  const Verdicts none;
  h5::write_file(path, [&](h5::File& file) { write_object_table(file, {}, &none); });
  EXPECT_EQ(read_verdicts(h5::File::open_read(path)), none);
}

TEST_F(ObjectTableFile, AnEmptyTableHasNoRows) {
  write({});
  const auto file = h5::File::open_read(path);
  EXPECT_EQ(file.dataset("objects").shape(), h5::Shape{0});
}

}  // namespace
}  // namespace cleft
