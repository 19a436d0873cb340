#include "pipeline/detect/predict_plan.hpp"

#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

// Predict keeps nothing from block to block. This share of the memory is a reserve: a resumed run must reuse
// the earlier run's block size although its process may hold slightly more memory.
constexpr double kept = 0.125;

/// While a block is computed the next one is read and the last one is written. So there are grey values of
/// two, what computing takes, the probabilities of the last one, and masks of all three.
BlockBytes bytes_of_block(const PredictJob& job, const Extent& tile) {
  return [&job, tile](const Extent& owned, const Extent& padded) {
    const int channels = job.stages.front().features->image_channels();
    const auto stored = job.stored_classes.size();
    const std::int64_t masks = job.mask ? 3 * Array3<std::uint8_t>::memory(owned) : 0;
    return std::int64_t{2} * channels * Array3<float>::memory(padded) +
           BlockClassifier::working_bytes(job.stages, job.threads, tile, stored, owned) +
           narrow<std::int64_t>(stored) * Array3<float>::memory(owned) + masks;
  };
}

/// Tiles take a quarter of the memory: larger ones gain little, and what they leave makes blocks larger, so
/// that less halo is read.
Extent choose_tile(const PredictJob& job, const BlockMemory& memory) {
  return BlockClassifier::choose_tile(job.stages, job.threads, memory.without(kept) / 4);
}

Extent choose_block(const PredictJob& job, const Extent& volume, const PredictPlan& plan,
                    const BlockMemory& memory, int ranks) {
  // Measured: what a halo voxel costs is its reading. Filters work on tiles with their own halos whatever the
  // block, and the forest looks at owned voxels only.
  constexpr double halo_work = 0.05;
  // But all ranks share the file system: no more than a quarter is read on top.
  constexpr double max_overhead = 1.25;
  const auto given = [&](const std::string& subject, const Extent& block) {
    check_block(subject, block, volume, plan.halo, bytes_of_block(job, plan.tile), memory);
    return block;
  };
  if (const auto unfinished = block_of_unfinished(job.probability))
    return given(unfinished_name(job.probability).string(), *unfinished);
  if (job.block_shape) return given("run.block_shape", *job.block_shape);
  return plan_block(volume, plan.halo,
                    {.bytes = bytes_of_block(job, plan.tile),
                     .halo_work = halo_work,
                     .max_overhead = max_overhead,
                     .kept = kept},
                    memory, ranks);
}

}  // namespace

PredictPlan plan_predict(const PredictJob& job, const Extent& volume, const BlockMemory& memory, int ranks) {
  PredictPlan plan{.block = {}, .halo = BlockClassifier::halo(job.stages), .tile = choose_tile(job, memory)};
  plan.block = choose_block(job, volume, plan, memory, ranks);
  return plan;
}

}  // namespace cleft
