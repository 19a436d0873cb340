#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "config/load.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/convert/phantom.hpp"
#include "pipeline/detect/detect.hpp"
#include "pipeline/report/object_voxels.hpp"
#include "pipeline/report/report.hpp"
#include "pipeline/report/report_input.hpp"
#include "pipeline/report/report_objects.hpp"
#include "pipeline/train/train.hpp"
#include "report/files/report_folder.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

/// A phantom with a finished run in it, made by all ranks.
class ReportTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto comm = Communicator::world();
    directory_ = new test::TempDirectory(comm);
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      test::write_bytes(path("run.yaml"),
                        "volume: {path: phantom.h5, dataset: /raw}\n"
                        "classes: [membrane, synapse, rest]\n"
                        "labels: {path: phantom.h5, dataset: /labels}\n"
                        "features: {texture: [1.6], color: [0.7, 1.6], edge: [1.6]}\n"
                        "forest: {trees: 10, seed: 3}\n"
                        "model: synapse.model.h5\n"
                        "threshold: {sigma: [0.5, 1, 1], core_ratio: 1, reference_ratio: 0.3}\n"
                        "filter: {min_size: 3, candidates: 4}\n"
                        "report: {sections: 3, margin_nm: 60}\n"
                        "run: {directory: results, memory_per_rank: 512MiB}\n");
    });
    PhantomOptions phantom;
    phantom.extent = {40, 110, 120};
    phantom.voxel_size = {12, 16, 16};
    phantom.seed = 1;
    run_phantom(comm, phantom, path("phantom.h5"), false);
    run_train(comm, load_config(path("run.yaml")));
    detect_into("results", {});
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }

  static fs::path path(const std::string& name) { return *directory_ / name; }

  static void detect_into(const std::string& name, std::vector<std::string> sets) {
    sets.push_back("run.directory=" + path(name).string());
    run_detect(Communicator::world(), load_config(path("run.yaml"), sets), {});
  }

  /// Every file of a report, by its name.
  static std::map<std::string, std::string> files_of(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file())
        files[entry.path().lexically_relative(folder).generic_string()] = test::file_bytes(entry.path());
    return files;
  }

  /// What `comm` writes of a run; on its rank 0.
  static std::map<std::string, std::string> report_of(const Communicator& comm, const std::string& run,
                                                      std::vector<std::string> sets = {}) {
    run_report(comm, path(run), sets, OtherInput::refuse);
    return comm.is_root() ? files_of(path(run) / "report") : std::map<std::string, std::string>{};
  }

  inline static test::TempDirectory* directory_ = nullptr;
};

std::vector<std::string> names_of(const std::map<std::string, std::string>& files) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files) names.push_back(name);
  return names;
}

nlohmann::json content_of(const std::string& script) {
  const auto begin = script.find(',') + 1;
  return nlohmann::json::parse(script.substr(begin, script.rfind(')') - begin));
}

TEST_F(ReportTest, is_the_same_for_any_ranks_and_threads) {
  const auto world = Communicator::world();
  const auto together = report_of(world, "results", {"run.threads_per_rank=3"});
  std::map<std::string, std::string> alone;
  all_or_throw(world, [&] {
    if (world.is_root()) alone = report_of(Communicator::self(), "results");
  });
  if (!world.is_root()) return;
  EXPECT_EQ(names_of(together), names_of(alone));
  EXPECT_TRUE(together == alone);
}

TEST_F(ReportTest, is_the_same_for_other_blocks_but_for_what_the_run_record_says) {
  const auto world = Communicator::world();
  detect_into("blocks", {"run.block_shape=[16, 64, 40]"});
  auto one = report_of(world, "results"), other = report_of(world, "blocks");
  if (!world.is_root()) return;
  for (auto* files : {&one, &other}) files->erase("index.html");  // time, memory and blocks
  auto& table = other.at("data/table.js");
  const std::string name = "\"name\":\"blocks\"";
  ASSERT_NE(table.find(name), std::string::npos);
  table.replace(table.find(name), name.size(), "\"name\":\"results\"");
  EXPECT_EQ(names_of(one), names_of(other));
  EXPECT_TRUE(one == other);
}

