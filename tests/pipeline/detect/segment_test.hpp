#pragma once

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

inline constexpr std::int64_t plenty_of_memory = std::int64_t{1} << 30U;

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

  Array3<std::uint64_t> stored_labels(const std::string& dataset = "/labels") const {
    const VolumeReader reader({job.labels, dataset});
    Array3<std::uint64_t> labels(reader.extent());
    reader.read(whole_box(reader.extent()), labels.view());
    return labels;
  }

  /// Segments and publishes what that has written.
  SegmentSummary segment_and_publish() {
    Segmentation done = segment(comm, job);
    SegmentSummary summary = done.summary;
    all_or_throw(comm, [&] {
      if (comm.is_root()) publish(files_of(std::move(done)));
    });
    return summary;
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
      EXPECT_EQ(summary.synapses, reference.synapses);
      EXPECT_EQ(summary.candidates, std::ssize(reference.rows) - reference.synapses);
      if (job.rule.candidates.keeps_any()) {
        EXPECT_EQ(values_of(stored_labels("/candidates")), values_of(reference.candidates));
      }
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
                 .rule = {.bounds = {3, 100000}, .candidates = {}},
                 .block_shape = {},
                 .memory_per_rank = plenty_of_memory,
                 .recipe = {},
                 .labels = directory / "synapses.h5",
                 .table = directory / "synapses.csv"};
};

/// Probabilities above one half with this frequency, of every value.
inline Array3<std::uint8_t> random_probability(const Extent& extent, double above_half, std::uint64_t seed) {
  Array3<std::uint8_t> probability(extent);
  Random random(seed);
  for (auto& v : probability.voxels())
    v = static_cast<std::uint8_t>(random.uniform() < above_half ? 128 + random.below(128)
                                                                : random.below(128));
  return probability;
}

}  // namespace cleft::test
