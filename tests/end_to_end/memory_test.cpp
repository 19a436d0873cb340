// A volume whose 29 channels alone would take 5.8 GB, worked on in 256 MiB per rank.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/run_cleft.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {
namespace {

TEST(Memory, EveryRankStaysWithinItsShare) {
  const TempDirectory directory;
  const auto path = [&](const std::string& name) { return (directory / name).string(); };
  // Sanitizers take memory of their own: then only the run itself is looked at.
  const bool memory_is_ours = !under_address_sanitizer();
  write_bytes(directory / "run.yaml",
              "volume: {path: phantom.h5, dataset: /raw}\n"
              "labels: {path: phantom.h5, dataset: /labels}\n"
              "forest: {trees: 2}\n"
              "model: synapse.model.h5\n"
              "run: {directory: results, memory_per_rank: 256MiB, threads_per_rank: 2}\n");
  ASSERT_EQ(run_cleft({"phantom", path("phantom.h5"), "--extent", "192,512,512", "--voxel-size", "8,8,8"}, 2)
                .exit_code,
            0);
  ASSERT_EQ(run_cleft({"train", path("run.yaml")}, 2).exit_code, 0);
  const auto outcome = run_cleft({"detect", path("run.yaml")}, 2);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;

  const auto run = nlohmann::json::parse(file_bytes(directory / "results" / "run.json"))["segment"];
  ASSERT_EQ(run["peak_memory_of_ranks"].size(), 2U);
  for (const std::int64_t peak : run["peak_memory_of_ranks"]) {
    EXPECT_GT(peak, std::int64_t{10} << 20U) << "not a measurement";
    if (memory_is_ours) {
      EXPECT_LE(peak, std::int64_t{256} << 20U);
    }
  }
}

}  // namespace
}  // namespace cleft::test
