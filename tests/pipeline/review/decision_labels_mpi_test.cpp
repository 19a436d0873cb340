#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/review/decision_labels.hpp"
#include "pipeline/review/review_input.hpp"
#include "pipeline/review/reviewed_run.hpp"
#include "pipeline/train/training_volume.hpp"
#include "probability/files/stored_probability.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

class DecisionLabelsTest : public test::ReviewedRun {};

/// f = S(p) of a whole volume, smoothed in one piece.
std::vector<float> smoothed_in_one_piece(
    const fs::path& run,
    const std::function<bool(const GlobalVoxel&)>& is_inside = [](const GlobalVoxel&) { return true; }) {
  const auto reader = open_probability(run / "probability.h5", "synapse");
  Array3<std::uint8_t> stored(reader.extent());
  reader.read(whole_box(reader.extent()), stored.view());
  for (std::int64_t i = 0; i < stored.size(); ++i)
    if (!is_inside(voxel_at(i, stored.extent()))) stored.voxels()[static_cast<std::size_t>(i)] = 0;
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
  int tied = 0;
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
      const bool membrane = run.probability.at("membrane")[i] > run.probability.at("rest")[i];
      tied += run.probability.at("membrane")[i] == run.probability.at("rest")[i] ? 1 : 0;
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
  EXPECT_GT(tied, 0) << "or the tie was not tried";
  objects.erase(0);
  std::set<std::uint64_t> decided;
  for (const Synapse& row : rows)
    if (verdict_on(row.id) == "accept" || verdict_on(row.id) == "reject") decided.insert(row.id);
  for (const std::uint64_t id : decided) EXPECT_TRUE(objects.contains(id)) << "nothing is learned of " << id;
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

TEST_F(DecisionLabelsTest, labels_nothing_that_is_both_rejected_and_in_a_ball) {
  const auto world = Communicator::world();
  const FinishedRun opened = finished("results");
  const GlobalVoxel mark = beside(opened, 4);
  write_decided(opened, "contradictory.json", {{4, "reject"}}, {mark});
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

TEST_F(DecisionLabelsTest, labels_no_ball_around_a_mark_in_an_object_but_an_accepted_candidate) {
  const auto world = Communicator::world();
  const FinishedRun opened = finished("results");
  const Synapse candidate = opened.table.back();
  ASSERT_EQ(candidate.accepted, 0);
  write_decided(opened, "marked.json", {{4, "reject"}, {8, "reject"}},
                {opened.table.at(0).first_voxel, opened.table.at(3).first_voxel, candidate.first_voxel});
  auto all = options("results", "marked.json");
  all.labels->max_voxels = 1'000'000;
  run_review(world, all);
  if (!world.is_root()) return;
  const RunVoxels run = voxels_of_run(path("results"), path("phantom.h5"));
  const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
  std::map<std::uint64_t, std::set<int>> labels;
  for (const auto& [at, label] :
       read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "rest"}))
    labels[run.objects[static_cast<std::size_t>(linear_index(at, reader.extent()))]].insert(label);
  EXPECT_EQ(labels.size(), 2U) << "neither a ball, nor the synapse that was found, nor the contradictory one";
  EXPECT_EQ(labels[candidate.id], std::set<int>{2});
  EXPECT_FALSE(labels[8].contains(2));
}

TEST_F(DecisionLabelsTest, counts_each_voxel_once) {
  const auto world = Communicator::world();
  const FinishedRun opened = finished("results");
  const GlobalVoxel mark = beside(opened, 1);
  // Balls that overlap each other, on different ranks, and an accepted object.
  write_decided(opened, "overlapping.json", {{1, "accept"}},
                {mark, mark + Extent{1, 0, 0}, {20, 50, 60}, {20, 50, 61}});
  const std::vector<fs::path> files{path("overlapping.json")};
  RunReview reviewed =
      open_review(world, config_of_run(world, path("results"), {}), files, OtherInput::refuse);
  const DecisionLabels labels =
      labels_of_decisions(world, reviewed, {.file = path("reviewed.h5"), .max_voxels = 1'000'000});
  EXPECT_GT(labels.counts.at(1), 0);
  EXPECT_EQ(labels.found, labels.counts) << "none was thinned out";
}

TEST_F(DecisionLabelsTest, labels_marks_alone_and_asks_for_no_class_of_what_nobody_rejected) {
  const auto world = Communicator::world();
  detect_into("two_glias", {"predict.classes=foreground"});
  const FinishedRun opened = finished("two_glias");
  write_decided(opened, "marks.json", {}, {{20, 50, 60}});
  auto marks = options("two_glias", "marks.json");
  marks.sets = {"classes=[membrane, synapse, glia]"};
  run_review(world, marks);
  if (world.is_root()) {
    const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
    const auto labels =
        read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "glia"});
    EXPECT_GT(labels.size(), 50U);
    for (const auto& [at, label] : labels) ASSERT_TRUE(label == 2 && is_in_ball(at, {20, 50, 60}, 40));
  }
  write_decided(opened, "rejected.json", {{1, "reject"}}, {});
  marks.reviews = {path("rejected.json")};
  EXPECT_THROW(run_review(world, marks), CollectiveError) << "now the class of the rest is needed";
  marks.labels->rejected_class = "glia";
  EXPECT_NO_THROW(run_review(world, marks));
}

