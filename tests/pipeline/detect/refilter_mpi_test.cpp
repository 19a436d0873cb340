#include <limits>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "objects/files/object_table.hpp"
#include "pipeline/detect/refilter.hpp"
#include "pipeline/detect/segment_test.hpp"
#include "pipeline/run/labels_recipe.hpp"

namespace cleft::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr auto any_number = std::numeric_limits<std::int64_t>::max();

json recipe(double core_ratio, bool candidates = true) {
  json made{{"core_ratio", core_ratio}, {"size", {3, 9}}};
  if (candidates) made["candidates"] = {5, 1.5};
  return made;
}

TEST(CanRefilter, OnlyAnotherRatioThatRanksCanDecideAndAllIsKeptFrom) {
  EXPECT_TRUE(can_refilter(recipe(7), recipe(10), 1.5, 0).possible);
  EXPECT_TRUE(can_refilter(recipe(7), recipe(1.5), 1.5, 0).possible);
  EXPECT_THAT(can_refilter(recipe(7), recipe(1.25), 1.5, 0).why_not,
              HasSubstr("only from a ratio of 1.5 on"));
  EXPECT_THAT(can_refilter(recipe(7), recipe(7.3), 1.5, 0).why_not, HasSubstr("7.3 is not one of the steps"));
  EXPECT_THAT(can_refilter(recipe(7, false), recipe(10, false), 1.5, 0).why_not, HasSubstr("no candidates"));
  json other = recipe(10);
  other["size"] = {4, 9};
  EXPECT_FALSE(can_refilter(recipe(7), other, 1.5, 0).possible);
  EXPECT_FALSE(can_refilter(recipe(7), recipe(7), 1.5, 0).possible);  // there is nothing to do
}

TEST(CanRefilter, BackToTheRatioThatWasThresholdedByIsAlwaysPossible) {
  json refiltered = recipe(10);
  refiltered[cores_of_ratio] = 7.3;
  EXPECT_TRUE(can_refilter(refiltered, recipe(7.3), 9, 0).possible);
  EXPECT_TRUE(can_refilter(refiltered, recipe(12), 9, 0).possible);
  EXPECT_FALSE(can_refilter(refiltered, recipe(7.2), 9, 0).possible);
}

TEST(CanRefilter, NotWhereMoreMemoryWouldSplitMore) {
  json partly = recipe(7);
  partly[left_whole_below] = 1000;
  EXPECT_TRUE(can_refilter(partly, recipe(10), 1.5, 999).possible);
  EXPECT_THAT(can_refilter(partly, recipe(10), 1.5, 1000).why_not, HasSubstr("left whole"));
}

TEST(CanRefilter, PartsByDistanceAreTheSameAtAnyRatioAndPartsByCoresAreNot) {
  const auto split = [](double core_ratio, const json& how) {
    json made = recipe(core_ratio);
    made["split"] = how;
    return made;
  };
  const json distance = json::array({"distance", 50}), cores = json::array({"cores"});
  EXPECT_TRUE(can_refilter(split(7, distance), split(10, distance), 1.5, 0).possible);
  EXPECT_THAT(can_refilter(split(7, cores), split(10, cores), 1.5, 0).why_not, HasSubstr("split: cores"));
  EXPECT_FALSE(can_refilter(split(7, distance), split(10, cores), 1.5, 0).possible);
  EXPECT_FALSE(can_refilter(split(7, distance), recipe(10), 1.5, 0).possible);
}

