#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "support/run_cleft.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {

/// A phantom with its configuration and a model trained on its strokes, in a directory of its own: what the
/// tests of whole runs begin with. Few trees and small scales keep it quick.
class SmallRun {
 public:
  explicit SmallRun(const std::string& extent = "40,110,120") {
    write_bytes(directory_ / "run.yaml",
                "volume: {path: phantom.h5, dataset: /raw}\n"
                "classes: [membrane, synapse, rest]\n"
                "labels: {path: phantom.h5, dataset: /labels}\n"
                "features: {texture: [1.6], color: [0.7, 1.6], edge: [1.6]}\n"
                "forest: {trees: 10, seed: 3}\n"
                "model: synapse.model.h5\n"
                "threshold: {sigma: [0.5, 1, 1], core_ratio: 1, reference_ratio: 0.3}\n"
                "filter: {min_size: 3}\n"
                "run: {directory: results, memory_per_rank: " +
                    // What the sanitizer holds back counts as the rank's.
                    std::string(under_address_sanitizer() ? "4GiB" : "512MiB") + "}\n");
    expect_done(run_cleft(
        {"phantom", path("phantom.h5"), "--extent", extent, "--voxel-size", "12,16,16", "--seed", "1"}));
    expect_done(run_cleft({"train", configuration()}));
  }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string configuration() const { return path("run.yaml"); }

  /// The command line of a detect into a run directory of this name.
  std::vector<std::string> detect_arguments(const std::string& run_directory,
                                            const std::vector<std::string>& sets = {},
                                            const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"detect", configuration(), "--set",
                                       "run.directory=" + path(run_directory)};
    for (const auto& set : sets) arguments.insert(arguments.end(), {"--set", set});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  /// Runs it and waits for it.
  Outcome detect(int ranks, const std::string& run_directory, const std::vector<std::string>& sets = {},
                 const std::vector<std::string>& more = {}) const {
    return run_cleft(detect_arguments(run_directory, sets, more), ranks);
  }

  static void expect_done(const Outcome& outcome) {
    if (outcome.exit_code != 0) throw std::runtime_error("cleft failed: " + outcome.err);
  }

 private:
  TempDirectory directory_;
};

}  // namespace cleft::test
