#include "pipeline/run/run_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/version.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using test::TempDirectory;

json content_of(const std::filesystem::path& file) {
  return json::parse(test::file_bytes(file));
}

StageRecord some_stage() {
  return {.ranks = 2,
          .threads_per_rank = 3,
          .memory_per_rank = 1 << 20,
          .peak_memory_of_ranks = {4, 5},
          .recipe = {{"model", "a"}},
          .accepted_inputs = {"volume b"},
          .finished = std::nullopt};
}

PredictRecord some_predict() {
  return {.stage = some_stage(),
          .seconds = 2.5,
          .blocks = 8,
          .blocks_resumed = 1,
          .block = {1, 2, 3},
          .voxels = 48,
          .voxels_with_halo = 72,
          .not_numbers = 3,
          .halo_overhead = 1.5,
          .bytes_read = 72,
          .bytes_written = 49};
}

SegmentRecord some_segment() {
  return {.stage = some_stage(),
          .synapses = 7,
          .candidates = 4,
          .searched_voxels = 900,
          .block = {4, 5, 6},
          .split_components = 5,
          .split_parts = 11,
          .left_whole = {"z 0:1, y 2:3, x 4:5"},
          .components_in_blocks = 30,
          .cores_in_blocks = 20,
          .components_merged = 10,
          .dropped = DroppedCounts{.no_core = 11, .too_small = 12, .too_large = 13},
          .highest_ratio = 2.5,
          .merge = {.phases = 2, .exchanges = 9, .bytes_sent = 100},
          .core_merge = {.phases = 1, .exchanges = 3, .bytes_sent = 50},
          .bytes_read = 70,
          .bytes_written = 60,
          .threshold_seconds = 1,
          .merge_seconds = 2,
          .split_seconds = 2.5,
          .combine_seconds = 3,
          .write_seconds = 4};
}

const auto stage_text =
    R"("ranks": 2, "threads_per_rank": 3, "memory_per_rank": 1048576, "peak_memory_of_ranks": [4, 5],
       "recipe": {"model": "a"}, "accepted_inputs": ["volume b"])";

TEST(RunRecord, HasTheseKeys) {
  EXPECT_EQ(
      to_json(some_predict()),
      json::parse(std::string("{") + stage_text +
                  R"(, "seconds": 2.5, "blocks": 8, "blocks_resumed": 1, "block": [1, 2, 3], "voxels": 48,
                             "voxels_with_halo": 72, "not_numbers": 3, "halo_overhead": 1.5, "bytes": {"read": 72, "written": 49}})"));
  EXPECT_EQ(to_json(some_segment()),
            json::parse(std::string("{") + stage_text +
                        R"(, "synapses": 7, "candidates": 4, "searched_voxels": 900, "block": [4, 5, 6],
                             "split": {"components": 5, "parts": 11, "left_whole": ["z 0:1, y 2:3, x 4:5"]}, "components_in_blocks": 30, "cores_in_blocks": 20,
                             "components_merged": 10,
                             "dropped": {"no_core": 11, "too_small": 12, "too_large": 13}, "highest_ratio": 2.5,
                             "merge": {"phases": 2, "exchanges": 9, "bytes_sent": 100},
                             "core_merge": {"phases": 1, "exchanges": 3, "bytes_sent": 50},
                             "bytes": {"read": 70, "written": 60},
                             "seconds": {"threshold": 1.0, "merge": 2.0, "split": 2.5, "combine": 3.0, "write": 4.0}})"));
}

TEST(RunRecord, IsReadBackAsItWasWritten) {
  const json predict = to_json(some_predict()), segment = to_json(some_segment());
  const RunRecord read = run_record_from_json({{"predict", predict}, {"segment", segment}});
  ASSERT_TRUE(read.predict && read.segment);
  EXPECT_EQ(to_json(*read.predict), predict);
  EXPECT_EQ(to_json(*read.segment), segment);
}

