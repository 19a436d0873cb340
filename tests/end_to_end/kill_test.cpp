// Ranks that are killed without warning (no memory left, a node lost): the next run goes on, and nobody can
// tell from the results.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"
#include "support/unfinished.hpp"

namespace cleft::test {
namespace {

namespace fs = std::filesystem;

/// The parent of every process there is now.
std::map<pid_t, pid_t> parents_of_processes() {
  std::map<pid_t, pid_t> parents;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    // "pid (command) state parent": the command may hold spaces, but no other bracket follows it.
    const std::string stat = file_bytes(entry.path() / "stat");
    const auto bracket = stat.rfind(')');
    if (bracket == std::string::npos) continue;  // it has just ended
    parents[std::stoi(name)] = std::stoi(stat.substr(bracket + 4));
  }
  return parents;
}

bool runs_cleft(pid_t process) {
  std::error_code ended;
  return fs::read_symlink("/proc/" + std::to_string(process) + "/exe", ended) == CLEFT_EXECUTABLE;
}

/// A command that runs beside the test.
class Running {
 public:
  explicit Running(const std::string& line) : shell_(::fork()) {
    if (shell_ == 0) {
      ::execl("/bin/sh", "sh", "-c", (line + " >/dev/null 2>&1 </dev/null").c_str(), nullptr);
      ::_exit(127);
    }
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { wait(); }

  bool ended() {
    if (!ended_) ended_ = ::waitpid(shell_, nullptr, WNOHANG) == shell_;
    return ended_;
  }
  void wait() {
    if (!ended_) ended_ = ::waitpid(shell_, nullptr, 0) == shell_;
  }

  /// The ranks of cleft that this command has started so far.
  std::vector<pid_t> ranks() const {
    const auto parents = parents_of_processes();
    std::vector<pid_t> found;
    for (const auto& [process, parent] : parents) {
      bool mine = false;
      for (auto ancestor = parents.find(process); !mine && ancestor != parents.end();
           ancestor = parents.find(ancestor->second))
        mine = ancestor->second == shell_;
      if (mine && runs_cleft(process)) found.push_back(process);
    }
    return found;
  }

 private:
  pid_t shell_;
  bool ended_ = false;
};

/// How many blocks an unfinished file holds; nothing when there is none.
std::optional<std::int64_t> blocks_done(const fs::path& part) {
  if (!fs::exists(part)) return std::nullopt;
  const auto marks = h5::File::open_read(part).dataset("/manifest").read<std::uint8_t>();
  return std::count(marks.begin(), marks.end(), 1);
}

class Kill : public testing::Test {
 protected:
  static constexpr auto blocks = "run.block_shape=[8,28,30]";
  static constexpr std::int64_t block_count = 5 * 4 * 4;

  /// Starts detect and kills so many of its ranks as soon as `now` says so. Returns whether it came to that.
  bool start_and_kill(int ranks, int killed, const std::function<bool()>& now) const {
    return start_and_kill(run.detect_arguments(directory, settings), ranks, killed, now);
  }
  /// The same of any command.
  static bool start_and_kill(const std::vector<std::string>& arguments, int ranks, int killed,
                             const std::function<bool()>& now) {
    Running command(program_line(CLEFT_EXECUTABLE, arguments, ranks));
    std::vector<pid_t> victims;
    while (!command.ended() && victims.size() < static_cast<std::size_t>(ranks)) victims = command.ranks();
    while (!command.ended() && !now()) std::this_thread::sleep_for(std::chrono::microseconds(300));
    if (command.ended()) return false;
    victims.resize(static_cast<std::size_t>(killed));
    for (const pid_t rank : victims) ::kill(rank, SIGKILL);
    command.wait();
    return true;
  }

  /// Whether a file or folder is written that is to get this name.
  bool begun(const std::string& name) const {
    std::error_code not_yet;
    for (fs::directory_iterator entry(run.path(directory), not_yet), end; !not_yet && entry != end;
         entry.increment(not_yet)) {
      const std::string found = entry->path().filename().string();
      if (found.starts_with(name) && found.ends_with(".part")) return true;
    }
    return false;
  }

  fs::path result(const std::string& name) const { return run.path(directory) + "/" + name; }

  void expect_same_as(const std::string& other) const {
    const auto of = [&](const std::string& name) { return fs::path(run.path(other)) / name; };
    EXPECT_TRUE(file_bytes(result("synapses.csv")) == file_bytes(of("synapses.csv")));
    const auto labels = [](const fs::path& file) {
      return h5::File::open_read(file).dataset("/labels").read<std::uint64_t>();
    };
    EXPECT_TRUE(labels(result("synapses.h5")) == labels(of("synapses.h5")));
    const auto probability = [](const fs::path& file) {
      return h5::File::open_read(file).dataset("/probability").read<std::uint8_t>();
    };
    EXPECT_TRUE(probability(result("probability.h5")) == probability(of("probability.h5")));
  }

