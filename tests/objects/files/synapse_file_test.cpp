#include "objects/files/synapse_file.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "io/sealed_file.hpp"
#include "objects/files/object_table.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

/// As labels are written: with room for a seal.
void write_labels_alone(const std::filesystem::path& file) {
  h5::start_library();
  const h5::Handle creation(H5Pcreate(H5P_FILE_CREATE), "file", "prepare");
  h5::check(H5Pset_userblock(creation.get(), seal_bytes), "file", "prepare");
  h5::File made(
      h5::Handle(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, creation.get(), H5P_DEFAULT), "file", "create"),
      file);
  made.write(labels_dataset, std::vector<std::uint64_t>{1}, {1, 1, 1});
  made.close();
}

TEST(SynapseFile, HasItsRecipeAndItsSynapsesOnceItIsComplete) {
  const test::TempDirectory directory;
  const auto file = directory / "synapses.h5";
  const nlohmann::json recipe{{"foreground", "synapse"}};
  write_labels_alone(file);
  EXPECT_THROW(read_synapse_recipe(file), InputError);
  EXPECT_THROW(count_objects(file), InputError);
  std::vector<Synapse> rows(3);
  rows.back().accepted = 0;
  complete_synapse_file(file, {.recipe = recipe, .rows = rows, .complete_from = 2.5}, "a table");
  EXPECT_EQ(read_synapse_recipe(file), recipe);
  EXPECT_EQ(count_objects(file).synapses, 2);
  EXPECT_EQ(count_objects(file).candidates, 1);
  EXPECT_EQ(read_objects(file).size(), 3U);
  EXPECT_EQ(read_complete_from(file), 2.5);
  EXPECT_EQ(h5::File::open_read(file).dataset(labels_dataset).element_count(), 1U);
}

class CheckedSynapseFile : public testing::Test {
 protected:
  CheckedSynapseFile() {
    for (std::uint64_t id = 1; id <= 3; ++id) {
      Synapse row;
      row.id = id;
      row.centroid.z = 0.1 * static_cast<double>(id);
      row.volume_nm3 = std::numeric_limits<double>::quiet_NaN();
      rows.push_back(row);
    }
    write_labels_alone(file);
    complete_synapse_file(file, {.recipe = {{"foreground", "synapse"}}, .rows = rows, .complete_from = 0},
                          object_table_csv(rows));
    test::write_bytes(table, object_table_csv(rows));
  }

  const test::TempDirectory directory;
  const std::filesystem::path file = directory / "synapses.h5", table = directory / "synapses.csv";
  std::vector<Synapse> rows;
};

TEST_F(CheckedSynapseFile, IsSoundAndReadableByOthers) {
  EXPECT_EQ(check_synapse_file(file), Soundness::sound);
  EXPECT_EQ(check_table(table, file), Soundness::sound);
  EXPECT_EQ(table_of(file), test::file_bytes(table));
  EXPECT_GT(H5Fis_hdf5(file.c_str()), 0);
}

TEST_F(CheckedSynapseFile, OneFlippedBitAnywhereIsDamage) {
  const std::string whole = test::file_bytes(file);
  for (std::size_t at = 0; at < whole.size(); at += at < 600 ? 1 : 61) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 16);
    test::write_bytes(file, flipped);
    ASSERT_EQ(check_synapse_file(file), Soundness::damaged) << at;
  }
}

TEST_F(CheckedSynapseFile, ZeroedBytesAndLostEndsAreDamage) {
  const std::string whole = test::file_bytes(file);
  std::string zeroed = whole;
  zeroed.replace(0, 512, 512, '\0');
  for (const std::string& bytes : {zeroed, whole.substr(0, whole.size() - 1), whole.substr(0, 100),
                                   std::string(), whole + "x", std::string("no HDF5")}) {
    test::write_bytes(file, bytes);
    std::string why;
    EXPECT_EQ(check_synapse_file(file, &why), Soundness::damaged);
  }
  std::filesystem::remove(file);
  EXPECT_EQ(check_synapse_file(file), Soundness::missing);
}

TEST_F(CheckedSynapseFile, ThatIsSomebodyElsesIsNamedAndSaidToBe) {
  const std::string whole = test::file_bytes(file);
  std::string why;
  for (const bool has_labels : {false, true}) {
    h5::write_file(file, [&](h5::File& f) {
      f.write(has_labels ? labels_dataset : "volumes/raw", std::vector<std::uint64_t>{1}, {1, 1, 1});
    });
    EXPECT_EQ(check_synapse_file(file, &why), Soundness::damaged);
    EXPECT_EQ(why,
              file.string() + ": is not what cleft detect wrote: it lacks a recipe, /labels or /objects");
  }
  test::write_bytes(file, std::string(512, '\0') + whole.substr(512));
  EXPECT_EQ(check_synapse_file(file, &why), Soundness::damaged);
  EXPECT_EQ(why, file.string() + ": has lost its first bytes");
}

TEST_F(CheckedSynapseFile, KnowsItsOwnTableOnly) {
  const std::string whole = test::file_bytes(table);
  std::string other = whole;
  other[other.size() / 2] ^= 1;
  for (const std::string& bytes :
       {other, std::string(), whole.substr(0, 300), whole + whole.substr(whole.size() / 2)}) {
    test::write_bytes(table, bytes);
    EXPECT_EQ(check_table(table, file), Soundness::damaged);
  }
  std::filesystem::remove(table);
  EXPECT_EQ(check_table(table, file), Soundness::missing);
  std::filesystem::create_directory(table);
  EXPECT_THROW(check_table(table, file), InputError);
}

TEST_F(CheckedSynapseFile, OfCleft010CannotBeVerified) {
  h5::write_file(file, [&](h5::File& f) {
    f.write(labels_dataset, std::vector<std::uint64_t>{1}, {1, 1, 1});
    f.set_attribute("origin", "{}");
    write_object_table(f, rows);
  });
  EXPECT_EQ(check_synapse_file(file), Soundness::unknown);
  EXPECT_EQ(check_table(table, file), Soundness::unknown);
  EXPECT_EQ(table_of(file), std::nullopt);
}

TEST_F(CheckedSynapseFile, OfOtherColumnsGivesNoTable) {
  write_labels_alone(file);
  {
    h5::File opened = h5::File::open_write(file);
    opened.write(objects_dataset, std::vector<std::uint64_t>{1, 2});
    opened.set_attribute("table_xxh64", std::uint64_t{1});
  }
  EXPECT_EQ(table_of(file), std::nullopt);
}

TEST(SynapseFile, ThatIsMissingIsNamed) {
  EXPECT_THROW(read_synapse_recipe("/no/such/file"), InputError);
  EXPECT_THROW(complete_synapse_file("/no/such/file", {}, ""), InputError);
}

}  // namespace
}  // namespace cleft
