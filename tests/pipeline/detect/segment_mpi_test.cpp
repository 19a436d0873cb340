#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "base/stopped.hpp"
#include "io/h5/file.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/reference_segment.hpp"
#include "pipeline/detect/segment.hpp"
#include "probability/distributed/probability_file.hpp"
#include "support/file_size_limit.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft::test {
namespace {

constexpr std::int64_t plenty_of_memory = std::int64_t{1} << 30U;

class SegmentTest : public testing::Test {
 protected:
  /// Rank 0 writes a finished probability file, as predict leaves it.
  void store(const Array3<std::uint8_t>& probability) {
    all_or_throw(comm, [&] {
      if (!comm.is_root()) return;
      const Extent& e = probability.extent();
      h5::write_file(job.probability, [&](h5::File& file) {
        auto dataset =
            file.write(probability_dataset, values_of(probability),
                       {static_cast<hsize_t>(e.z), static_cast<hsize_t>(e.y), static_cast<hsize_t>(e.x)});
        dataset.set_attribute("classes", std::vector<std::string>{"synapse"});
      });
    });
  }

  Array3<std::uint64_t> stored_labels() const {
    const VolumeReader reader({job.labels, "/labels"});
    Array3<std::uint64_t> labels(reader.extent());
    reader.read(whole_box(reader.extent()), labels.view());
    return labels;
  }

  /// Segments and publishes what that has written.
  SegmentSummary segment_and_publish() {
    Segmentation done = segment(comm, job);
    all_or_throw(comm, [&] {
      if (comm.is_root()) publish(files_of(std::move(done)));
    });
    return done.summary;
  }

  static std::vector<UnpublishedFile> files_of(Segmentation done) {
    std::vector<UnpublishedFile> files;
    files.push_back(std::move(done.labels));
    files.push_back(std::move(done.table));
    return files;
  }

  /// The reference's result for each block shape, and the same bytes for all.
  void expect_reference(const Array3<std::uint8_t>& probability, const std::vector<Extent>& shapes) {
    const ReferenceResult reference = reference_segment(probability, job);
    std::string first_table;
    for (const Extent& shape : shapes) {
      SCOPED_TRACE(name_of(job.threshold.connectivity) + " neighbours, blocks of " + to_string(shape));
      job.block_shape = shape;
      const SegmentSummary summary = segment_and_publish();
      EXPECT_EQ(values_of(stored_labels()), values_of(reference.labels));
      EXPECT_EQ(summary.synapses, static_cast<std::int64_t>(reference.rows.size()));
      const auto table = file_bytes(job.table);
      expect_table(table, reference.rows);
      if (first_table.empty()) first_table = table;
      EXPECT_EQ(table, first_table);
      comm.barrier();  // nobody writes the next files while another rank still reads these
    }
  }

  const Communicator comm = Communicator::world();
  const TempDirectory directory{comm};
  SegmentJob job{.probability = directory / "probability.h5",
                 .voxel_size = VoxelSize{40, 5, 5},
                 .threshold = {.options = {.core_ratio = 2, .reference_ratio = 1}, .sigma = {0, 0, 0}},
                 .bounds = {3, 100000},
                 .block_shape = {},
                 .memory_per_rank = plenty_of_memory,
                 .recipe = {},
                 .labels = directory / "synapses.h5",
                 .table = directory / "synapses.csv"};
};

/// Probabilities above one half with this frequency, of every value.
Array3<std::uint8_t> random_probability(const Extent& extent, double above_half, std::uint64_t seed) {
  Array3<std::uint8_t> probability(extent);
  Random random(seed);
  for (auto& v : probability.voxels())
    v = static_cast<std::uint8_t>(random.uniform() < above_half ? 128 + random.below(128)
                                                                : random.below(128));
  return probability;
}

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
  job.bounds = {3, 12};
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
  job.bounds = {2, 6};
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

TEST_F(SegmentTest, MakesNothingVisibleAndLeavesNothingThatIsNotPublished) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  {
    const Segmentation done = segment(comm, job);
    EXPECT_EQ(done.labels.empty(), !comm.is_root());
    EXPECT_EQ(done.table.empty(), !comm.is_root());
    EXPECT_FALSE(std::filesystem::exists(job.labels));
    EXPECT_FALSE(std::filesystem::exists(job.table));
    comm.barrier();
    EXPECT_EQ(unfinished_in(directory.path()).size(), 2U);
    comm.barrier();
  }
  comm.barrier();
  EXPECT_TRUE(unfinished_in(directory.path()).empty());
}

