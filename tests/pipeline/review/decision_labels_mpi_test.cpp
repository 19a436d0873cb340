#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/review/reviewed_run.hpp"
#include "probability/files/stored_probability.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

class DecisionLabelsTest : public test::ReviewedRun {};

/// f = S(p) of a whole volume, smoothed in one piece.
std::vector<float> smoothed_in_one_piece(const fs::path& run) {
  const auto reader = open_probability(run / "probability.h5", "synapse");
  Array3<std::uint8_t> stored(reader.extent());
  reader.read(whole_box(reader.extent()), stored.view());
  const View3<const std::uint8_t> view = stored.view();
  const auto f = smooth<std::uint8_t>(view, {0, 0, 0}, reader.extent(), {0.5, 1, 1});
  return {f.voxels().begin(), f.voxels().end()};
}

/// What is known of the voxels of a run, as plain arrays.
struct RunVoxels {
  std::vector<std::uint64_t> objects, own_labels;
  std::map<std::string, std::vector<float>> probability;
};

RunVoxels voxels_of_run(const fs::path& run, const fs::path& phantom) {
  RunVoxels voxels;
  for (const auto* dataset : {labels_dataset, candidates_dataset}) {
    const VolumeReader reader(VolumePath{run / "synapses.h5", dataset}, 0);
    Array3<std::uint64_t> values(reader.extent());
    reader.read(whole_box(reader.extent()), values.view());
    voxels.objects.resize(values.voxels().size());
    for (std::size_t i = 0; i < voxels.objects.size(); ++i) voxels.objects[i] += values.voxels()[i];
  }
  const VolumeReader labels(VolumePath{phantom, "/labels"}, 0);
  Array3<std::uint64_t> own(labels.extent());
  labels.read(whole_box(labels.extent()), own.view());
  voxels.own_labels.assign(own.voxels().begin(), own.voxels().end());
  if (!fs::exists(run / "probability.h5")) return voxels;
  for (const auto& name : stored_classes(run / "probability.h5")) {
    const auto reader = open_probability(run / "probability.h5", name);
    Array3<float> values(reader.extent());
    reader.read(whole_box(reader.extent()), values.view());
    voxels.probability[name].assign(values.voxels().begin(), values.voxels().end());
  }
  return voxels;
}

bool is_in_ball(const GlobalVoxel& at, const GlobalVoxel& centre, double radius_nm) {
  const Extent d = at - centre;
  const auto square = [](std::int64_t n, double nm) { return static_cast<double>(n * n) * nm * nm; };
  return square(d.z, 12) + square(d.y, 16) + square(d.x, 16) <= radius_nm * radius_nm;
}

TEST_F(DecisionLabelsTest, labels_what_decisions_teach) {
  const auto world = Communicator::world();
  run_review(world, options("results", "review.json"));
  if (!world.is_root()) return;
  const RunVoxels run = voxels_of_run(path("results"), path("phantom.h5"));
  const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
  EXPECT_EQ(reader.voxel_size(), (VoxelSize{12, 16, 16}));
  EXPECT_EQ(reader.type(), ElementType::uint8);
  EXPECT_EQ(reader.source().texts("classes"), (std::vector<std::string>{"membrane", "synapse", "rest"}));
  const auto labels =
      read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "rest"});
  const std::vector<float> f = smoothed_in_one_piece(path("results"));
  const auto rows = read_objects(path("results/synapses.h5"));
  std::map<int, int> counts, in_balls;
  std::set<std::uint64_t> objects;
  for (const auto& [at, label] : labels) {
    const auto i = static_cast<std::size_t>(linear_index(at, reader.extent()));
    const std::uint64_t object = run.objects[i];
    const std::string verdict = object == 0 ? "" : verdict_on(object);
    ++counts[label];
    objects.insert(object);
    ASSERT_EQ(run.own_labels[i], 0U) << "no voxel may be labelled by two entries";
    const bool in_ball = is_in_ball(at, {20, 50, 60}, 40) || is_in_ball(at, {3, 100, 7}, 40);
    in_balls[label] += in_ball ? 1 : 0;
    if (verdict == "reject") {
      const bool membrane = run.probability.at("membrane")[i] >= run.probability.at("rest")[i];
      ASSERT_EQ(label, membrane ? 1 : 3) << object;
      ASSERT_FALSE(in_ball);
    } else {
      ASSERT_EQ(label, 2) << object;
      ASSERT_TRUE(verdict == "accept" || in_ball) << object;
      // core_ratio is 1; candidates are below it, and labelled from their own ratio on.
      const double ratio = object == 0 ? 0 : std::min(1.0, rows.at(object - 1).decisive_ratio);
      ASSERT_TRUE(in_ball || f[i] > ratio * (1 - f[i])) << object;
    }
  }
  EXPECT_GT(in_balls[2], 50);
  EXPECT_GT(counts[1] + counts[3], 0);
  EXPECT_EQ(in_balls[1] + in_balls[3], 0);
  for (const auto& [label, count] : counts) EXPECT_LE(count, 5000);
  std::size_t decided = 0;
  for (const Synapse& row : rows)
    decided += verdict_on(row.id) == "accept" || verdict_on(row.id) == "reject" ? 1 : 0;
  EXPECT_GE(objects.size() + 2, decided) << "of every object something is learned";
}

