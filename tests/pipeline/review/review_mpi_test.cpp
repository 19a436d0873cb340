#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "config/load.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/convert/phantom.hpp"
#include "pipeline/detect/detect.hpp"
#include "pipeline/report/overview_facts.hpp"
#include "pipeline/report/report_input.hpp"
#include "pipeline/review/evaluate_review.hpp"
#include "pipeline/review/review.hpp"
#include "pipeline/review/review_input.hpp"
#include "pipeline/train/train.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/review_judge.hpp"
#include "pipeline/tune/stored_run.hpp"
#include "probability/files/stored_probability.hpp"
#include "support/review_text.hpp"
#include "support/temp_directory.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

/// A phantom with a finished run in it, made by all ranks, and a review of that: of each four objects two are
/// accepted, one is rejected, and one has no verdict; one is unsure; two places are marked.
class ReviewTest : public testing::Test {
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

  static void write_review(const std::string& run, const std::string& name) {
    const auto comm = Communicator::world();
    const auto opened = open_finished_run(comm, config_of_run(comm, path(run), {}), OtherInput::refuse);
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      test::ReviewText review{.table = opened.table_checksum,
                              .model = page_run(opened).model_fingerprint,
                              .missed = {{20, 50, 60}, {3, 100, 7}}};
      for (const Synapse& row : opened.table)
        if (const auto verdict = verdict_on(row.id); !verdict.empty()) review.decisions[row.id] = verdict;
      test::write_bytes(path(name), review.text());
    });
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
      files[name] = test::file_bytes(options.directory / name);
    files["labels"] = test::file_bytes(options.labels->file);
    return files;
  }

  static std::vector<std::uint64_t> voxels_of(const VolumePath& volume) {
    const VolumeReader reader(volume, 0);
    Array3<std::uint64_t> values(reader.extent());
    read_label_values(reader, whole_box(reader.extent()), values.view());
    return {values.voxels().begin(), values.voxels().end()};
  }

  inline static test::TempDirectory* directory_ = nullptr;
};

TEST_F(ReviewTest, files_are_the_same_for_any_ranks_threads_blocks_and_memory) {
  const auto world = Communicator::world();
  const auto together = files_of(world, options("results", "review.json"));
  detect_into("blocks", {"run.block_shape=[16, 64, 40]"});
  write_review("blocks", "of_blocks.json");
  auto other = options("blocks", "of_blocks.json");
  other.sets = {"run.threads_per_rank=3", "run.memory_per_rank=400MiB"};
  const auto of_blocks = files_of(world, other);
  std::map<std::string, std::string> alone;
  all_or_throw(world, [&] {
    if (world.is_root()) alone = files_of(Communicator::self(), options("results", "review.json"));
  });
  if (!world.is_root()) return;
  EXPECT_EQ(together.size(), 3U);
  for (const auto& [name, bytes] : together) {
    EXPECT_TRUE(bytes == alone.at(name)) << name;
    EXPECT_TRUE(bytes == of_blocks.at(name)) << name << " of other blocks";
  }
}

TEST_F(ReviewTest, leaves_out_what_was_rejected_and_keeps_ids) {
  const auto world = Communicator::world();
  run_review(world, options("results", "review.json"));
  if (!world.is_root()) return;
  const auto before = path("results/synapses.h5"), after = path("results/synapses_reviewed.h5");
  EXPECT_EQ(check_synapse_file(after), Soundness::sound);
  EXPECT_EQ(check_table(path("results/synapses_reviewed.csv"), after), Soundness::sound);
  const auto rows = read_objects(before), kept = read_objects(after);
  const auto verdicts = *read_object_verdicts(after);
  ASSERT_GT(rows.size(), 12U);
  std::size_t next = 0;
  for (const Synapse& row : rows) {
    if (verdict_on(row.id) == "reject") continue;
    ASSERT_LT(next, kept.size());
    EXPECT_EQ(kept[next].id, row.id);
    EXPECT_EQ(kept[next].size, row.size);
    EXPECT_EQ(verdicts[next++], verdict_on(row.id));
  }
  EXPECT_EQ(next, kept.size());
  std::int64_t cleared = 0;
  for (const auto* dataset : {labels_dataset, candidates_dataset}) {
    const auto was = voxels_of({before, dataset}), is = voxels_of({after, dataset});
    ASSERT_EQ(was.size(), is.size());
    for (std::size_t i = 0; i < was.size(); ++i) {
      const bool rejected = was[i] != 0 && verdict_on(was[i]) == "reject";
      cleared += rejected ? 1 : 0;
      if (is[i] != (rejected ? 0 : was[i])) FAIL() << dataset << " voxel " << i;
    }
  }
  EXPECT_GT(cleared, 0);
}

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

