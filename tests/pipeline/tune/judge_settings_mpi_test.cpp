#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "base/label.hpp"
#include "pipeline/detect/segment_test.hpp"
#include "pipeline/evaluate/evaluate.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/stored_run.hpp"

namespace cleft::test {
namespace {

constexpr Extent extent{8, 22, 24};

/// Every setting is judged twice: by the engine, and by segmenting with it and evaluating what that wrote.
class JudgeSettingsTest : public SegmentTest {
 protected:
  void SetUp() override {
    Array3<std::uint8_t> probability = random_probability(extent, 0.3, 11);
    const auto blobs = random_boxes(extent, 40, 1, 5);  // so that components are of all sizes
    for (std::size_t i = 0; i < blobs.voxels().size(); ++i)
      if (blobs.voxels()[i] != 0)
        probability.voxels()[i] = static_cast<std::uint8_t>(200 + blobs.voxels()[i] * 7 % 55);
    store(probability);
    if (comm.is_root()) {
      auto truth = random_boxes(extent, 24, 2, 9);
      write_volume(directory / "truth.h5", "truth", truth, job.voxel_size);
      for (std::int64_t y = 0; y < 9; ++y) truth(2, y, 7) = cremi_invalid;
      const auto cut = Array3<std::uint64_t>::copy_of(truth.view().part({1, 0, 3}, {5, 18, 20}));
      write_volume(directory / "cut.h5", "truth", cut, job.voxel_size);
      Array3<std::uint8_t> mask(extent);
      mask.fill(1);
      for (std::int64_t z = 0; z < extent.z; ++z)
        for (std::int64_t y = 0; y < extent.y; ++y) mask(z, y, y) = mask(z, y, 15) = 0;
      write_volume(directory / "mask.h5", "mask", mask, job.voxel_size);
      std::ofstream(directory / "points.csv")
          << "z,y,x,class\n1,5,5,synapse\n4,12,9,synapse\n6,20,3,synapse\n2,2,20,synapse\n5,5,17,ignore\n"
             "3,15,15,synapse\n7,8,11,ignore\n";
    }
    comm.barrier();
  }

  EvaluateOptions truth(const std::string& file) const {
    EvaluateOptions options;
    options.truth = {directory / file, "/truth"};
    options.voxel_size = StatedVoxelSize{*job.voxel_size, "the test"};
    return options;
  }
  EvaluateOptions points(double distance_nm) const {
    EvaluateOptions options;
    options.truth_points = directory / "points.csv";
    options.voxel_size = StatedVoxelSize{*job.voxel_size, "the test"};
    options.match = {.criterion = MatchOptions::Criterion::point_distance, .distance_nm = distance_nm};
    return options;
  }

  std::vector<EvaluateOptions> truths() const {
    std::vector<EvaluateOptions> all{truth("truth.h5"), truth("cut.h5"), truth("cut.h5"), truth("truth.h5"),
                                     truth("truth.h5"), points(20),      points(60)};
    all[1].truth_begin = all[2].truth_begin = Extent{1, 0, 3};
    all[1].min_truth_size = 8;
    all[1].truth_gap_nm = 7;
    all[2].cut_objects = true;
    all[2].box = Box{{2, 3, 4}, {5, 15, 20}};
    all[2].match = {.criterion = MatchOptions::Criterion::iou, .iou = 0.1};
    all[3].truth_is_labelled = true;
    all[3].sections = {2, 5};
    all[4].match = {.criterion = MatchOptions::Criterion::centroid_distance, .distance_nm = 60};
    all[4].box = Box{{0, 4, 0}, {6, 20, 14}};
    all[6].box = Box{{0, 0, 0}, {6, 20, 14}};
    if (job.mask)
      for (EvaluateOptions& options : all) options.mask = job.mask;
    return all;
  }

  static SegmentSettings setting(const PerAxis<double>& sigma, double reference, double core,
                                 Connectivity connectivity, const SizeBounds& bounds,
                                 const SplitOptions& split = {}) {
    return {.threshold = {.options = {.core_ratio = core, .reference_ratio = reference},
                          .sigma = sigma,
                          .connectivity = connectivity},
            .rule = {.bounds = bounds, .candidates = {}},
            .split = split};
  }

