#include "pipeline/run/run_directory.hpp"

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "config/load.hpp"
#include "config/show.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft {
namespace {

using test::TempDirectory;

Config config_for(const std::filesystem::path& run_directory, const std::string& text = "") {
  return parse_config(text, "run.yaml", std::vector<std::string>{"run.directory=" + run_directory.string()});
}

/// A run of this configuration has been there and stored its probability.
void leave_results(const Config& config) {
  const RunDirectory first(config);
  test::write_bytes(first.files().probability, "stored");
}

constexpr std::chrono::milliseconds at_once(0);

/// The message of the error that `work` throws, with its kind's number before it.
std::string failure_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& e) {
    return std::to_string(exit_code(e.kind())) + " " + e.what();
  }
  return "no error";
}

TEST(RunDirectory, holds_the_configuration_as_run) {
  const TempDirectory temp;
  const Config config = config_for(temp / "results", "threshold: {core_ratio: 5}");
  const RunDirectory directory(config);
  EXPECT_EQ(directory.files().configuration, temp / "results/run.yaml");
  const Config stored = load_config(temp / "results/run.yaml");
  EXPECT_TRUE(differing_keys(stored, config, MayDiffer::how_it_runs).empty());
  EXPECT_EQ(stored.run.directory, temp / "results");
}

TEST(RunDirectory, leaves_a_configuration_alone_that_a_person_wrote) {
  const TempDirectory temp;
  test::write_bytes(temp / "run.yaml", "model: my.h5  # the good one\n");
  EXPECT_EQ(failure_of([&] { RunDirectory(config_for(temp / ".")); }),
            "1 " + (temp / "run.yaml").string() +
                ": is there already and is no configuration of a run; expected another run.directory, or a "
                "configuration of a run to replace");
  EXPECT_EQ(test::file_bytes(temp / "run.yaml"), "model: my.h5  # the good one\n");
  EXPECT_FALSE(std::filesystem::exists(temp / ".lock"));
}

TEST(RunDirectory, takes_the_same_configuration_again_however_it_is_to_run) {
  const TempDirectory temp;
  leave_results(config_for(temp / "results"));
  const Config other = config_for(temp / "results", "run: {memory_per_rank: 1GiB, threads_per_rank: 2}");
  EXPECT_NO_THROW(RunDirectory{other});
}

TEST(RunDirectory, refuses_another_configuration_and_names_the_keys) {
  const TempDirectory temp;
  leave_results(config_for(temp / "results"));
  const Config other = config_for(temp / "results", "forest: {trees: 5}\nthreshold: {sigma: 1}");
  EXPECT_EQ(
      failure_of([&] { RunDirectory{other}; }),
      "1 " + (temp / "results").string() +
          ": holds a run with other values of forest.trees (100 there, 5 now); expected the same values "
          "or another run.directory, or remove " +
          (temp / "results").string());
  EXPECT_EQ(load_config(temp / "results/run.yaml").forest.trees, 100);
}

TEST(RunDirectory, says_how_to_keep_the_probability_where_only_lengths_differ) {
  const TempDirectory temp;
  leave_results(config_for(temp / "results", "volume: {path: v.h5, voxel_size_nm: [40, 4, 4]}"));
  const auto refused = [&](const std::string& volume) {
    const Config other = config_for(temp / "results", "volume: {path: v.h5, " + volume + "}");
    return failure_of([&] { RunDirectory{other}; });
  };
  const std::string way = "another run.directory (there, run.probability: " + (temp / "results").string();
  EXPECT_NE(refused("voxel_size_nm: [45, 4, 4]").find(way), std::string::npos);
  EXPECT_EQ(refused("voxel_size_nm: [45, 4, 4], convert: nearest").find(way), std::string::npos);
}

TEST(RunDirectory, without_results_takes_any_configuration) {
  const TempDirectory temp;
  { const RunDirectory first(config_for(temp / "results")); }
  const RunDirectory second(config_for(temp / "results", "forest: {trees: 5}"));
  EXPECT_EQ(load_config(temp / "results/run.yaml").forest.trees, 5);
}

