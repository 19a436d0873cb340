// A disk that is full: one line that says so, on any number of ranks, and nothing that looks finished.

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>
#include <sys/mount.h>

#include "end_to_end/small_run.hpp"

namespace cleft::test {
namespace {

namespace fs = std::filesystem;

/// A file system of a few MiB in a folder of its own.
class SmallDisk {
 public:
  explicit SmallDisk(std::int64_t bytes)
      : failure_(::mount("none", folder_.path().c_str(), "tmpfs", 0,
                         ("size=" + std::to_string(bytes)).c_str()) == 0
                     ? 0
                     : errno) {}
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (failure_ == 0) ::umount(folder_.path().c_str());
  }

  /// Why there is none, or 0.
  int failure() const { return failure_; }
  fs::path operator/(const std::string& name) const { return folder_ / name; }

  /// Takes what is free but so many bytes, until the disk is cleared again.
  void fill_but(std::int64_t bytes) const {
    const auto free = static_cast<std::int64_t>(fs::space(folder_.path()).available);
    write_bytes(folder_ / "filling", std::string(static_cast<std::size_t>(free - bytes), 'x'));
  }
  void clear() const { fs::remove(folder_ / "filling"); }

 private:
  TempDirectory folder_;
  int failure_;
};

class FullDisk : public testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() { run_ = new SmallRun; }
  static void TearDownTestSuite() { delete run_; }

  void SetUp() override {
    if (disk.failure() != 0)
      GTEST_SKIP() << "skipped: no disk can be mounted here: " << std::strerror(disk.failure());
  }

  Outcome detect(const std::vector<std::string>& sets = {}, const std::vector<std::string>& more = {}) const {
    auto all = sets;
    all.push_back("run.directory=" + results.string());
    return run_->detect(GetParam(), "unused", all, more);
  }
  static void expect_one_line(const Outcome& outcome, const std::string& file) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    ASSERT_EQ(outcome.errors().size(), 1U) << outcome.err;
    EXPECT_NE(outcome.errors().front().find(file), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.errors().front().find("No space left on device"), std::string::npos) << outcome.err;
  }

  static SmallRun* run_;
  const SmallDisk disk{std::int64_t{4} << 20U};
  const fs::path results = disk / "results";
};

SmallRun* FullDisk::run_ = nullptr;

TEST_P(FullDisk, PredictSaysSoBeforeItHasWorked) {
  // 6 MiB of probabilities.
  const std::vector<std::string> large{"predict.dtype=float32", "predict.classes=all"};
  const auto outcome = detect(large);
  expect_one_line(outcome, "probability.h5");
  EXPECT_FALSE(fs::exists(results / "probability.h5"));
  EXPECT_FALSE(fs::exists(results / "probability.h5.part")) << "nothing was begun";
}

TEST_P(FullDisk, AProbabilityFileThatIsGoneOnWithSaysSoToo) {
  ASSERT_EQ(detect({}, {"--stage", "predict"}).exit_code, 0);
  // As a killed run leaves it, its disk space given to somebody else.
  fs::rename(results / "probability.h5", results / "probability.h5.part");
  disk.fill_but(512 << 10);
  expect_one_line(detect(), "probability.h5");
  disk.clear();
  const auto outcome = detect();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_P(FullDisk, SegmentSaysSoAndCanBeDoneLater) {
  ASSERT_EQ(detect({}, {"--stage", "predict"}).exit_code, 0);
  disk.fill_but(512 << 10);
  expect_one_line(detect(), "synapses.h5");
  EXPECT_FALSE(fs::exists(results / "synapses.h5"));
  EXPECT_FALSE(fs::exists(results / "synapses.csv"));
  disk.clear();
  const auto outcome = detect();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(fs::exists(results / "synapses.csv"));
}

INSTANTIATE_TEST_SUITE_P(Ranks, FullDisk, testing::Values(1, 3), testing::PrintToStringParamName());

}  // namespace
}  // namespace cleft::test