  static std::vector<SegmentSettings> settings() {
    std::vector<SegmentSettings> all;
    for (const PerAxis<double>& sigma : {PerAxis<double>{}, {0.3, 0.8, 0.8}})
      for (const auto& [reference, core] :
           {std::pair{0.5, 1.5}, {1.0, 1.5}, {1.0, 4.0}, {1.5, 4.0}, {4.0, 4.0}})
        for (const SizeBounds& bounds : {SizeBounds{0, 5000}, {4, 60}, {9, 5000}})
          all.push_back(setting(sigma, reference, core, Connectivity::six, bounds));
    for (const SizeBounds& bounds : {SizeBounds{3, 40}, {3, 5000}, {6, 300}})
      for (const SplitOptions& split :
           {SplitOptions{Split::distance, 12}, {Split::distance, 30}, {Split::cores, 0}})
        all.push_back(setting({}, 0.7, 4, Connectivity::eighteen, bounds, split));
    all.push_back(setting({0.3, 0.8, 0.8}, 1, 1.5, Connectivity::twenty_six, {4, 60}));
    all.push_back(all.back());
    all.back().threshold.options.background = Background::raw;
    all.push_back(setting({}, 1000, 1000, Connectivity::six, {1, 10}));  // finds nothing
    return all;
  }

  /// [truth][setting] by segmenting with each setting.
  std::vector<std::vector<Agreement>> expected(const std::vector<EvaluateOptions>& truths) {
    std::vector<std::vector<Agreement>> found(truths.size());
    for (const SegmentSettings& one : settings()) {
      job.threshold = one.threshold;
      job.rule = one.rule;
      job.split = one.split;
      segment_and_publish();
      all_or_throw(comm, [&] {
        for (std::size_t t = 0; t < truths.size(); ++t) {
          EvaluateOptions options = truths[t];
          options.labels = {job.labels, "/labels"};
          found[t].push_back(evaluate(options).objects.agreement());
        }
      });
      comm.barrier();
    }
    return found;
  }

  void expect_as_segmented() {
    const auto all = truths();
    const auto expected_of = expected(all);
    for (std::size_t t = 0; t < all.size(); ++t) {
      EvaluateOptions options = all[t];
      options.labels = {job.probability, probability_dataset};
      options.labels_to_come = "synapse";
      const auto judge = make_judge(comm, options);
      for (const Extent& shape : {Extent{3, 7, 9}, {100, 100, 100}}) {
        job.block_shape = shape;
        job.threads = shape.z == 3 ? 3 : 1;
        const auto found = judge_settings(comm, job, settings(), *judge);
        ASSERT_EQ(found.size(), expected_of[t].size());
        std::set<std::pair<std::int64_t, std::int64_t>> kinds;
        for (std::size_t n = 0; n < found.size(); ++n) {
          SCOPED_TRACE(testing::Message()
                       << "truth " << t << ", setting " << n << ", blocks of " << to_string(shape));
          EXPECT_EQ(found[n].matched, expected_of[t][n].matched);
          EXPECT_EQ(found[n].false_found, expected_of[t][n].false_found);
          EXPECT_EQ(found[n].missed, expected_of[t][n].missed);
          kinds.emplace(found[n].matched, found[n].false_found);
        }
        EXPECT_GT(kinds.size(), 5U) << "a test of nothing: truth " << t;
        EXPECT_GT(kinds.rbegin()->first, 0) << "a test of nothing: truth " << t;
      }
      job.block_shape.reset();
    }
  }
};

TEST_F(JudgeSettingsTest, EverySettingIsJudgedAsWhatItSegments) {
  expect_as_segmented();
}

TEST_F(JudgeSettingsTest, InAMaskToo) {
  job.mask = PlacedMask{{directory / "mask.h5", "/mask"}};
  expect_as_segmented();
}

TEST_F(JudgeSettingsTest, WithoutAJudgeAllObjectsAreTold) {
  std::vector<std::int64_t> expected_counts;
  for (const SegmentSettings& one : settings()) {
    job.threshold = one.threshold;
    job.rule = one.rule;
    job.split = one.split;
    expected_counts.push_back(segment_and_publish().synapses);
    comm.barrier();
  }
  job.block_shape = Extent{4, 9, 8};
  std::vector<std::int64_t> counts(settings().size());
  find_objects_of_settings(comm, job, settings(), nullptr, [&](std::size_t n, const auto& objects) {
    counts[n] = std::ssize(objects);
    EXPECT_TRUE(std::ranges::is_sorted(objects, {}, &FoundObject::first_voxel));
  });
  if (comm.is_root()) {
    EXPECT_EQ(counts, expected_counts);
  }
}

TEST_F(JudgeSettingsTest, AStopStopsAllRanks) {
  job.block_shape = Extent{3, 7, 9};  // so that every rank has blocks, between which it looks
  std::stop_source stop;
  if (comm.rank() == comm.size() - 1) stop.request_stop();
  EXPECT_THROW(find_objects_of_settings(
                   comm, job, settings(), nullptr, [](std::size_t, const auto&) {}, stop.get_token()),
               Stopped);
}

}  // namespace
}  // namespace cleft::test