TEST(RunDirectory, without_results_goes_as_it_came) {
  const TempDirectory temp;
  { const RunDirectory first(config_for(temp / "results")); }
  EXPECT_TRUE(std::filesystem::is_empty(temp.path()));

  std::filesystem::create_directory(temp / "results");
  { const RunDirectory first(config_for(temp / "results")); }
  EXPECT_TRUE(std::filesystem::is_empty(temp / "results")) << "it was there before";

  std::filesystem::remove(temp / "results");
  {
    const RunDirectory first(config_for(temp / "results"));
    test::write_bytes(temp / "results/notes.txt", "mine");
  }
  EXPECT_EQ(test::file_bytes(temp / "results/notes.txt"), "mine");
  EXPECT_FALSE(std::filesystem::exists(temp / "results/run.yaml"));
}

TEST(RunDirectory, with_a_beginning_of_results_stays) {
  const TempDirectory temp;
  for (const auto* output : {"probability.h5.part", "probability.h5", "synapses.h5", "synapses.csv"}) {
    const auto directory = temp / (std::string("with_") + output);
    {
      const RunDirectory first(config_for(directory));
      test::write_bytes(directory / output, "some");
    }
    EXPECT_TRUE(std::filesystem::exists(directory / "run.yaml")) << output;
  }
}

TEST(RunDirectory, of_a_killed_run_is_its_own) {
  const TempDirectory temp;
  {
    const RunDirectory first(config_for(temp / "results"));
    test::write_bytes(temp / "results/probability.h5.part", "half");
  }
  EXPECT_NE(failure_of([&] { RunDirectory(config_for(temp / "results", "forest: {trees: 5}")); }),
            "no error");
}

TEST(RunDirectory, can_be_segmented_again_with_another_threshold) {
  const TempDirectory temp;
  leave_results(config_for(temp / "results", "threshold: {sigma: 5}"));
  const Config other = config_for(temp / "results", "threshold: {sigma: 1}");
  const RunDirectory directory(other);
  EXPECT_EQ(directory.changed_settings(), std::vector<std::string>{"threshold.sigma (5 there, 1 now)"});
  EXPECT_EQ(load_config(temp / "results/run.yaml").threshold.sigma.z, 5) << "what is there is still of 5";
  std::vector<UnpublishedFile> files;
  files.push_back(directory.write_configuration());
  EXPECT_EQ(load_config(temp / "results/run.yaml").threshold.sigma.z, 5);
  publish(std::move(files));
  EXPECT_EQ(load_config(temp / "results/run.yaml").threshold.sigma.z, 1);
}

TEST(RunDirectory, refuses_folders_and_pipes_under_the_names_of_outputs_before_anything_is_done) {
  for (const auto* output :
       {"run.yaml", "run.json", "probability.h5", "synapses.h5", "synapses.csv", "synapses.previous.csv"}) {
    const TempDirectory temp;
    std::filesystem::create_directories(temp / "results" / output);
    const std::string subject = "1 " + (temp / "results" / output).string();
    EXPECT_EQ(failure_of([&] { RunDirectory(config_for(temp / "results")); }),
              subject + ": is a directory; expected an output of cleft, or nothing; move it away");
    EXPECT_TRUE(std::filesystem::is_directory(temp / "results" / output));
    std::filesystem::remove(temp / "results" / output);
    ASSERT_EQ(::mkfifo((temp / "results" / output).c_str(), 0600), 0);
    EXPECT_EQ(failure_of([&] { RunDirectory(config_for(temp / "results")); }),
              subject + ": is a pipe; expected an output of cleft, or nothing; move it away");
  }
}

