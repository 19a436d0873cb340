#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "pipeline/detect/refilter.hpp"
#include "pipeline/detect/segment_test.hpp"
#include "pipeline/detect/split_components.hpp"
#include "pipeline/detect/tell_found.hpp"
#include "pipeline/run/labels_recipe.hpp"
#include "segmentation/split_stored.hpp"

namespace cleft::test {
namespace {

const std::vector<Extent> some_shapes{{4, 5, 7}, {100, 100, 100}, {1, 14, 16}, {3, 20, 3}};

class SplitTest : public SegmentTest {
 protected:
  /// Where `expect_reference` would find nothing to split, it would be a test of nothing.
  void expect_splits(std::int64_t at_least) {
    const SplitSummary split = segment_and_publish().split;
    EXPECT_GE(split.components, at_least);
    EXPECT_GE(split.parts, 2 * split.components);
    EXPECT_TRUE(split.left_whole.empty());
    comm.barrier();
  }
};

TEST_F(SplitTest, EqualsPlainSplittingForEveryBlockShape) {
  for (const auto& [by, density] :
       {std::pair{Split::distance, 0.2}, {Split::distance, 0.45}, {Split::cores, 0.45}}) {
    const auto probability = random_probability({7, 11, 13}, density, 7);
    store(probability);
    for (const auto connectivity : all_connectivities) {
      SCOPED_TRACE(std::string(to_string(by)) + ", density " + std::to_string(density));
      job.threshold.connectivity = connectivity;
      job.split = {by, 42};
      job.threads = connectivity == Connectivity::eighteen ? 3 : 1;
      // Cores of a high ratio, so that there are several in a component.
      job.threshold.options.core_ratio = by == Split::cores ? 9 : 2;
      expect_reference(probability, {{4, 5, 7}, {100, 100, 100}, {3, 11, 3}});
    }
    expect_splits(1);
  }
}

TEST_F(SplitTest, PartsAreJudgedAsObjectsByTheirOwnSizes) {
  // Components of more than max_size are kept for their parts, also where no whole one is an object.
  const auto probability = random_probability({9, 14, 16}, 0.31, 7);
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  for (const auto& [min, max] : {std::pair{2, 30}, {6, 12}, {1, 4}}) {
    job.split = {Split::distance, 11};
    job.rule.bounds = {min, max};
    expect_reference(probability, some_shapes);
    expect_splits(3);
  }
}

TEST_F(SplitTest, TheBestCandidatesAreTheBestParts) {
  const auto probability = random_probability({9, 14, 16}, 0.25, 7);
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  job.threshold.options.core_ratio = 5;
  constexpr auto any_number = std::numeric_limits<std::int64_t>::max();
  for (const auto by : {Split::distance, Split::cores})
    for (const auto& [count, ratio] :
         {std::pair<std::int64_t, double>{4, 0}, {20, 0}, {any_number, 2}, {5, 1.5}, {any_number, 0}}) {
      job.split = {by, 6};
      job.rule.candidates = {count, first_step_from(ratio)};
      expect_reference(probability, some_shapes);
      EXPECT_GT(count_objects(job.labels).candidates, 3) << "a test of nothing";
      if (by == Split::distance) expect_splits(10);
    }
}

TEST_F(SplitTest, SmoothedProbabilitiesInAMask) {
  const auto probability = random_probability({7, 13, 15}, 0.5, 12);
  auto masked = Array3<std::uint8_t>::copy_of(probability.view());
  Array3<std::uint8_t> mask(probability.extent());
  for (std::int64_t i = 0; i < mask.size(); ++i) {
    const GlobalVoxel p = voxel_at(i, mask.extent());
    mask.data()[i] = p.x + p.y < 24 && (p.z != 4 || p.x != 6) ? 1 : 0;
    if (mask.data()[i] == 0) masked.data()[i] = 0;
  }
  if (comm.is_root())
    h5::write_file(directory / "mask.h5", [&](h5::File& file) {
      file.write("mask", values_of(mask), {7, 13, 15});
    });
  comm.barrier();
  store(probability);
  job.threshold.sigma = {0.5, 1.5, 1.5};
  const auto marked_at_mask = [&] {
    segment_and_publish();
    std::int64_t count = 0;
    for (const Synapse& row : read_objects(job.labels)) count += row.touches_edge;
    comm.barrier();
    return count;
  };
  for (const auto& [background, by, core_ratio] :
       {std::tuple{Background::smoothed, Split::distance, 1.1}, {Background::raw, Split::cores, 1.8}}) {
    job.threshold.options.background = background;
    job.threshold.options.core_ratio = core_ratio;
    job.threshold.connectivity = by == Split::cores ? Connectivity::six : Connectivity::twenty_six;
    job.split = {by, 20};
    job.mask.reset();
    const std::vector<Extent> shapes{{3, 5, 11}, {100, 100, 100}, {4, 7, 9}};
    expect_reference(probability, shapes);
    expect_splits(1);
    // With the mask: the labels of probabilities that are 0 outside it.
    const ReferenceResult expected = reference_segment(masked, job);
    job.mask = PlacedMask{{directory / "mask.h5", "mask"}};
    std::set<std::int64_t> marked;
    for (const Extent& shape : shapes) {
      job.block_shape = shape;
      marked.insert(marked_at_mask());
      EXPECT_EQ(values_of(stored_labels()), values_of(expected.labels));
      comm.barrier();
    }
    EXPECT_EQ(marked.size(), 1U);
  }
}

/// Two balls that overlap, their centres apart along x.
void add_balls(Array3<std::uint8_t>& probability, const GlobalVoxel& centre, std::int64_t apart,
               std::int64_t radius) {
  for_each_voxel(probability.extent(), [&](auto z, auto y, auto x) {
    for (const std::int64_t shift : {std::int64_t{0}, apart}) {
      const Extent d = GlobalVoxel{z, y, x} - (centre + Extent{0, 0, shift});
      if (d.z * d.z + d.y * d.y + d.x * d.x <= radius * radius) probability(z, y, x) = 240;
    }
  });
}

TEST_F(SplitTest, TwoBallsAreTwoSynapsesWhereverBlocksCutThem) {
  Array3<std::uint8_t> probability({15, 20, 60});
  add_balls(probability, {7, 9, 10}, 10, 6);
  add_balls(probability, {7, 9, 50}, 0, 6);
  store(probability);
  job.voxel_size = VoxelSize{10, 10, 10};
  job.split = {Split::distance, 50};
  job.rule.bounds = {100, 2000};
  std::optional<std::string> table;
  for (const Extent& shape : {Extent{15, 20, 60}, Extent{4, 5, 6}, Extent{15, 20, 15}, Extent{15, 9, 60}})
    for (const int threads : {1, 4}) {
      job.block_shape = shape;
      job.threads = threads;
      const SegmentSummary summary = segment_and_publish();
      EXPECT_EQ(summary.synapses, 3);
      EXPECT_EQ(summary.split.components, 1);
      EXPECT_EQ(summary.split.parts, 2);
      const auto labels = stored_labels();
      EXPECT_EQ(labels(7, 9, 10), 1U);
      EXPECT_EQ(labels(7, 9, 15), 1U);  // halfway
      EXPECT_EQ(labels(7, 9, 16), 2U);
      EXPECT_EQ(labels(7, 9, 20), 2U);
      EXPECT_EQ(labels(7, 9, 50), 3U);
      if (!table) table = file_bytes(job.table);
      EXPECT_EQ(file_bytes(job.table), *table);
      comm.barrier();
    }
  job.split.by = Split::none;
  EXPECT_EQ(segment_and_publish().synapses, 2);
}

TEST_F(SplitTest, FloatsToo) {
  Array3<std::uint8_t> probability({9, 14, 30});
  add_balls(probability, {4, 6, 8}, 10, 6);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    std::vector<float> values;
    for (const std::uint8_t v : probability.voxels()) values.push_back(static_cast<float>(v) / 255.0F);
    h5::write_file(job.probability, [&](h5::File& file) {
      file.write(probability_dataset, values, {9, 14, 30})
          .set_attribute("classes", std::vector<std::string>{"synapse"});
    });
  });
  job.voxel_size = VoxelSize{10, 10, 10};
  job.split = {Split::distance, 50};
  job.block_shape = Extent{9, 14, 13};
  EXPECT_EQ(segment_and_publish().synapses, 2);
}

