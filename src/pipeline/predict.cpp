#include "pipeline/predict.hpp"

#include <exception>
#include <memory>

#include "base/atomic_file.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "base/timer.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/block_plan.hpp"
#include "parallel/agree.hpp"
#include "parallel/work_queue.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/predict_blocks.hpp"
#include "probability/classify_block.hpp"
#include "probability/probability_file.hpp"

namespace cleft {
namespace {

Extent halo_of(const PredictJob& job) {
  return BlockClassifier::halo(job.stages);
}

/// While a block is computed the next one is read and the last one written: grey values of two, the work,
/// what is stored of the last one, and masks.
BlockBytes bytes_of_block(const PredictJob& job, const Extent& piece) {
  return [&job, piece](const Extent& core, const Extent& padded) {
    constexpr auto number_bytes = static_cast<std::int64_t>(sizeof(float));
    const int channels = job.stages.front().features->image_channels();
    const auto stored = job.stored_classes.size();
    return 2 * voxel_count(padded) * channels * number_bytes +
           BlockClassifier::working_bytes(job.stages, job.threads, piece, stored, core) +
           voxel_count(core) * (static_cast<std::int64_t>(stored) * number_bytes + 3);
  };
}

/// The pieces that blocks are worked on in: of a third of the memory, since larger ones gain little.
Extent choose_piece(const PredictJob& job, const BlockMemory& memory) {
  return BlockClassifier::choose_piece(job.stages, job.threads, memory.of_planned() / 3);
}

/// An unfinished file's own blocks, or else what was asked for, or else what is planned.
Extent choose_block(const PredictJob& job, const Extent& volume, const Extent& piece,
                    const BlockMemory& memory, int ranks) {
  // Measured: filters take their halo in small pieces from the cache, and the forest looks at core voxels
  // only. What remains is reading.
  constexpr double halo_work = 0.05;
  const auto given = [&](const std::string& subject, const Extent& block) {
    check_block(subject, block, volume, halo_of(job), bytes_of_block(job, piece), memory);
    return block;
  };
  if (const auto unfinished = block_of_unfinished(job.probability))
    return given(unfinished_name(job.probability).string(), *unfinished);
  if (job.block_shape) return given("run.block_shape", *job.block_shape);
  return plan_block(volume, halo_of(job), {bytes_of_block(job, piece), halo_work}, memory, ranks);
}

std::vector<std::string> stored_class_names(const PredictJob& job) {
  std::vector<std::string> names;
  for (const auto c : job.stored_classes) names.push_back(job.classes[c]);
  return names;
}

/// Blocks until none is left or a rank fails; then every rank throws that rank's error.
void work_on_all(const Communicator& comm, const BlockGrid& grid, const std::vector<std::int64_t>& pending,
                 BlockWorker& worker) {
  WorkQueue queue(comm, static_cast<std::int64_t>(pending.size()));
  Progress progress("predict", voxel_count(grid.volume()), comm.is_root());
  std::exception_ptr failure;
  const auto load = [&](std::optional<std::int64_t> next) {
    return next ? worker.load(pending[static_cast<std::size_t>(*next)]) : nullptr;
  };
  try {
    std::unique_ptr<PredictedBlock> finished, current = load(queue.next());
    while (current) {
      std::unique_ptr<PredictedBlock> ahead;
      queue.run([&] { worker.compute(*current); },
                [&] {
                  if (finished) worker.store(*finished);
                  finished.reset();
                  ahead = load(queue.next_ahead());
                });
      finished = std::move(current);
      current = ahead ? std::move(ahead) : load(queue.next());
      const auto left = static_cast<std::int64_t>(pending.size()) - queue.handed_out();
      progress.update(voxel_count(grid.volume()) / grid.count() * (grid.count() - left));
    }
    if (finished) worker.store(*finished);
  } catch (...) {
    failure = std::current_exception();
    queue.stop();
  }
  queue.finish();
  all_or_throw(comm, [&] {
    if (failure) std::rethrow_exception(failure);
  });
}

}  // namespace

PredictSummary predict(const Communicator& comm, const PredictJob& job) {
  const Timer timer;
  const BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  const Extent piece = choose_piece(job, memory);
  std::optional<PredictInputs> inputs;
  std::optional<BlockGrid> grid;
  all_or_throw(comm, [&] {
    inputs.emplace(job);
    const Extent volume = inputs->extent();
    for (const ClassifierStage& stage : job.stages) stage.features->check_fits(volume);
    grid.emplace(volume, choose_block(job, volume, piece, memory, comm.size()), halo_of(job));
  });

  ProbabilityFile file(
      comm, job.probability,
      {grid->volume(), grid->block(), job.type, stored_class_names(job), job.origin, job.voxel_size});
  const auto resumed = grid->count() - static_cast<std::int64_t>(file.pending().size());
  if (resumed > 0) log::info("predict: goes on with {} of {} blocks done", resumed, grid->count());
  BlockWorker worker(job, *inputs, *grid, piece, file);
  work_on_all(comm, *grid, file.pending(), worker);
  file.finish();

  const auto padded_voxels = comm.sum(worker.read_voxels());
  const auto classes = static_cast<std::int64_t>(job.stored_classes.size());
  ValueRange grey;
  for (const ValueRange& of_rank : comm.all_gather(worker.grey())) grey.add(of_rank);
  return {.block = grid->block(),
          .blocks = grid->count(),
          .resumed = resumed,
          .voxels = comm.sum(worker.computed_voxels()),
          .padded_voxels = padded_voxels,
          .bytes_read = padded_voxels * static_cast<std::int64_t>(inputs->channels.size() *
                                                                  size_of(inputs->channels.front().type())),
          .bytes_written =
              comm.sum(worker.written_voxels()) * classes * static_cast<std::int64_t>(size_of(job.type)),
          .grey = grey,
          .not_numbers = comm.sum(worker.not_numbers()),
          .seconds = comm.max(timer.seconds())};
}

}  // namespace cleft