TEST(RunDirectory, names_a_lock_that_is_none) {
  const TempDirectory temp;
  std::filesystem::create_directories(temp / "results/.lock");
  EXPECT_EQ(failure_of([&] { RunDirectory(config_for(temp / "results")); }),
            "1 " + (temp / "results/.lock").string() +
                ": is a directory; expected the lock of a run directory, or nothing; move it away");
  std::filesystem::remove(temp / "results/.lock");
  std::filesystem::create_symlink(temp / "elsewhere", temp / "results/.lock");
  EXPECT_THAT(failure_of([&] { RunDirectory(config_for(temp / "results")); }),
              testing::HasSubstr(": is a link;"));
  EXPECT_FALSE(std::filesystem::exists(temp / "elsewhere"));
}

TEST(RunDirectory, clears_away_what_killed_runs_have_left_under_temporary_names) {
  const TempDirectory temp;
  std::filesystem::create_directory(temp / "results");
  const auto mine = temp / "results/notes.0123456789abcdef.part";
  test::write_bytes(mine, "mine");
  for (const auto* name :
       {"run.yaml", "run.json", "probability.h5", "probability.h5.part", "synapses.h5", "synapses.csv"})
    test::write_bytes(temp / "results" / (std::string(name) + ".0123456789abcdef.part"), "half");
  const RunDirectory directory(config_for(temp / "results"));
  EXPECT_THAT(test::unfinished_in(temp / "results"), testing::ElementsAre(mine));
}

TEST(RunDirectory, refuses_outputs_whose_configuration_is_gone) {
  const TempDirectory temp;
  std::filesystem::create_directory(temp / "results");
  test::write_bytes(temp / "results/synapses.csv", "id\n");
  EXPECT_EQ(
      failure_of([&] { RunDirectory(config_for(temp / "results")); }),
      "1 " + (temp / "results/synapses.csv").string() +
          ": from a run whose run.yaml is gone; expected another run.directory, or move this file away");
}

TEST(RunDirectory, is_not_made_where_its_parent_is_missing) {
  const TempDirectory temp;
  EXPECT_EQ(failure_of([&] { RunDirectory(config_for(temp / "no/results")); }),
            "1 " + (temp / "no/results").string() +
                ": the run directory cannot be made (No such file or directory); expected run.directory in a "
                "folder that "
                "exists and can be written to");
}

TEST(RunDirectory, that_cannot_be_written_to_is_refused) {
  // Not even root makes files there.
  EXPECT_EQ(failure_of([] { RunDirectory(config_for("/proc/self/fd")); }).substr(0, 31),
            "2 /proc/self/fd: not writable (");
}

TEST(RunDirectory, that_is_a_file_is_refused) {
  const TempDirectory temp;
  test::write_bytes(temp / "results", "a file");
  EXPECT_EQ(failure_of([&] { RunDirectory(config_for(temp / "results")); }).substr(0, 2), "1 ");
}

TEST(RunDirectory, belongs_to_one_run_at_a_time) {
  const TempDirectory temp;
  const Config config = config_for(temp / "results");
  {
    const RunDirectory first(config);
    EXPECT_EQ(failure_of([&] { RunDirectory(config, at_once); }),
              "2 " + (temp / "results").string() +
                  ": another cleft is running in it; expected another run.directory, or that run's end");
  }
  EXPECT_NO_THROW(RunDirectory{config});
}

TEST(RunDirectory, waits_for_a_run_that_is_ending) {
  const TempDirectory temp;
  const Config config = config_for(temp / "results");
  std::optional<RunDirectory> ending(config);
  std::thread end([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    ending.reset();
  });
  EXPECT_EQ(failure_of([&] { RunDirectory(config, std::chrono::seconds(60)); }), "no error");
  end.join();
}

TEST(RunDirectory, is_free_again_when_its_run_was_killed) {
  const TempDirectory temp;
  const Config config = config_for(temp / "results");
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const RunDirectory held(config);
    if (::write(ready[1], "x", 1) == 1) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_NE(failure_of([&] { RunDirectory(config, at_once); }), "no error");
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(failure_of([&] { RunDirectory{config}; }), "no error");
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace cleft