TEST_F(SplitTest, WhatIsTooLargeForTheMemoryIsLeftWholeAndNamed) {
  // The edges of a large box are one component; inside it are two balls, which fit.
  Array3<std::uint8_t> probability({70, 180, 200});
  const Extent e = probability.extent();
  for_each_voxel(e, [&](auto z, auto y, auto x) {
    const int faces =
        (z < 3 || z >= e.z - 3 ? 1 : 0) + (y < 3 || y >= e.y - 3 ? 1 : 0) + (x < 3 || x >= e.x - 3 ? 1 : 0);
    probability(z, y, x) = faces >= 2 ? 255 : 0;
  });
  add_balls(probability, {35, 90, 95}, 10, 6);
  store(probability);
  job.voxel_size = VoxelSize{10, 10, 10};
  job.split = {Split::distance, 50};
  job.rule.bounds = {100, 1000000};
  job.recipe = nlohmann::json{{"of", "this test"}};
  const std::int64_t enough = 4 * split_bytes(boxes_to_split(whole_box(e), {}, e), {}, 1, false);
  for (const Extent& shape : {Extent{70, 180, 200}, Extent{30, 90, 70}}) {
    job.block_shape = shape;
    job.memory_per_rank = enough - 1;
    const SegmentSummary summary = segment_and_publish();
    EXPECT_EQ(summary.synapses, 3);
    EXPECT_EQ(summary.split.components, 1);
    ASSERT_EQ(summary.split.left_whole.size(), 1U);
    EXPECT_EQ(summary.split.left_whole[0].first_voxel, (GlobalVoxel{0, 0, 0}));
    EXPECT_EQ(summary.split.left_whole[0].bounds, whole_box(e));
    EXPECT_EQ(summary.split.left_whole[0].memory_per_rank, enough);
    EXPECT_EQ(lines_about_left_whole(summary).at(0),
              "the component at voxel 0, 0, 0 (z, y, x) is left whole, it is too large to be split: its box "
              "z 0:70, y 0:180, x 0:200 needs a run.memory_per_rank of " +
                  std::to_string((enough >> 20U) + 1) + " MiB");
    EXPECT_EQ(read_synapse_recipe(job.labels)[left_whole_below], enough);
    comm.barrier();
  }
  job.memory_per_rank = enough;
  const SegmentSummary summary = segment_and_publish();
  EXPECT_TRUE(summary.split.left_whole.empty());
  EXPECT_TRUE(lines_about_left_whole(summary).empty());
  EXPECT_FALSE(read_synapse_recipe(job.labels).contains(left_whole_below));
  EXPECT_GE(summary.split.components, 1);
}

