#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/array3.hpp"
#include "io/volume/volume_reader.hpp"
#include "support/review_text.hpp"
#include "support/run_cleft.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using test::run_cleft;

/// Two phantoms, and a forest that was trained without what looks most like synapses: no stroke is on a dark
/// place of a membrane or of the rest. What it finds is judged by the first phantom's truth, and a second
/// forest is trained on the strokes and on the labels of these decisions.
class Retraining : public testing::Test {
 protected:
  Retraining() {
    make_phantom("phantom.h5", 1);
    make_phantom("other.h5", 2);
    write_strokes_without_dark_places();
    write_configuration("first", "{csv: first.csv}");
    write_configuration("second", "[{csv: first.csv}, {path: reviewed.h5, dataset: /labels}]");
  }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  static void expect_done(const test::Outcome& outcome) { ASSERT_EQ(outcome.exit_code, 0) << outcome.err; }

  void make_phantom(const std::string& name, int seed) {
    expect_done(run_cleft({"phantom", path(name), "--extent", "48,160,160", "--voxel-size", "12,16,16",
                           "--seed", std::to_string(seed)}));
  }

  void write_strokes_without_dark_places() {
    const VolumeReader raw(VolumePath{path("phantom.h5"), "/raw"}),
        labels(VolumePath{path("phantom.h5"), "/labels"});
    const Extent extent = raw.extent();
    Array3<std::uint8_t> grey(extent), label(extent);
    raw.read(whole_box(extent), grey.view());
    labels.read(whole_box(extent), label.view());
    std::string table = "z,y,x,class\n";
    for (std::int64_t z = 0; z < extent.z; ++z)
      for (std::int64_t y = 1; y + 1 < extent.y; ++y)
        for (std::int64_t x = 1; x + 1 < extent.x; ++x) {
          const int of = label(z, y, x);
          if (of == 0 || (of != 2 && mean_around(grey, z, y, x) < (of == 1 ? 90 : 110))) continue;
          for (const std::int64_t at : {z, y, x}) table += std::to_string(at) + ",";
          table += std::to_string(of) + "\n";
        }
    test::write_bytes(path("first.csv"), table);
  }

  /// In the section, over 3 x 3 voxels: noise is not what makes a place dark.
  static double mean_around(const Array3<std::uint8_t>& grey, std::int64_t z, std::int64_t y,
                            std::int64_t x) {
    double sum = 0;
    for (std::int64_t dy = -1; dy <= 1; ++dy)
      for (std::int64_t dx = -1; dx <= 1; ++dx) sum += grey(z, y + dy, x + dx);
    return sum / 9;
  }

  void write_configuration(const std::string& name, const std::string& labels) {
    test::write_bytes(path(name + ".yaml"),
                      "volume: {path: phantom.h5, dataset: /raw}\n"
                      "classes: [membrane, synapse, rest]\n"
                      "labels: " +
                          labels +
                          "\n"
                          "features: {texture: [1.6, 3.5], color: [0.7, 1.6], edge: [1.6]}\n"
                          "forest: {trees: 20, seed: 3}\n"
                          "model: " +
                          name +
                          ".model.h5\n"
                          "predict: {classes: all}\n"
                          "threshold: {sigma: [0.5, 1, 1], core_ratio: 2, reference_ratio: 0.6}\n"
                          "filter: {min_size: 30}\n"
                          "report: {choose: all}\n"
                          "run: {directory: " +
                          name + ", memory_per_rank: 512MiB}\n");
  }

  /// Detects in a phantom.
  /// \returns How the objects agree with its truth, as evaluate writes it.
  json detect(const std::string& name, const std::string& phantom, bool with_report = false) {
    const std::string run = path(name + "_in_" + phantom);
    expect_done(run_cleft({"detect", path(name + ".yaml"), "--set", "volume.path=" + path(phantom), "--set",
                           "run.directory=" + run, "--set",
                           std::string("report.make=") + (with_report ? "true" : "false")}));
    expect_done(
        run_cleft({"evaluate", run, "--truth", path(phantom) + "/truth/synapses", "--json", run + ".json"}));
    return json::parse(test::file_bytes(run + ".json"))["objects"];
  }

  /// Judges every object by the truth, as a person would who knows it.
  void review(const std::string& run, const json& objects) {
    const std::string script = test::file_bytes(path(run) + "/report/data/table.js");
    const auto begin = script.find(',') + 1;
    const json page = json::parse(script.substr(begin, script.rfind(')') - begin));
    test::ReviewText review{.table = page["run"]["table"],
                            .model = page["run"]["model"],
                            .how = page["pictures"]["how"],
                            .chosen = page["pictures"]["chosen"]};
    std::set<std::uint64_t> right;
    for (const json& match : objects["matches"]) right.insert(match["detection"].get<std::uint64_t>());
    for (const std::uint64_t id : review.chosen)
      review.decisions[id] = right.contains(id) ? "accept" : "reject";
    for (const json& missed : objects["missed_objects"]) {
      const json& at = missed["centroid_voxels"];
      const auto voxel = [&](int axis) { return static_cast<std::int64_t>(at[axis].get<double>() + 0.5); };
      review.missed.push_back({voxel(0), voxel(1), voxel(2)});
    }
    test::write_bytes(path("review.json"), review.text());
    expect_done(run_cleft({"review", path(run), path("review.json"), "--labels", path("reviewed.h5")}));
  }

  test::TempDirectory directory_;
};

TEST_F(Retraining, on_decisions_finds_synapses_better_also_where_nobody_has_judged) {
  expect_done(run_cleft({"train", path("first.yaml")}));
  const json first = detect("first", "phantom.h5", true), first_elsewhere = detect("first", "other.h5");
  ASSERT_LT(first["precision"], 0.7) << "the strokes lack what looks like synapses";
  review("first_in_phantom.h5", first);
  expect_done(run_cleft({"train", path("second.yaml")}));
  const json second = detect("second", "phantom.h5"), second_elsewhere = detect("second", "other.h5");
  EXPECT_GT(second["f1"].get<double>(), first["f1"].get<double>() + 0.1);
  EXPECT_GT(second_elsewhere["f1"].get<double>(), first_elsewhere["f1"].get<double>() + 0.1);
  RecordProperty("f1", first["f1"].dump() + " " + second["f1"].dump() + " elsewhere " +
                           first_elsewhere["f1"].dump() + " " + second_elsewhere["f1"].dump());
}

}  // namespace
}  // namespace cleft
