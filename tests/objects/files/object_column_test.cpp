#include "objects/files/object_column.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "objects/files/object_table.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using Column = std::map<std::uint64_t, double>;

class ObjectColumn : public testing::Test {
 protected:
  const test::TempDirectory directory;
  const std::filesystem::path file = directory / "synapses.h5";

  void write(const std::vector<std::uint64_t>& ids) const {
    std::vector<Synapse> rows;
    for (const std::uint64_t id : ids) {
      Synapse row;
      row.id = id;
      row.size = static_cast<std::int64_t>(100 * id);
      row.max_probability = 1.0 / static_cast<double>(id);
      rows.push_back(row);
    }
    h5::write_file(file, [&](h5::File& h5) { write_object_table(h5, rows); });
  }
};

TEST_F(ObjectColumn, IsReadByTheObjectsIds) {
  write({3, 1, 7});
  EXPECT_EQ(read_object_column(file, "max_probability"), (Column{{1, 1.0}, {3, 1.0 / 3}, {7, 1.0 / 7}}));
  EXPECT_EQ(read_object_column(file, "size_voxels"), (Column{{1, 100}, {3, 300}, {7, 700}}));
  EXPECT_EQ(read_object_column(file, "id"), (Column{{1, 1}, {3, 3}, {7, 7}}));
  EXPECT_FALSE(read_object_column(file, "no_such_column"));
  write({});
  EXPECT_EQ(read_object_column(file, "max_probability"), Column{});
}

TEST_F(ObjectColumn, OfAFileWithoutATableThereIsNone) {
  h5::write_file(file, [](h5::File& h5) { h5.write("labels", std::vector<int>{1, 2}, {1, 1, 2}); });
  EXPECT_FALSE(read_object_column(file, "max_probability"));
  EXPECT_TRUE(measured_columns(file).empty());
  h5::write_file(file, [](h5::File& h5) { h5.write("objects", std::vector<int>{1, 2}, {2}); });
  EXPECT_FALSE(read_object_column(file, "max_probability"));
}

TEST_F(ObjectColumn, CoresThatNobodyHasMeasuredAreRefused) {
  write({1});
  EXPECT_EQ(read_object_column(file, "core_count"), (Column{{1, 0}}));
  std::vector<Synapse> rows(2);
  rows[1].id = 1;
  rows[1].core_count = unknown_core;
  std::filesystem::remove(file);
  h5::write_file(file, [&](h5::File& h5) { write_object_table(h5, rows); });
  try {
    read_object_column(file, "core_count");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("the column 'core_count' is unknown"));
  }
}

TEST_F(ObjectColumn, TwoRowsOfOneObjectAreRefused) {
  write({3, 3});
  try {
    read_object_column(file, "max_probability");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("has two rows of the id 3"));
  }
}

TEST_F(ObjectColumn, MeasuredColumnsAreThoseOfFloatingPoint) {
  write({1});
  const auto columns = measured_columns(file);
  EXPECT_THAT(columns, testing::IsSupersetOf({"mean_probability", "max_probability", "volume_nm3"}));
  EXPECT_THAT(columns, testing::Not(testing::Contains("id")));
}

}  // namespace
}  // namespace cleft