TEST_F(ReportTest, has_a_picture_and_a_surface_of_every_chosen_object) {
  const auto world = Communicator::world();
  const auto files = report_of(world, "results", {"report.max_objects=5"});
  if (!world.is_root()) return;
  const auto rows = read_objects(path("results") / "synapses.h5");
  const auto table = content_of(files.at("data/table.js"));
  const auto chosen = table["pictures"]["chosen"].get<std::vector<std::uint64_t>>();
  ASSERT_GT(rows.size(), 5U);
  EXPECT_EQ(chosen.size(), 5U);
  EXPECT_EQ(table["count"], rows.size()) << "the table is complete";
  std::size_t pictures = 0;
  for (const auto& [name, bytes] : files) pictures += name.starts_with("pictures/") ? 1 : 0;
  EXPECT_EQ(pictures, 6U) << "five objects and the overview";
  EXPECT_EQ(content_of(files.at("data/scene.js"))["ids"], table["pictures"]["chosen"]);
  for (const auto id : chosen) {
    const auto object = content_of(files.at("data/meshes/" + std::to_string(id) + ".js"));
    EXPECT_EQ(object["id"], id);
    EXPECT_FALSE(object["surface"].is_null());
    EXPECT_GT(files.at("pictures/" + std::to_string(id) + ".jpg").size(), 100U);
    for (const auto& view : object["picture"]["views"]) EXPECT_NE(view["outline"], "") << view;
    EXPECT_LE(files.at("data/meshes/" + std::to_string(id) + ".js").size() +
                  files.at("pictures/" + std::to_string(id) + ".jpg").size(),
              100'000U);
  }
}

TEST_F(ReportTest, changes_no_result) {
  const auto world = Communicator::world();
  const auto bytes = [&] {
    std::map<std::string, std::string> files;
    for (const auto* name : {"synapses.csv", "synapses.h5", "run.yaml", "run.json", "probability.h5"})
      files[name] = test::file_bytes(path("results") / name);
    return files;
  };
  world.barrier();
  const auto before = bytes();
  report_of(world, "results", {"report.sections=1", "report.surfaces=false", "report.choose=all"});
  EXPECT_TRUE(before == bytes());
}

TEST_F(ReportTest, refuses_on_every_rank_what_it_cannot_show) {
  const auto world = Communicator::world();
  const std::vector<std::string> none;
  EXPECT_THROW(run_report(world, path("nowhere"), none, OtherInput::refuse), CollectiveError);
  const auto copy = [&](const std::string& name) {
    all_or_throw(world, [&] {
      if (world.is_root()) fs::copy(path("results"), path(name), fs::copy_options::recursive);
    });
  };
  const auto refused = [&](const std::string& run, const std::string& part) {
    try {
      run_report(world, path(run), none, OtherInput::refuse);
      ADD_FAILURE() << run;
    } catch (const CollectiveError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(part));
    }
  };
  const auto change = [&](const std::string& file, const std::function<void(std::string&)>& edit) {
    all_or_throw(world, [&] {
      if (!world.is_root()) return;
      std::string bytes = test::file_bytes(path(file));
      edit(bytes);
      test::write_bytes(path(file), bytes);
    });
  };
  copy("unfinished");
  all_or_throw(world, [&] {
    if (world.is_root()) fs::remove(path("unfinished") / "synapses.csv");
  });
  refused("unfinished", "is not finished");
  copy("edited");
  change("edited/synapses.csv", [](std::string& text) { text += "1,2,3\n"; });
  refused("edited", "is not the table that was written");
  copy("damaged");
  change("damaged/synapses.h5", [](std::string& bytes) { bytes[bytes.size() - 9] ^= 1; });
  refused("damaged", "is damaged");
  copy("foreign");
  all_or_throw(world, [&] {
    if (!world.is_root()) return;
    fs::remove_all(path("foreign") / "report");
    fs::create_directory(path("foreign") / "report");
  });
  refused("foreign", "is no report of cleft");
}

TEST(ReportShares, go_to_one_rank_each_and_lie_side_by_side) {
  std::vector<Synapse> table(37);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto n = narrow<std::int64_t>(i);
    table[i].bounds.begin = {n * 40, n * 97 % 500, n * 61 % 300};
    if (i % 5 != 0) rows.push_back(i);
  }
  for (int ranks = 1; ranks < 9; ++ranks) {
    std::vector<std::size_t> all;
    for (int rank = 0; rank < ranks; ++rank)
      for (const auto row : rows_of_rank(rows, table, rank, ranks)) all.push_back(row);
    EXPECT_EQ(all, rows_of_rank(rows, table, 0, 1)) << ranks;
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, rows) << ranks;
  }
}

}  // namespace
}  // namespace cleft