/// What a run leaves that is killed between its files.
TEST_F(SegmentTest, WhereTheTableIsThereTheLabelsAreOfTheSameRun) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  job.recipe = {{"run", 1}};
  segment_and_publish();
  job.recipe = {{"run", 2}};
  job.bounds.min = 1;
  Segmentation second = segment(comm, job);
  if (comm.is_root()) {
    const std::string first_table = file_bytes(job.table), second_table = file_bytes(second.table.written());
    ASSERT_NE(first_table, second_table);
    Publication publication(files_of(std::move(second)));
    bool more = true;
    while (more) {
      more = publication.step();
      if (!std::filesystem::exists(job.table)) continue;
      EXPECT_EQ(read_synapse_recipe(job.labels)["run"], file_bytes(job.table) == first_table ? 1 : 2);
    }
    EXPECT_EQ(file_bytes(job.table), second_table);
    EXPECT_EQ(read_synapse_recipe(job.labels), job.recipe);
  }
}

TEST_F(SegmentTest, WhatIsWrittenCanBeVerifiedAndTheTableMadeAgain) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  segment_and_publish();
  if (comm.is_root()) {
    EXPECT_EQ(check_synapse_file(job.labels), Soundness::sound);
    EXPECT_EQ(check_table(job.table, job.labels), Soundness::sound);
    EXPECT_EQ(table_of(job.labels), file_bytes(job.table));
  }
  comm.barrier();
}

TEST_F(SegmentTest, StopsOnAllRanksWhenOneIsAskedToAndLeavesNothing) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  job.block_shape = Extent{2, 3, 4};
  std::stop_source source;
  if (comm.rank() == comm.size() - 1) source.request_stop();
  EXPECT_THROW(segment(comm, job, source.get_token()), Stopped);
  comm.barrier();
  EXPECT_TRUE(unfinished_in(directory.path()).empty());
}

TEST_F(SegmentTest, ATableThatCannotBeWrittenFailsOnAllRanksAlikeAndIsNotThere) {
  store(random_probability({6, 10, 12}, 0.2, 5));
  job.table = directory / "no folder" / "synapses.csv";
  EXPECT_THROW(segment(comm, job), CollectiveError);
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

TEST_F(SegmentTest, AMissingFileFailsOnAllRanksAlikeAndLeavesNothing) {
  EXPECT_THROW(segment(comm, job), CollectiveError);
  EXPECT_FALSE(std::filesystem::exists(job.labels));
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

TEST_F(SegmentTest, AnUnreadableBlockOfOneRankFailsOnAllRanksAlikeAndLeavesNothing) {
  const Array3<std::uint8_t> probability = random_probability({32, 32, 32}, 0.2, 3);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    h5::write_file(job.probability, [&](h5::File& file) {
      file.write(probability_dataset, values_of(probability), {32, 32, 32},
                 {.chunks = {8, 32, 32}, .gzip = 1})
          .set_attribute("classes", std::vector<std::string>{"synapse"});
    });
    // In the middle of the chunks: the last rank's, or one of the only rank's.
    auto bytes = file_bytes(job.probability);
    const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * 3 / 4);
    std::fill(middle, middle + 500, '\xa5');
    write_bytes(job.probability, bytes);
  });
  job.block_shape = Extent{8, 32, 32};
  try {
    segment(comm, job);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const CollectiveError& e) {
    EXPECT_NE(std::string(e.what()).find("probability.h5:/probability"), std::string::npos) << e.what();
  }
  EXPECT_FALSE(std::filesystem::exists(job.labels));
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

TEST_F(SegmentTest, LabelsThatDoNotFitTheDiskFailOnAllRanksAlikeAndLeaveNothing) {
  store(random_probability({40, 128, 128}, 0.02, 3));
  {
    const FileSizeLimit limit(1 << 20);
    EXPECT_THROW(segment(comm, job), CollectiveError);
  }
  EXPECT_FALSE(std::filesystem::exists(job.labels));
  EXPECT_FALSE(std::filesystem::exists(job.table));
}

}  // namespace
}  // namespace cleft::test