TEST_F(ReviewTest, labels_what_decisions_teach) {
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

TEST_F(ReviewTest, labels_all_voxels_and_the_rest_where_nothing_tells_of_cores_and_classes) {
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

TEST_F(ReviewTest, labels_fewer_voxels_where_fewer_are_asked_for_and_others_for_another_seed) {
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

TEST_F(ReviewTest, is_judged_and_settings_are_judged_alike) {
  const auto world = Communicator::world();
  const Config config = config_of_run(world, path("results"), {});
  const std::vector<fs::path> reviews{path("review.json")};
  const RunReview reviewed = open_review(world, config, reviews, OtherInput::refuse);
  Agreement expected;
  expected.missed = 2;
  for (const Synapse& row : reviewed.run.table) {
    expected.matched += verdict_on(row.id) == "accept" ? 1 : 0;
    expected.false_found += verdict_on(row.id) == "reject" ? 1 : 0;
  }
  const Agreement judged = evaluation_of(reviewed).objects.agreement();
  EXPECT_EQ(judged.matched, expected.matched);
  EXPECT_EQ(judged.false_found, expected.false_found);
  EXPECT_EQ(judged.missed, expected.missed);

  // With the run's own settings the same synapses are found; candidates, decided or not, are not found.
  Agreement of_synapses;
  for (const Synapse& row : reviewed.run.table) {
    const bool accepted = verdict_on(row.id) == "accept";
    of_synapses.matched += row.accepted != 0 && accepted ? 1 : 0;
    of_synapses.false_found += row.accepted != 0 && verdict_on(row.id) == "reject" ? 1 : 0;
    of_synapses.missed += row.accepted == 0 && accepted ? 1 : 0;
  }
  of_synapses.missed += 2;
  const StoredRun stored = open_stored_run(world, config, MadeFrom::what_the_run_says);
  const ReviewJudge judge(world, config, reviews, 1);
  const std::vector<SegmentSettings> settings{segment_settings(config, stored.volume)};
  const Agreement found = judge_settings(world, stored.job, settings, judge).front();
  EXPECT_EQ(found.matched, of_synapses.matched);
  EXPECT_EQ(found.false_found, of_synapses.false_found);
  EXPECT_EQ(found.missed, of_synapses.missed);
}

TEST_F(ReviewTest, settings_are_judged_by_what_their_objects_meet) {
  const auto world = Communicator::world();
  const Config config = config_of_run(world, path("results"), {});
  const std::vector<fs::path> reviews{path("review.json")};
  const ReviewJudge judge(world, config, reviews, 80);
  const auto rows = open_finished_run(world, config, OtherInput::refuse).table;
  std::int64_t accepted = 0;
  for (const Synapse& row : rows) accepted += verdict_on(row.id) == "accept" ? 1 : 0;
  const std::uint64_t marks = rows.size();  // the places behind the objects, which are in order of id
  const auto meeting = [](std::vector<std::uint64_t> truths) {
    FoundObject object;
    object.evidence.known = object.evidence.judged = 1;
    for (const std::uint64_t truth : truths) object.contacts.push_back({0, truth, 1, 0});
    return object;
  };
  const auto judged = [&](const std::vector<FoundObject>& objects) {
    const Agreement a = judge.judge(objects).agreement;
    return std::vector<std::int64_t>{a.matched, a.false_found, a.missed};
  };
  const auto id = [](std::uint64_t number) { return number - 1; };  // 1, 2, 5, 6 accepted; 4 and 8 rejected
  using testing::ElementsAre;
  const std::int64_t all = accepted + 2;
  EXPECT_THAT(judged({}), ElementsAre(0, 0, all));
  EXPECT_THAT(judged({meeting({id(1)}), meeting({id(2)})}), ElementsAre(2, 0, all - 2));
  EXPECT_THAT(judged({meeting({id(4)})}), ElementsAre(0, 1, all)) << "a rejected one";
  EXPECT_THAT(judged({meeting({id(3)}), meeting({id(7)})}), ElementsAre(0, 0, all)) << "undecided, unsure";
  EXPECT_THAT(judged({meeting({})}), ElementsAre(0, 0, all)) << "something new";
  EXPECT_THAT(judged({meeting({id(3), id(4)})}), ElementsAre(0, 0, all)) << "partly undecided";
  EXPECT_THAT(judged({meeting({id(1)}), meeting({id(1)})}), ElementsAre(1, 1, all - 1)) << "in two pieces";
  EXPECT_THAT(judged({meeting({id(1), id(2)})}), ElementsAre(1, 0, all - 1)) << "two in one";
  EXPECT_THAT(judged({meeting({id(1), id(4)})}), ElementsAre(1, 0, all - 1)) << "right, whatever it joins";
  EXPECT_THAT(judged({meeting({marks}), meeting({marks, marks + 1})}), ElementsAre(2, 0, all - 2)) << "marks";
}

}  // namespace
}  // namespace cleft