TEST_F(DecisionLabelsTest, of_a_part_in_a_mask_lie_where_the_part_does) {
  const auto world = Communicator::world();
  const GlobalVoxel begin{4, 8, 16};
  all_or_throw(world, [&] {
    if (!world.is_root()) return;
    Array3<std::uint8_t> mask({40, 110, 120});
    for (std::int64_t z = 0; z < 40; ++z)
      for (std::int64_t y = 0; y < 110; ++y)
        for (std::int64_t x = 0; x < 120; ++x) mask(z, y, x) = x % 40 < 30 ? 1 : 0;
    test::write_volume(path("mask.h5"), "mask", mask);
  });
  // The probability is of all, so that the mask counts where labels are made.
  detect_into("unmasked", {"volume.box=4:40, 8:110, 16:120"});
  detect_into("part", {"volume.box=4:40, 8:110, 16:120", "volume.mask=" + path("mask.h5").string() + "/mask",
                       "run.probability=" + path("unmasked").string()});
  write_review("part", "part.json");
  auto all = options("part", "part.json");
  all.labels->max_voxels = 1'000'000;
  run_review(world, all);
  if (!world.is_root()) return;
  const FinishedRun opened = open_finished_run(
      Communicator::self(), config_of_run(Communicator::self(), path("part"), {}), OtherInput::refuse);
  EXPECT_EQ(opened.volume.first, begin);
  const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
  EXPECT_EQ(reader.extent(), (Extent{36, 102, 104}));
  EXPECT_EQ(reader.place().offset, (PerAxis<double>{4 * 12, 8 * 16, 16 * 16}));
  const auto objects = objects_of_run(opened);
  const RunVoxels phantom = voxels_of_run(path("results"), path("phantom.h5"));
  const std::vector<float> f = smoothed_in_one_piece(
      path("unmasked"), [&](const GlobalVoxel& at) { return (at.x + begin.x) % 40 < 30; });
  const auto rows = read_objects(path("part/synapses.h5"));
  std::set<std::uint64_t> accepted;
  for (const auto& [at, label] :
       read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "rest"})) {
    const GlobalVoxel whole = at + (begin - GlobalVoxel{});
    ASSERT_EQ(phantom.own_labels[static_cast<std::size_t>(linear_index(whole, {40, 110, 120}))], 0U)
        << "the part's place in the volume counts";
    const std::uint64_t object = objects(at.z, at.y, at.x);
    if (object == 0 || verdict_on(object) != "accept") continue;
    if (is_in_ball(at, {20, 50, 60}, 40) || is_in_ball(at, {3, 100, 7}, 40)) continue;
    accepted.insert(object);
    const double ratio = std::min(1.0, rows.at(object - 1).decisive_ratio);
    const float own = f[static_cast<std::size_t>(linear_index(at, reader.extent()))];
    ASSERT_GT(own, ratio * (1 - own)) << object;
  }
  EXPECT_GT(accepted.size(), 3U);
}

TEST_F(DecisionLabelsTest, without_a_voxel_size_balls_are_single_voxels) {
  const auto world = Communicator::world();
  all_or_throw(world, [&] {
    if (!world.is_root()) return;
    const VolumeReader raw(VolumePath{path("phantom.h5"), "/raw"}, 0);
    Array3<std::uint8_t> grey(raw.extent());
    raw.read(whole_box(raw.extent()), grey.view());
    test::write_volume(path("bare.h5"), "raw", grey);
  });
  detect_into("bare", {"volume.path=" + path("bare.h5").string(), "volume.box=0:40, 0:110, 8:120"});
  const FinishedRun opened = finished("bare");
  ASSERT_FALSE(opened.volume.voxel_size);
  write_decided(opened, "bare.json", {{1, "accept"}}, {{20, 50, 60}, {20, 50, 61}});
  auto marked = options("bare", "bare.json");
  EXPECT_THROW(run_review(world, marked), CollectiveError) << "balls of 40 nm";
  marked.labels->missed_radius_nm = 0;
  testing::internal::CaptureStdout();
  run_review(world, marked);
  const std::string told = testing::internal::GetCapturedStdout();
  if (!world.is_root()) return;
  EXPECT_THAT(told, testing::HasSubstr("they do not say where they lie: labels.begin: [0, 0, 8] does"));
  const VolumeReader reader(VolumePath::parse(path("reviewed.h5").string() + "/labels"));
  EXPECT_FALSE(reader.voxel_size());
  const auto objects = objects_of_run(opened);
  std::set<std::int64_t> marks;
  for (const auto& [at, label] :
       read_label_volume(reader, {}, whole_box(reader.extent()), {"membrane", "synapse", "rest"})) {
    if (objects(at.z, at.y, at.x) == 0) marks.insert(at.x);
    ASSERT_EQ(label, 2);
  }
  EXPECT_EQ(marks, (std::set<std::int64_t>{60, 61}));
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
