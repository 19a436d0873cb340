#include "pipeline/detect/predict_plan.hpp"

#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "probability/distributed/probability_file.hpp"

namespace cleft {
namespace {

// Nothing is kept from block to block; but what a process holds differs a little from run to run, and a run
// goes on with the blocks of the one before.
constexpr double kept = 0.125;

/// While a block is computed the next one is read and the last one written: grey values of two, the work,
/// what is stored of the last one, and masks of all three.
BlockBytes bytes_of_block(const PredictJob& job, const Extent& piece) {
  return [&job, piece](const Extent& core, const Extent& padded) {
    constexpr auto number_bytes = narrow<std::int64_t>(sizeof(float));
    const int channels = job.stages.front().features->image_channels();
    const auto stored = job.stored_classes.size();
    const std::int64_t mask_bytes = job.mask ? 3 : 0;
    return 2 * voxel_count(padded) * channels * number_bytes +
           BlockClassifier::working_bytes(job.stages, job.threads, piece, stored, core) +
           voxel_count(core) * (narrow<std::int64_t>(stored) * number_bytes + mask_bytes);
  };
}

/// The pieces that blocks are worked on in: of a quarter of the memory, since larger ones gain little, and
/// larger blocks save halo.
Extent choose_piece(const PredictJob& job, const BlockMemory& memory) {
  return BlockClassifier::choose_piece(job.stages, job.threads, memory.without(kept) / 4);
}

Extent choose_block(const PredictJob& job, const Extent& volume, const PredictPlan& plan,
                    const BlockMemory& memory, int ranks) {
  // Measured: filters take their halo in small pieces from the cache, and the forest looks at core voxels
  // only. What remains is reading.
  constexpr double halo_work = 0.05;
  // Reading is shared with others, though: not more than a quarter on top.
  constexpr double max_overhead = 1.25;
  const auto given = [&](const std::string& subject, const Extent& block) {
    check_block(subject, block, volume, plan.halo, bytes_of_block(job, plan.piece), memory);
    return block;
  };
  if (const auto unfinished = block_of_unfinished(job.probability))
    return given(unfinished_name(job.probability).string(), *unfinished);
  if (job.block_shape) return given("run.block_shape", *job.block_shape);
  return plan_block(volume, plan.halo,
                    {.bytes = bytes_of_block(job, plan.piece),
                     .halo_work = halo_work,
                     .max_overhead = max_overhead,
                     .kept = kept},
                    memory, ranks);
}

}  // namespace

PredictPlan plan_predict(const PredictJob& job, const Extent& volume, const BlockMemory& memory, int ranks) {
  PredictPlan plan{
      .block = {}, .halo = BlockClassifier::halo(job.stages), .piece = choose_piece(job, memory)};
  plan.block = choose_block(job, volume, plan, memory, ranks);
  return plan;
}

}  // namespace cleft
