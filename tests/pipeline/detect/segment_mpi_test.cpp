#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/detect/segment_test.hpp"

namespace cleft::test {
namespace {

const std::vector<Extent> some_shapes{{4, 5, 7}, {100, 100, 100}, {1, 14, 16}};

TEST_F(SegmentTest, EqualsPlainLabellingForEveryBlockShape) {
  for (const double density : {0.1, 0.2, 0.31, 0.5}) {
    const auto probability = random_probability({9, 14, 16}, density, 7);
    store(probability);
    for (const auto connectivity : all_connectivities) {
      job.threshold.connectivity = connectivity;
      expect_reference(probability, some_shapes);
    }
  }
}

TEST_F(SegmentTest, KeepsTheBestCandidatesWhateverTheBlocks) {
  const auto probability = random_probability({9, 14, 16}, 0.25, 7);
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  job.threshold.options.core_ratio = 5;
  const std::vector<Extent> shapes{{4, 5, 7}, {100, 100, 100}, {1, 14, 16}, {3, 3, 3}};
  constexpr auto any_number = std::numeric_limits<std::int64_t>::max();
  for (const auto& [count, ratio] :
       {std::pair<std::int64_t, double>{4, 0}, {20, 0}, {any_number, 2}, {5, 1.5}, {any_number, 0}}) {
    job.rule.candidates = {count, first_step_from(ratio)};
    expect_reference(probability, shapes);
    EXPECT_GT(count_objects(job.labels).candidates, 3) << "a test of nothing";
    comm.barrier();
  }
}

TEST_F(SegmentTest, SaysFromWhichRatioOnAllObjectsAreKept) {
  const auto probability = random_probability({9, 14, 16}, 0.25, 7);
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  job.threshold.options.core_ratio = 5;
  const auto complete_from = [&](const CandidateRule& rule) {
    job.rule.candidates = rule;
    segment_and_publish();
    const double from = read_complete_from(job.labels);
    comm.barrier();
    return from;
  };
  constexpr auto any_number = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(complete_from({}), std::numeric_limits<double>::infinity());
  EXPECT_EQ(complete_from({any_number, 0}), 1);
  EXPECT_EQ(complete_from({any_number, first_step_from(3)}), 3);
  for (const std::int64_t count : {1, 4, 9}) {
    const double from = complete_from({count, 0});
    EXPECT_GT(from, 1);
    // All objects of that ratio and more, and not all of a step less.
    job.rule.candidates = {any_number, 0};
    const auto all = reference_segment(probability, job).rows;
    const auto reaching = [&](double ratio) {
      return std::count_if(all.begin(), all.end(), [&](const ReferenceRow& row) {
        return row.values.at("accepted") == 0 && row.values.at("decisive_ratio") >= ratio;
      });
    };
    EXPECT_LE(reaching(from), count);
    EXPECT_GT(reaching(from * (1 - 1.0 / 120)), count);
  }
}

TEST_F(SegmentTest, CheckerboardsAreNothingOrOneSynapse) {
  auto probability = checkerboard({9, 14, 16});
  store(probability);
  for (const auto connectivity : all_connectivities) {
    job.threshold.connectivity = connectivity;
    expect_reference(probability, some_shapes);
  }
}

TEST_F(SegmentTest, ASerpentineThroughAllRanksIsOneSynapse) {
  auto probability = serpentine({12, 7, 9});
  for (auto& v : probability.voxels()) v = v != 0 ? 255 : 0;
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  expect_reference(probability, {{2, 3, 4}, {1, 7, 9}});
}

TEST_F(SegmentTest, SmoothedProbabilitiesToo) {
  const auto probability = random_probability({9, 20, 22}, 0.5, 12);
  store(probability);
  job.threshold.sigma = {0.5, 1.5, 1.5};
  job.threshold.options.core_ratio = 1.1;
  for (const auto background : {Background::smoothed, Background::raw}) {
    job.threshold.options.background = background;
    expect_reference(probability, {{3, 5, 11}, {100, 100, 100}, {1, 20, 22}, {4, 7, 9}});
    const auto table = file_bytes(job.table);
    EXPECT_GT(std::count(table.begin(), table.end(), '\n'), 1) << "a test of nothing";
    comm.barrier();
  }
}

/// A ragged mask with holes.
Array3<std::uint8_t> ragged_mask(const Extent& extent, std::uint64_t seed) {
  Array3<std::uint8_t> mask(extent);
  Random random(seed);
  for (std::int64_t i = 0; i < mask.size(); ++i) {
    const GlobalVoxel p = voxel_at(i, extent);
    mask.data()[i] = p.x + p.y < 30 && (p.z != 4 || p.x != 6) && random.below(40) != 0 ? 1 : 0;
  }
  return mask;
}

TEST_F(SegmentTest, AMaskIsAppliedToProbabilitiesThatDoNotKnowIt) {
  const auto probability = random_probability({9, 20, 22}, 0.5, 12);
  const auto mask = ragged_mask(probability.extent(), 3);
  auto masked = Array3<std::uint8_t>::copy_of(probability.view());
  for (std::int64_t i = 0; i < mask.size(); ++i)
    masked.data()[i] = mask.data()[i] != 0 ? masked.data()[i] : 0;
  if (comm.is_root())
    h5::write_file(directory / "mask.h5", [&](h5::File& file) {
      file.write("mask", values_of(mask), {9, 20, 22});
    });
  comm.barrier();
  job.threshold.sigma = {0.5, 1.5, 1.5};
  job.threshold.options.core_ratio = 1.1;
  std::string first;
  for (const auto* stored : std::initializer_list<const Array3<std::uint8_t>*>{&probability, &masked}) {
    store(*stored);
    for (const Extent& shape : {Extent{3, 5, 11}, Extent{100, 100, 100}, Extent{4, 7, 9}}) {
      job.mask = PlacedMask{{directory / "mask.h5", "/mask"}};
      job.block_shape = shape;
      const SegmentSummary summary = segment_and_publish();
      EXPECT_EQ(summary.searched_voxels, count_inside(mask.view()));
      EXPECT_EQ(values_of(stored_labels()), values_of(reference_segment(masked, job).labels));
      const auto table = file_bytes(job.table);
      if (first.empty()) first = table;
      EXPECT_EQ(table, first);
      EXPECT_GT(std::count(table.begin(), table.end(), '\n'), 1) << "a test of nothing";
      comm.barrier();
    }
  }
}

TEST_F(SegmentTest, WhatTheMasksEdgeMayHaveCutTouchesAnEdge) {
  // Three bars along x in the middle of the volume; the mask ends right behind the first, one voxel behind
  // the second and three behind the third.
  Array3<std::uint8_t> probability({5, 30, 40});
  std::vector<std::uint8_t> mask(probability.voxels().size());
  for (const std::int64_t bar : {0, 1, 2})
    for (std::int64_t x = 5; x < 30; ++x)
      if (const std::int64_t y = 5 + 9 * bar; x < 20) {
        probability(2, y, x) = 255;
        for (std::int64_t z = 0; z < 5; ++z)
          for (std::int64_t dy = -4; dy <= 4; ++dy)
            for (std::int64_t inside = 0; inside < 20 + (bar == 0 ? 0 : bar == 1 ? 1 : 3); ++inside)
              mask[static_cast<std::size_t>((z * 30 + y + dy) * 40 + inside)] = 1;
      }
  store(probability);
  if (comm.is_root())
    h5::write_file(directory / "mask.h5", [&](h5::File& file) { file.write("mask", mask, {5, 30, 40}); });
  comm.barrier();
  job.mask = PlacedMask{{directory / "mask.h5", "/mask"}};
  const auto touching = [&](const Extent& shape) {
    job.block_shape = shape;
    segment_and_publish();
    std::istringstream table(file_bytes(job.table));
    std::string marks, line;
    std::getline(table, line);
    while (std::getline(table, line)) marks += line.back();
    comm.barrier();
    return marks;
  };
  for (const Extent& shape : {Extent{100, 100, 100}, Extent{2, 3, 4}, Extent{5, 30, 20}, Extent{1, 10, 7}})
    EXPECT_EQ(touching(shape), "100") << to_string(shape);
}

TEST_F(SegmentTest, PlacesInTheTableCountFromTheOffset) {
  Array3<std::uint8_t> probability({5, 6, 7});
  for (std::int64_t x = 1; x < 6; ++x) probability(2, 3, x) = 255;
  store(probability);
  job.offset = PerAxis<double>{400, 50, -15};
  segment_and_publish();
  EXPECT_THAT(file_bytes(job.table), testing::HasSubstr(",2,3,3,480,65,0,"));
  EXPECT_EQ(VolumeReader({job.labels, "/labels"}).place().offset, job.offset);
  comm.barrier();
}

TEST_F(SegmentTest, ThreadsChangeNothing) {
  const auto probability = random_probability({9, 20, 22}, 0.5, 12);
  store(probability);
  job.threshold.sigma = {0.5, 1.5, 1.5};
  job.threshold.options.core_ratio = 1.1;
  for (const int threads : {2, 3, 8}) {
    SCOPED_TRACE(threads);
    job.threads = threads;
    expect_reference(probability, {{3, 5, 11}, {100, 100, 100}, {1, 20, 22}});
  }
}

TEST_F(SegmentTest, WhatIsSettledInItsBlockIsNotKept) {
  store(random_probability({9, 14, 16}, 0.1, 7));
  job.threshold.connectivity = Connectivity::six;
  job.block_shape = Extent{100, 100, 100};
  const auto one_block = segment(comm, job).summary;
  EXPECT_EQ(one_block.merged_components, one_block.synapses);
  EXPECT_GT(one_block.components, 10 * one_block.synapses);
  comm.barrier();
  job.block_shape = Extent{1, 1, 1};
  const auto voxels = segment(comm, job).summary;
  EXPECT_EQ(voxels.merged_components, voxels.components);
  EXPECT_EQ(voxels.synapses, one_block.synapses);
}

TEST_F(SegmentTest, WhatIsDroppedAndTheRatiosAreTheSameForEveryBlockShape) {
  const auto probability = random_probability({9, 14, 16}, 0.2, 7);
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  job.rule.bounds = {3, 12};
  for (const double sigma : {0.0, 0.4})
    for (const auto background : {Background::smoothed, Background::raw}) {
      job.threshold.sigma = {sigma, sigma, sigma};
      job.threshold.options.background = background;
      std::optional<SegmentSummary> first;
      for (const Extent& shape : some_shapes) {
        SCOPED_TRACE(to_string(shape));
        job.block_shape = shape;
        const auto summary = segment(comm, job).summary;
        if (!first) first = summary;
        EXPECT_EQ(summary.dropped, first->dropped);
        EXPECT_EQ(summary.highest_ratio, first->highest_ratio);
        EXPECT_EQ(summary.ratio_of_smallest_core, first->ratio_of_smallest_core);
        comm.barrier();
      }
      EXPECT_GT(first->dropped.no_core, 0);
      EXPECT_GT(first->dropped.too_small, 0);
    }
}

TEST_F(SegmentTest, CountsWhatWasDroppedAsPlainLabellingDoes) {
  const auto probability = random_probability({9, 14, 16}, 0.25, 7);
  store(probability);
  job.threshold.connectivity = Connectivity::six;
  job.rule.bounds = {2, 6};
  job.block_shape = Extent{4, 5, 7};
  const auto summary = segment(comm, job).summary;

  Array3<std::uint8_t> reference(probability.extent()), core(probability.extent());
  double highest = 0;
  for (std::size_t i = 0; i < reference.voxels().size(); ++i) {
    const float f = static_cast<float>(probability.voxels()[i]) / 255.0F, b = 1.0F - f;
    reference.voxels()[i] = f > b ? 1 : 0;
    core.voxels()[i] = f > 2 * b ? 1 : 0;
    highest = std::max(highest, static_cast<double>(f / b));
  }
  const auto components = flood_fill(reference.view(), Connectivity::six);
  const auto cores = flood_fill(core.view(), Connectivity::six);
  std::map<std::uint64_t, std::int64_t> sizes;
  std::map<std::uint64_t, std::map<std::uint64_t, std::int64_t>> core_sizes;
  for (std::size_t i = 0; i < components.voxels().size(); ++i) {
    if (components.voxels()[i] == 0) continue;
    ++sizes[components.voxels()[i]];
    if (cores.voxels()[i] != 0) ++core_sizes[components.voxels()[i]][cores.voxels()[i]];
  }
  DroppedCounts expected;
  std::int64_t synapses = 0;
  for (const auto& [component, size] : sizes) {
    std::int64_t largest = 0;
    for (const auto& [number, voxels] : core_sizes[component]) largest = std::max(largest, voxels);
    if (largest == 0)
      ++expected.no_core;
    else if (size < 2 || largest < 2)
      ++expected.too_small;
    else if (size > 6)
      ++expected.too_large;
    else
      ++synapses;
  }
  EXPECT_GT(expected.no_core, 0);
  EXPECT_GT(expected.too_small, 0);
  EXPECT_GT(expected.too_large, 0);
  EXPECT_EQ(summary.dropped, expected);
  EXPECT_EQ(summary.synapses, synapses);
  EXPECT_EQ(summary.highest_ratio, highest);
}

TEST_F(SegmentTest, NothingFoundIsAnEmptyTable) {
  const Array3<std::uint8_t> probability({5, 6, 7});
  store(probability);
  expect_reference(probability, {{2, 3, 4}});
  const auto table = file_bytes(job.table);
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1);
}

TEST_F(SegmentTest, BlocksArePlannedWhenNoShapeIsGiven) {
  const auto probability = random_probability({20, 40, 50}, 0.2, 3);
  store(probability);
  segment_and_publish();
  EXPECT_EQ(values_of(stored_labels()), values_of(reference_segment(probability, job).labels));
}

TEST_F(SegmentTest, MemoryThatIsTooLittleIsFoundBeforeThereIsAProbability) {
  const StoredProbability stored{{60, 70, 80}, ElementType::uint8};
  EXPECT_NO_THROW(check_segment_fits(comm, job, stored));
  job.memory_per_rank = 1 << 20;
  EXPECT_THAT([&] { check_segment_fits(comm, job, stored); },
              testing::ThrowsMessage<CollectiveError>(
                  testing::HasSubstr("run.memory_per_rank: is 1 MiB, of which 0 MiB are left for a block")));
}

}  // namespace
}  // namespace cleft::test
