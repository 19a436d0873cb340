#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/detect/segment_test.hpp"

namespace cleft::test {
namespace {

TEST_F(SegmentTest, MakesNothingVisibleAndLeavesNothingThatIsNotPublished) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  {
    const Segmentation done = segment(comm, job);
    EXPECT_EQ(done.labels.empty(), !comm.is_root());
    EXPECT_EQ(done.table.empty(), !comm.is_root());
    EXPECT_FALSE(std::filesystem::exists(job.labels));
    EXPECT_FALSE(std::filesystem::exists(job.table));
    comm.barrier();
    EXPECT_EQ(unfinished_in(directory.path()).size(), 2U);
    comm.barrier();
  }
  comm.barrier();
  EXPECT_TRUE(unfinished_in(directory.path()).empty());
}

/// What a run leaves that is killed between its files.
TEST_F(SegmentTest, WhereTheTableIsThereTheLabelsAreOfTheSameRun) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  job.recipe = {{"run", 1}};
  segment_and_publish();
  job.recipe = {{"run", 2}};
  job.rule.bounds.min = 1;
  Segmentation second = segment(comm, job);
  if (comm.is_root()) {
    const std::string first_table = file_bytes(job.table), second_table = file_bytes(second.table.written());
    ASSERT_NE(first_table, second_table);
    Publication publication(files_of(std::move(second)));
    bool more = true;
    while (more) {
      more = publication.step();
      if (!std::filesystem::exists(job.table)) continue;
      EXPECT_EQ(read_synapse_recipe(job.labels)["run"], file_bytes(job.table) == first_table ? 1 : 2);
    }
    EXPECT_EQ(file_bytes(job.table), second_table);
    EXPECT_EQ(read_synapse_recipe(job.labels), job.recipe);
  }
}

TEST_F(SegmentTest, WhatIsWrittenCanBeVerifiedAndTheTableMadeAgain) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  segment_and_publish();
  if (comm.is_root()) {
    EXPECT_EQ(check_synapse_file(job.labels), Soundness::sound);
    EXPECT_EQ(check_table(job.table, job.labels), Soundness::sound);
    EXPECT_EQ(table_of(job.labels), file_bytes(job.table));
  }
  comm.barrier();
}

TEST_F(SegmentTest, StopsOnAllRanksWhenOneIsAskedToAndLeavesNothing) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  job.block_shape = Extent{2, 3, 4};
  std::stop_source source;
  if (comm.rank() == comm.size() - 1) source.request_stop();
  EXPECT_THROW(segment(comm, job, source.get_token()), Stopped);
  comm.barrier();
  EXPECT_TRUE(unfinished_in(directory.path()).empty());
}

TEST_F(SegmentTest, ATableThatCannotBeWrittenFailsOnAllRanksAlikeAndIsNotThere) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  job.table = directory / "no folder" / "synapses.csv";
  EXPECT_THROW(segment(comm, job), CollectiveError);
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

TEST_F(SegmentTest, AMissingFileFailsOnAllRanksAlikeAndLeavesNothing) {
  EXPECT_THROW(segment(comm, job), CollectiveError);
  EXPECT_FALSE(std::filesystem::exists(job.labels));
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

TEST_F(SegmentTest, AnUnreadableBlockOfOneRankFailsOnAllRanksAlikeAndLeavesNothing) {
  const Array3<std::uint8_t> probability = random_probability({32, 32, 32}, 0.2, 3);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    h5::write_file(job.probability, [&](h5::File& file) {
      file.write(probability_dataset, values_of(probability), {32, 32, 32},
                 {.chunks = {8, 32, 32}, .gzip = 1})
          .set_attribute("classes", std::vector<std::string>{"synapse"});
    });
    // In the middle of the chunks: the last rank's, or one of the only rank's.
    auto bytes = file_bytes(job.probability);
    const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * 3 / 4);
    std::fill(middle, middle + 500, '\xa5');
    write_bytes(job.probability, bytes);
  });
  job.block_shape = Extent{8, 32, 32};
  try {
    segment(comm, job);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const CollectiveError& e) {
    EXPECT_NE(std::string(e.what()).find("probability.h5:/probability"), std::string::npos) << e.what();
  }
  EXPECT_FALSE(std::filesystem::exists(job.labels));
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

TEST_F(SegmentTest, LabelsThatDoNotFitTheDiskFailOnAllRanksAlikeAndLeaveNothing) {
  store(random_probability({40, 128, 128}, 0.02, 3));
  {
    const FileSizeLimit limit(1 << 20);
    EXPECT_THROW(segment(comm, job), CollectiveError);
  }
  EXPECT_FALSE(std::filesystem::exists(job.labels));
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

}  // namespace
}  // namespace cleft::test
