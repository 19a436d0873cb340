#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "io/h5/file.hpp"
#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

/// A folder whose name is Latin-1, as old disks and archives have them: no UTF-8.
class Paths : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_);
    constexpr hsize_t depth = 6, height = 24, width = 20;
    std::vector<std::uint8_t> grey(depth * height * width), labels(grey.size(), 0);
    Random random(1);
    for (std::size_t v = 0; v < grey.size(); ++v) {
      const bool dark = v % width < width / 2;
      grey[v] = static_cast<std::uint8_t>((dark ? 50 : 150) + random.below(40));
      if (v % 7 == 0) labels[v] = dark ? 1 : 2;
    }
    h5::write_file(folder_ / "raw.h5", [&](h5::File& file) {
      file.write("raw", grey, {depth, height, width});
      file.write("labels", labels, {depth, height, width});
    });
    test::write_bytes(folder_ / "run.yaml",
                      "volume: {path: raw.h5, dataset: /raw}\n"
                      "classes: [synapse, rest]\n"
                      "labels: {path: raw.h5, dataset: /labels}\n"
                      "features: {texture: [], color: [small, medium], edge: [], dimensions: 2d}\n"
                      "forest: {trees: 3}\n"
                      "model: m.h5\n"
                      "threshold: {sigma: 0}\n"
                      "filter: {min_size: 1}\n");
  }
  test::Outcome run(const std::vector<std::string>& words, int ranks = 0) const {
    return test::run_line("cd " + test::shell_quoted(folder_.string()) + "; " +
                          test::program_line(CLEFT_EXECUTABLE, words, ranks));
  }

  test::TempDirectory temp_;
  const std::filesystem::path folder_ = temp_ / "s\xe4ge";
};

TEST_F(Paths, AreBytesForEveryCommand) {
  const auto expect_done = [&](const std::vector<std::string>& words) {
    const test::Outcome outcome = run(words, 2);
    EXPECT_EQ(outcome.exit_code, 0) << words.front() << ": " << outcome.err;
    return outcome;
  };
  expect_done({"train", "run.yaml"});
  expect_done({"config", "run.yaml"});
  expect_done({"detect", "run.yaml", "--set", "volume.path=" + (folder_ / "raw.h5").string()});
  EXPECT_THAT(expect_done({"detect", "run.yaml"}).err, HasSubstr("done already"));
  expect_done({"detect", "run.yaml", "--stage", "segment", "--set", "threshold.core_ratio=8"});
  const std::string record = test::file_bytes(folder_ / "results/run.json");
  EXPECT_TRUE(nlohmann::json::accept(record)) << record;
  for (const char* what : {"results", "m.h5", "raw.h5"})
    EXPECT_THAT(expect_done({"info", what}).out, HasSubstr(what));
  EXPECT_THAT(expect_done({"info", "results"}).out, HasSubstr("s\\xe4ge/raw.h5"));
  expect_done({"evaluate", "results", "--truth", "raw.h5/labels", "--json", "judged.json"});
  EXPECT_TRUE(nlohmann::json::accept(test::file_bytes(folder_ / "judged.json")));
  const test::Outcome json = run({"--log", "json", "detect", (folder_ / "none.yaml").string()});
  EXPECT_TRUE(nlohmann::json::accept(json.err)) << json.err;
}

}  // namespace
}  // namespace cleft