TEST(RunRecord, WhatNobodyHasCountedIsNullAndReadBackAsThat) {
  SegmentRecord record = some_segment();
  record.dropped.reset();
  const json segment = to_json(record);
  EXPECT_TRUE(segment.at("dropped").is_null());
  const RunRecord read = run_record_from_json({{"segment", segment}});
  EXPECT_FALSE(read.segment->dropped);
  EXPECT_EQ(to_json(*read.segment), segment);
}

TEST(RunRecord, OfCleft010HasItsRecipeAsOrigin) {
  const RunRecord read = run_record_from_json(json::parse(
      R"({"predict": {"origin": {"model": "b"}, "blocks": 3, "finished": "2024-05-06T07:08:09Z"}})"));
  ASSERT_TRUE(read.predict);
  EXPECT_FALSE(read.segment);
  EXPECT_EQ(read.predict->stage.recipe, (json{{"model", "b"}}));
  EXPECT_EQ(read.predict->blocks, 3);
  EXPECT_EQ(read.predict->stage.finished, "2024-05-06T07:08:09Z");
}

TEST(RunRecord, IsReadAsFarAsItIsUnderstood) {
  for (const auto* odd : {"3", "[1]", "null", R"("text")"})
    EXPECT_FALSE(run_record_from_json(json::parse(odd)).predict) << odd;
  for (const auto* odd :
       {"3", "null", "[]", R"({"blocks": "many", "finished": 3, "block": [1], "bytes": 4})"}) {
    const RunRecord read = run_record_from_json({{"predict", json::parse(odd)}});
    ASSERT_TRUE(read.predict) << odd;
    EXPECT_EQ(read.predict->blocks, 0) << odd;
    EXPECT_EQ(read.predict->block, Extent{}) << odd;
    EXPECT_EQ(read.predict->bytes_read, 0) << odd;
    EXPECT_FALSE(read.predict->stage.finished) << odd;
  }
}

TEST(RunRecordFile, BeginsWithWhatMadeIt) {
  const TempDirectory temp;
  RunRecordFile(temp / "run.json").store(some_predict());
  const json content = content_of(temp / "run.json");
  EXPECT_EQ(content["cleft"]["version"], version());
  EXPECT_EQ(content["cleft"]["revision"], source_revision());
  EXPECT_EQ(content["predict"]["seconds"], 2.5);
  EXPECT_EQ(content["predict"]["finished"].get<std::string>().size(),
            std::string("2024-01-01T00:00:00Z").size());
}

TEST(RunRecordFile, KeepsTheSectionsThatAnEarlierRunWrote) {
  const TempDirectory temp;
  test::write_bytes(temp / "run.json", R"({"predict": {"later": 8}, "segment": {"origin": 3}, "report": 1})");
  RunRecordFile file(temp / "run.json");
  for (const std::int64_t synapses : {3, 4}) {
    SegmentRecord record = some_segment();
    record.synapses = synapses;
    std::vector<UnpublishedFile> files;
    files.push_back(file.write_unpublished(record));
    EXPECT_NE(content_of(temp / "run.json")["segment"]["synapses"], synapses) << "before it is published";
    publish(std::move(files));
  }
  const json content = content_of(temp / "run.json");
  EXPECT_EQ(content["predict"], (json{{"later", 8}}));
  EXPECT_EQ(content["report"], 1);
  EXPECT_EQ(content["segment"]["synapses"], 4);
  EXPECT_FALSE(content["segment"].contains("origin"));
}

TEST(RunRecordFile, ReplacesAFileThatIsNotItsOwn) {
  const TempDirectory temp;
  for (const std::string other : {"", "{\"predict\": ", "[1, 2]"}) {
    test::write_bytes(temp / "run.json", other);
    EXPECT_FALSE(read_run_record(temp / "run.json").predict);
    RunRecordFile(temp / "run.json").store(some_predict());
    EXPECT_EQ(read_run_record(temp / "run.json").predict.value().blocks, 8);
  }
}

}  // namespace
}  // namespace cleft
