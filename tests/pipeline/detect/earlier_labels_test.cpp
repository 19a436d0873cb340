#include "pipeline/detect/earlier_labels.hpp"

#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "io/sealed_file.hpp"
#include "objects/files/object_table.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/run/labels_recipe.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

/// Whole labels of a recipe, and their table beside them.
void write_results(const RunFiles& files, const nlohmann::json& recipe) {
  h5::start_library();
  const h5::Handle creation(H5Pcreate(H5P_FILE_CREATE), "file", "prepare");
  h5::check(H5Pset_userblock(creation.get(), seal_bytes), "file", "prepare");
  h5::File made(h5::Handle(H5Fcreate(files.synapses.c_str(), H5F_ACC_TRUNC, creation.get(), H5P_DEFAULT),
                           "file", "create"),
                files.synapses);
  made.write(labels_dataset, std::vector<std::uint64_t>{1}, {1, 1, 1});
  made.close();
  const std::vector<Synapse> rows(1);
  const std::string table = object_table_csv(rows);
  complete_synapse_file(files.synapses, {.recipe = recipe, .rows = rows, .complete_from = 0}, table);
  test::write_bytes(files.table, table);
}

TEST(EarlierLabels, AreNotDoneWhereThereIsMemoryNowToSplitMore) {
  const test::TempDirectory directory;
  const RunFiles files(directory.path());
  const nlohmann::json wanted{{"core_ratio", 7}};
  nlohmann::json stored = wanted;
  write_results(files, stored);
  EXPECT_TRUE(look_at_labels(files, wanted, 1'000'000).done) << "nothing was left whole";
  stored[left_whole_below] = 1000;
  write_results(files, stored);
  EXPECT_TRUE(look_at_labels(files, wanted, 999).done);
  const EarlierLabels more = look_at_labels(files, wanted, 1000);
  EXPECT_FALSE(more.done);
  EXPECT_EQ(more.keep_as, files.previous_table);
  EXPECT_EQ(more.recipe, stored);
}

TEST(LabelsRecipe, WhatWasAskedForLeavesOutHowItCameAbout) {
  const nlohmann::json asked{{"core_ratio", 7}};
  nlohmann::json stored = asked;
  stored[left_whole_below] = 1000;
  stored[cores_of_ratio] = 3;
  EXPECT_EQ(as_asked_for(stored), asked);
  EXPECT_FALSE(splits_more(asked, 1 << 30));
  EXPECT_FALSE(splits_more(nlohmann::json(), 1 << 30));
}

}  // namespace
}  // namespace cleft
