#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "parallel/agree.hpp"
#include "pipeline/evaluate/evaluate.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

constexpr Extent extent{4, 20, 20};

TEST(RunEvaluate, OneRankWritesTheResultForAll) {
  const auto comm = Communicator::world();
  const test::TempDirectory directory(comm);
  const auto labels = test::random_boxes(extent, 1, 5, 1);
  if (comm.is_root()) test::write_volume(directory / "labels.h5", "labels", labels);
  comm.barrier();
  EvaluateOptions options;
  options.labels = options.truth = {directory / "labels.h5", "/labels"};
  options.json = directory / "result.json";
  run_evaluate(comm, options);
  comm.barrier();
  const auto json = nlohmann::json::parse(test::file_bytes(*options.json));
  EXPECT_EQ(json["objects"]["matched"], 1);
  EXPECT_EQ(json["objects"]["f1"], 1.0);
  EXPECT_EQ(json["objects"]["matches"][0]["detection"], 5);
  EXPECT_EQ(json["sections"], (std::vector<int>{0, 4}));
  EXPECT_TRUE(json["probability"].is_null());
}

TEST(RunEvaluate, AMissingFileIsOneErrorOnEveryRank) {
  const auto comm = Communicator::world();
  const test::TempDirectory directory(comm);
  EvaluateOptions options;
  options.labels = options.truth = {directory / "nothing.h5", "/labels"};
  options.json = directory / "result.json";
  try {
    run_evaluate(comm, options);
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_NE(std::string(error.what()).find("nothing.h5"), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(*options.json));
}

}  // namespace
}  // namespace cleft