  /// [file] the bytes of a report.
  std::map<std::string, std::string> report() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(result("report")))
      if (entry.is_regular_file()) files[entry.path().string()] = file_bytes(entry.path());
    return files;
  }

  const SmallRun run;
  std::string directory;
  std::vector<std::string> settings{blocks};
};

TEST_F(Kill, AtAnyMomentTheNextRunGoesOnToTheSameBytes) {
  SmallRun::expect_done(run.detect(0, "uninterrupted"));
  for (const int ranks : {1, 2, 3, 4}) {
    SCOPED_TRACE(std::to_string(ranks) + " ranks");
    directory = "killed" + std::to_string(ranks);
    const fs::path part = result("probability.h5.part");
    // While the file is made, under whatever name.
    const auto file_appears = [&] { return begun("probability.h5"); };
    EXPECT_TRUE(start_and_kill(ranks, ranks, file_appears));
    ASSERT_NO_THROW(blocks_done(part)) << "what is there cannot be gone on with";
    const auto some_are_done = [&] { return blocks_done(part).value_or(0) >= block_count / 3; };
    // One rank only: the others are ended by mpirun.
    EXPECT_TRUE(start_and_kill(ranks, 1, some_are_done));
    const auto done = blocks_done(part).value_or(0);
    EXPECT_GE(done, block_count / 3);
    start_and_kill(ranks, ranks, [&] { return begun("synapses.h5"); });

    const auto last = run.detect(ranks, directory, settings);
    ASSERT_EQ(last.exit_code, 0) << last.err;
    const auto provenance = nlohmann::json::parse(file_bytes(result("run.json")));
    EXPECT_GE(provenance["predict"]["blocks_resumed"], done) << "the work of the killed was lost";
    expect_same_as("uninterrupted");
    EXPECT_TRUE(unfinished_in(run.path(directory)).empty()) << "left by the killed";
  }
}

TEST_F(Kill, WhereComponentsAreSplitTheNextRunComesToTheSameBytes) {
  settings = {blocks, "threshold.reference_ratio=0.15", "components.split=distance",
              "components.split_distance_nm=70"};
  SmallRun::expect_done(run.detect(0, "uninterrupted", settings));
  for (const int ranks : {1, 3}) {
    SCOPED_TRACE(std::to_string(ranks) + " ranks");
    directory = "killed" + std::to_string(ranks);
    EXPECT_TRUE(start_and_kill(ranks, ranks, [&] {
      return blocks_done(result("probability.h5.part")).value_or(0) >= block_count / 3;
    }));
    // Once there is a probability it thresholds, joins, splits and writes.
    start_and_kill(ranks, 1, [&] { return fs::exists(result("probability.h5")); });
    start_and_kill(ranks, ranks, [&] { return begun("synapses.h5"); });
    const auto last = run.detect(ranks, directory, settings);
    ASSERT_EQ(last.exit_code, 0) << last.err;
    const auto record = nlohmann::json::parse(file_bytes(result("run.json")));
    EXPECT_GT(record["segment"]["split"]["components"], 2) << "a test of nothing";
    expect_same_as("uninterrupted");
    EXPECT_TRUE(unfinished_in(run.path(directory)).empty()) << "left by the killed";
  }
}

TEST_F(Kill, AReportIsAsItWasUntilTheNextOneIsWhole) {
  directory = "reported";
  SmallRun::expect_done(run.detect(0, directory, {"report.make=true"}));
  const auto before = report();
  ASSERT_GT(before.size(), 8U);
  const std::vector<std::string> anew{"report", run.path(directory), "--set", "report.sections=2"};
  const auto has_pictures = [&] {
    std::error_code not_yet;
    for (fs::directory_iterator entry(run.path(directory), not_yet), end; !not_yet && entry != end;
         entry.increment(not_yet))
      if (entry->path().extension() == ".part" && !fs::is_empty(entry->path() / "pictures", not_yet) &&
          !not_yet)
        return true;
    return false;
  };
  for (const int ranks : {1, 3}) {
    SCOPED_TRACE(std::to_string(ranks) + " ranks");
    EXPECT_TRUE(start_and_kill(anew, ranks, ranks, [&] { return begun("report"); }));
    EXPECT_TRUE(report() == before);
    // The first picture is there: all others, the page and its name are to come.
    EXPECT_TRUE(start_and_kill(anew, ranks, 1, has_pictures));
    EXPECT_TRUE(report() == before);
  }
  SmallRun::expect_done(run_cleft(anew, 2));
  EXPECT_FALSE(begun("report")) << "left by the killed";
  const auto after = report();
  EXPECT_FALSE(after == before);
  SmallRun::expect_done(run_cleft(anew, 0));
  EXPECT_TRUE(report() == after);
}

}  // namespace
}  // namespace cleft::test
