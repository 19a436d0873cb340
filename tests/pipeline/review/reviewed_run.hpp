#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "config/load.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "pipeline/convert/phantom.hpp"
#include "pipeline/detect/detect.hpp"
#include "pipeline/report/overview_facts.hpp"
#include "pipeline/report/report_input.hpp"
#include "pipeline/review/review.hpp"
#include "pipeline/run/stored_labels.hpp"
#include "pipeline/train/train.hpp"
#include "support/review_text.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {

namespace fs = std::filesystem;

/// A phantom with a finished run in it, made by all ranks, and a review of that: of each four objects two are
/// accepted, one is rejected, and one has no verdict; one is unsure; two places are marked.
class ReviewedRun : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto comm = Communicator::world();
    directory_ = new TempDirectory(comm);
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      write_bytes(path("run.yaml"),
                  "volume: {path: phantom.h5, dataset: /raw}\n"
                  "classes: [membrane, synapse, rest]\n"
                  "labels: {path: phantom.h5, dataset: /labels}\n"
                  "features: {texture: [1.6], color: [0.7, 1.6], edge: [1.6]}\n"
                  "forest: {trees: 10, seed: 3}\n"
                  "model: synapse.model.h5\n"
                  "predict: {classes: all}\n"
                  "threshold: {sigma: [0.5, 1, 1], core_ratio: 1, reference_ratio: 0.3}\n"
                  "filter: {min_size: 3, candidates: 4}\n"
                  "run: {directory: results, memory_per_rank: 512MiB}\n");
    });
    PhantomOptions phantom;
    phantom.extent = {40, 110, 120};
    phantom.voxel_size = {12, 16, 16};
    phantom.seed = 1;
    run_phantom(comm, phantom, path("phantom.h5"), false);
    run_train(comm, load_config(path("run.yaml")));
    detect_into("results", {});
    write_review("results", "review.json");
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

  static std::string verdict_on(std::uint64_t id) {
    if (id == 7) return "unsure";
    return id % 4 == 0 ? "reject" : id % 4 == 3 ? "" : "accept";
  }

  /// What the page of a run would write before anything is decided; for rank 0.
  static ReviewText undecided(const FinishedRun& run) {
    return {.table = run.table_checksum, .model = page_run(run).model_fingerprint};
  }
  static FinishedRun finished(const std::string& run) {
    const auto comm = Communicator::world();
    return open_finished_run(comm, config_of_run(comm, path(run), {}), OtherInput::refuse);
  }

  static void write_review(const std::string& run, const std::string& name) {
    const auto comm = Communicator::world();
    const auto opened = finished(run);
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      ReviewText review = undecided(opened);
      review.missed = {{20, 50, 60}, {3, 100, 7}};
      for (const Synapse& row : opened.table)
        if (const auto verdict = verdict_on(row.id); !verdict.empty()) review.decisions[row.id] = verdict;
      write_bytes(path(name), review.text());
    });
  }

  /// Writes a review of a run with these decisions and marks.
  static void write_decided(const FinishedRun& run, const std::string& name,
                            const std::map<std::uint64_t, std::string>& decisions,
                            const std::vector<GlobalVoxel>& marks) {
    const auto comm = Communicator::world();
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      ReviewText review = undecided(run);
      review.decisions = decisions;
      for (const GlobalVoxel& mark : marks) review.missed.push_back({mark.z, mark.y, mark.x});
      write_bytes(path(name), review.text());
    });
  }
  /// [voxel] the object that it is of.
  static Array3<std::uint64_t> objects_of_run(const FinishedRun& run) {
    return StoredLabels(run.files.synapses, run.recipe.contains("candidates"))
        .objects_in(whole_box(run.volume.extent));
  }
  /// A voxel of no object beside the first voxel of an object that has one along x.
  static GlobalVoxel beside(const FinishedRun& run, std::uint64_t id) {
    const auto objects = objects_of_run(run);
    for (std::int64_t z = 0; z < objects.extent().z; ++z)
      for (std::int64_t y = 0; y < objects.extent().y; ++y)
        for (std::int64_t x = 0; x + 1 < objects.extent().x; ++x)
          if (objects(z, y, x) == id && objects(z, y, x + 1) == 0) return {z, y, x + 1};
    throw std::runtime_error("an object without a voxel beside it");
  }

  static ReviewOptions options(const std::string& run, const std::string& review) {
    ReviewOptions made{.directory = path(run), .reviews = {path(review)}, .sets = {}};
    made.labels = LabelOutput{.file = path("reviewed.h5"), .force = true};
    return made;
  }

  /// The bytes of what a review writes; on the first rank of `comm`.
  static std::map<std::string, std::string> files_of(const Communicator& comm, const ReviewOptions& options) {
    run_review(comm, options);
    std::map<std::string, std::string> files;
    if (!comm.is_root()) return files;
    for (const auto* name : {"synapses_reviewed.h5", "synapses_reviewed.csv"})
      files[name] = file_bytes(options.directory / name);
    files["labels"] = file_bytes(options.labels->file);
    return files;
  }

  static std::vector<std::uint64_t> voxels_of(const VolumePath& volume) {
    const VolumeReader reader(volume, 0);
    Array3<std::uint64_t> values(reader.extent());
    read_label_values(reader, whole_box(reader.extent()), values.view());
    return {values.voxels().begin(), values.voxels().end()};
  }

  inline static TempDirectory* directory_ = nullptr;
};

}  // namespace cleft::test