TEST(AcceptedAt, ARatioAboveTakesAwayAndOneBelowAdds) {
  const auto row = [](std::int64_t largest_core, double decisive) {
    Synapse made;
    made.largest_core = largest_core;
    made.decisive_ratio = decisive;
    return made;
  };
  const std::vector<Synapse> rows{row(5, 9), row(5, 7), row(2, 8),
                                  row(0, 4)};  // the third one's is in pieces
  const auto accepted = [&](double now) { return accepted_at(rows, 7, now, 3); };
  EXPECT_EQ(accepted(7), (std::vector<bool>{true, true, false, false}));
  EXPECT_EQ(accepted(8), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(accepted(6), (std::vector<bool>{true, true, true, false}));
  EXPECT_EQ(accepted(4), (std::vector<bool>{true, true, true, true}));
}

/// Every voxel's object is a synapse or a candidate or none.
class Refilter : public SegmentTest {
 protected:
  Refilter() {
    job.threshold.connectivity = Connectivity::six;
    job.rule.candidates = {any_number, 0};
    job.recipe = recipe(2);
  }
  void segment_at(double core_ratio) {
    job.threshold.options.core_ratio = core_ratio;
    job.recipe = recipe(core_ratio);
    segment_and_publish();
    comm.barrier();
  }
  SegmentSummary refilter_to(double core_ratio) {
    job.recipe = recipe(core_ratio);
    Segmentation done = refilter(comm, job);
    all_or_throw(comm, [&] {
      if (comm.is_root()) publish(files_of(std::move(done)));
    });
    return done.summary;
  }
  /// What a voxel-by-voxel comparison can tell apart: the first voxels of all synapses.
  std::set<std::int64_t> synapses() const {
    std::set<std::int64_t> found;
    for (const Synapse& row : read_objects(job.labels))
      if (row.accepted != 0) found.insert(linear_index(row.first_voxel, volume));
    return found;
  }
  /// First voxels of the objects that have core voxels enough, but no core that is large enough.
  std::set<std::int64_t> with_cores_in_pieces() const {
    std::set<std::int64_t> found;
    for (const Synapse& row : read_objects(job.labels))
      if (row.core_size >= job.rule.needed() && row.largest_core < job.rule.needed())
        found.insert(linear_index(row.first_voxel, volume));
    return found;
  }
  /// Checks labels and table against each other.
  void expect_consistent() const {
    const auto rows = read_objects(job.labels);
    std::vector<std::int64_t> sizes(rows.size() + 1);
    const auto labels = stored_labels(), candidates = stored_labels("/candidates");
    for (std::size_t i = 0; i < labels.voxels().size(); ++i) {
      ++sizes.at(labels.voxels()[i] + candidates.voxels()[i]);
      EXPECT_TRUE(labels.voxels()[i] == 0 || candidates.voxels()[i] == 0);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const GlobalVoxel& first = rows[i].first_voxel;
      EXPECT_EQ(rows[i].id, i + 1);
      EXPECT_EQ(rows[i].size, sizes[i + 1]);
      EXPECT_EQ((rows[i].accepted != 0 ? labels : candidates)(first.z, first.y, first.x), i + 1);
    }
    EXPECT_EQ(file_bytes(job.table), object_table_csv(rows));
  }

  static constexpr Extent volume{9, 14, 16};
  const Array3<std::uint8_t> probability = random_probability(volume, 0.25, 7);
};

TEST_F(Refilter, FindsTheSynapsesThatAFullRunFindsButWhereCoresAreInPieces) {
  store(probability);
  for (const double begin : {2.0, 5.0}) {
    std::int64_t in_pieces = 0, all = 0;
    for (const double ratio : {1.0, 1.5, 3.0, 7.0, 20.0}) {
      if (ratio == begin) continue;
      SCOPED_TRACE(ratio);
      segment_at(ratio);
      const auto full = synapses(), scattered = with_cores_in_pieces();
      comm.barrier();
      segment_at(begin);
      const SegmentSummary summary = refilter_to(ratio);
      const auto filtered = synapses();
      expect_consistent();
      EXPECT_EQ(summary.synapses, std::ssize(filtered));
      EXPECT_EQ(summary.candidates, count_objects(job.labels).candidates);
      // None is lost, and each one more has a core in pieces.
      for (const std::int64_t first : full) EXPECT_TRUE(filtered.contains(first)) << first;
      for (const std::int64_t first : filtered) {
        if (full.contains(first)) continue;
        EXPECT_TRUE(scattered.contains(first)) << first;
        ++in_pieces;
      }
      all += std::ssize(full);
      comm.barrier();
    }
    EXPECT_GT(all, 40);
    EXPECT_GT(in_pieces, 0) << "a test of less than it says";
  }
}

TEST_F(Refilter, BackAgainIsByteForByteWhatItWas) {
  store(probability);
  for (const Extent& shape : {Extent{4, 5, 7}, Extent{100, 100, 100}}) {
    job.block_shape = shape;
    segment_at(3);
    const std::string table = file_bytes(job.table);
    const auto labels = values_of(stored_labels());
    comm.barrier();
    refilter_to(7);
    EXPECT_NE(file_bytes(job.table), table);
    EXPECT_EQ(read_synapse_recipe(job.labels)[cores_of_ratio], 3);
    // Nobody has measured cores at this ratio.
    for (const Synapse& row : read_objects(job.labels)) EXPECT_EQ(row.largest_core, unknown_core);
    EXPECT_EQ(read_measured_cores(job.labels).size(), read_objects(job.labels).size());
    comm.barrier();
    refilter_to(5);
    EXPECT_EQ(read_synapse_recipe(job.labels)[cores_of_ratio], 3);
    comm.barrier();
    refilter_to(3);
    EXPECT_EQ(file_bytes(job.table), table);
    EXPECT_EQ(values_of(stored_labels()), labels);
    EXPECT_FALSE(read_synapse_recipe(job.labels).contains(cores_of_ratio));
    EXPECT_TRUE(read_measured_cores(job.labels).empty());
    comm.barrier();
  }
}

}  // namespace
}  // namespace cleft::test