TEST_F(SplitTest, AnotherCoreRatioWithoutThresholdingFindsTheSamePartsAgain) {
  store(random_probability({9, 14, 16}, 0.31, 7));
  job.threshold.connectivity = Connectivity::six;
  job.split = {Split::distance, 11};
  constexpr auto any_number = std::numeric_limits<std::int64_t>::max();
  job.rule.candidates = {any_number, 0};
  const auto at_ratio = [&](double ratio) {
    job.threshold.options.core_ratio = ratio;
    job.recipe = {{"core_ratio", ratio}};
  };
  // All objects by first voxel, and whether they are synapses; which are so where the core is not in pieces.
  const auto objects = [&] {
    std::map<std::int64_t, bool> found;
    for (const Synapse& row : read_objects(job.labels))
      found[linear_index(row.first_voxel, {9, 14, 16})] = row.accepted != 0;
    comm.barrier();
    return found;
  };
  for (const double ratio : {1.0, 4.0, 10.0}) {
    at_ratio(ratio);
    job.block_shape = Extent{4, 5, 7};
    const SegmentSummary of_full = segment_and_publish();
    std::set<std::int64_t> scattered;
    for (const Synapse& row : read_objects(job.labels))
      if (row.accepted == 0 && row.decisive_ratio >= ratio)
        scattered.insert(linear_index(row.first_voxel, {9, 14, 16}));
    const auto full = objects();
    EXPECT_GT(of_full.split.components, 5);
    at_ratio(2);
    segment_and_publish();
    comm.barrier();
    at_ratio(ratio);
    job.block_shape = Extent{9, 6, 5};
    Segmentation done = refilter(comm, job);
    const SegmentSummary summary = done.summary;
    all_or_throw(comm, [&] {
      if (comm.is_root()) publish(files_of(std::move(done)));
    });
    const auto filtered = objects();
    ASSERT_EQ(filtered.size(), full.size());
    for (const auto& [first, is_synapse] : full) {
      ASSERT_TRUE(filtered.contains(first));
      EXPECT_TRUE(filtered.at(first) == is_synapse || scattered.contains(first)) << first;
    }
    // Labels and table say the same.
    const auto rows = read_objects(job.labels);
    const auto labels = stored_labels(), candidates = stored_labels("/candidates");
    std::vector<std::int64_t> sizes(rows.size() + 1);
    for (std::size_t i = 0; i < labels.voxels().size(); ++i)
      ++sizes.at(labels.voxels()[i] + candidates.voxels()[i]);
    for (const Synapse& row : rows) EXPECT_EQ(row.size, sizes[row.id]);
    EXPECT_EQ(summary.synapses + summary.candidates, std::ssize(rows));
    comm.barrier();
  }
}

}  // namespace
}  // namespace cleft::test