TEST_F(DecisionLabelsTest, labels_all_voxels_and_the_rest_where_nothing_tells_of_cores_and_classes) {
  const auto world = Communicator::world();
  const std::map<std::string, std::vector<std::string>> runs{
      {"foreground", {"predict.classes=foreground", "predict.dtype=float32"}},
      {"unkept", {"run.keep_probability=false"}}};
  for (const auto& [name, sets] : runs) {
    detect_into(name, sets);
    write_review(name, name + ".json");
    auto all = options(name, name + ".json");
    all.labels->max_voxels = 1'000'000;
    run_review(world, all);
    if (!world.is_root()) continue;
    const RunVoxels run = voxels_of_run(path(name), path("phantom.h5"));
    const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
    std::set<std::uint64_t> accepted, rejected;
    for (const auto& [at, label] :
         read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "rest"})) {
      const std::uint64_t object = run.objects[static_cast<std::size_t>(linear_index(at, reader.extent()))];
      const bool is_rejected = object != 0 && verdict_on(object) == "reject";
      ASSERT_EQ(label, is_rejected ? 3 : 2) << name << " object " << object;
      (is_rejected ? rejected : accepted).insert(object);
    }
    EXPECT_GT(accepted.size(), 5U) << name;
    EXPECT_GT(rejected.size(), 2U) << name;
  }
}

TEST_F(DecisionLabelsTest, labels_nothing_where_a_rejected_object_is_marked_as_missed) {
  const auto world = Communicator::world();
  const FinishedRun opened = finished("results");
  const GlobalVoxel mark = opened.table.at(3).first_voxel;
  all_or_throw(world, [&] {
    if (!world.is_root()) return;
    test::ReviewText review = undecided(opened);
    review.decisions[4] = "reject";
    review.missed = {{mark.z, mark.y, mark.x}};
    test::write_bytes(path("contradictory.json"), review.text());
  });
  auto all = options("results", "contradictory.json");
  all.labels->max_voxels = 1'000'000;
  run_review(world, all);
  if (!world.is_root()) return;
  const RunVoxels run = voxels_of_run(path("results"), path("phantom.h5"));
  const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
  std::map<std::string, int> counts;
  for (const auto& [at, label] :
       read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "rest"})) {
    const bool of_object = run.objects[static_cast<std::size_t>(linear_index(at, reader.extent()))] == 4;
    const bool in_ball = is_in_ball(at, mark, 40);
    ++counts[std::string(of_object ? "object" : "") + (in_ball ? "ball" : "")];
    EXPECT_EQ(label == 2, in_ball);
  }
  EXPECT_GT(counts["object"], 0);
  EXPECT_GT(counts["ball"], 0);
  EXPECT_EQ(counts["objectball"], 0);
  EXPECT_EQ(counts[""], 0);
}

TEST_F(DecisionLabelsTest, labels_fewer_voxels_where_fewer_are_asked_for_and_others_for_another_seed) {
  const auto world = Communicator::world();
  auto few = options("results", "review.json");
  few.labels->max_voxels = 40;
  few.labels->rejected_class = "membrane";
  const auto first = files_of(world, few);
  few.labels->seed = 2;
  const auto second = files_of(world, few);
  if (!world.is_root()) return;
  EXPECT_NE(first.at("labels"), second.at("labels"));
  const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
  std::map<int, int> counts;
  for (const auto& [at, label] :
       read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "rest"}))
    ++counts[label];
  EXPECT_EQ(counts, (std::map<int, int>{{1, 40}, {2, 40}}));
}

}  // namespace
}  // namespace cleft
