#include "pipeline/detect/predict.hpp"

#include <exception>
#include <memory>

#include "base/box.hpp"
#include "base/files/atomic_file.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "base/timer.hpp"
#include "blocks/block_grid.hpp"
#include "parallel/agree.hpp"
#include "parallel/work_queue.hpp"
#include "pipeline/detect/predict_blocks.hpp"
#include "pipeline/detect/predict_plan.hpp"
#include "pipeline/run/block_memory.hpp"
#include "probability/distributed/probability_file.hpp"

namespace cleft {
namespace {

std::vector<std::string> stored_class_names(const PredictJob& job) {
  std::vector<std::string> names;
  for (const auto c : job.stored_classes) names.push_back(job.classes[c]);
  return names;
}

/// Works on blocks until none is left, a rank fails or is asked to stop. Collective.
/// \returns Whether all are done: not when a rank was stopped.
/// \throws  CollectiveError on every rank when one failed.
bool work_on_all(const Communicator& comm, const BlockGrid& grid, const std::vector<std::int64_t>& pending,
                 BlockWorker& worker, const std::stop_token& stop) {
  WorkQueue queue(comm, narrow<std::int64_t>(pending.size()));
  Progress progress("predict", voxel_count(grid.volume()), comm.is_root());
  std::exception_ptr failure;
  const auto load = [&](std::optional<std::int64_t> next) {
    return next ? worker.load(pending[to_size(*next)]) : nullptr;
  };
  try {
    std::unique_ptr<BlockVoxels> finished, current = load(queue.next());
    while (current) {
      std::unique_ptr<BlockVoxels> ahead;
      queue.run([&] { worker.compute(*current, stop); },
                [&] {
                  if (finished) worker.store(*finished);
                  finished.reset();
                  if (!stop.stop_requested()) ahead = load(queue.next_ahead());
                });
      finished = std::move(current);
      if (stop.stop_requested()) break;
      current = ahead ? std::move(ahead) : load(queue.next());
      const auto left = narrow<std::int64_t>(pending.size()) - queue.handed_out();
      progress.update(voxel_count(grid.volume()) / grid.count() * (grid.count() - left));
    }
    if (finished) worker.store(*finished);
  } catch (const Stopped&) {
    // The block that was being computed stays pending.
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure || stop.stop_requested()) queue.stop();
  queue.finish();
  all_or_throw(comm, [&] {
    if (failure) std::rethrow_exception(failure);
  });
  return comm.max(stop.stop_requested() ? 1 : 0) == 0;
}

/// Says from where an unfinished file is gone on with, and that it keeps its blocks where others are asked
/// for.
void tell_of_unfinished(const PredictJob& job, const BlockGrid& grid, std::int64_t resumed, bool is_root) {
  if (resumed > 0)
    log::info("predict: goes on, {} of {} blocks of {} are done", resumed, grid.count(),
              to_string(grid.block()));
  // A grid's blocks are cut to the volume.
  if (job.block_shape && BlockGrid(grid.volume(), *job.block_shape, grid.halo()).block() != grid.block() &&
      is_root)
    log::warning("run.block_shape is {}, but the unfinished {} has blocks of {}, which it goes on with",
                 to_string(*job.block_shape), unfinished_name(job.probability).string(),
                 to_string(grid.block()));
}

/// What the ranks did together. Collective.
PredictSummary summarise(const Communicator& comm, const PredictJob& job, const PredictInputs& inputs,
                         const BlockWorker& worker) {
  const auto padded_voxels = comm.sum(worker.read_voxels());
  const auto classes = narrow<std::int64_t>(job.stored_classes.size());
  ValueRange grey;
  for (const ValueRange& of_rank : comm.all_gather(worker.grey())) grey.add(of_rank);
  return {
      .block = {},
      .halo = {},
      .voxels = comm.sum(worker.searched_voxels()),
      .block_voxels = comm.sum(worker.computed_voxels()),
      .padded_voxels = padded_voxels,
      .bytes_read = padded_voxels *
                    narrow<std::int64_t>(inputs.channels.size() * size_of(inputs.channels.front().type())),
      .bytes_written = comm.sum(worker.written_voxels()) * classes * narrow<std::int64_t>(size_of(job.type)),
      .grey = grey,
      .not_numbers = comm.sum(worker.not_numbers())};
}

}  // namespace

PredictSummary predict(const Communicator& comm, const PredictJob& job, const std::stop_token& stop) {
  const Timer timer;
  BlockMemory memory = memory_for_blocks(comm, job.memory_per_rank);
  PredictPlan plan;
  std::optional<PredictInputs> inputs;
  std::optional<BlockGrid> grid;
  all_or_throw(comm, [&] {
    inputs.emplace(job);
    const Extent volume = inputs->extent();
    memory = memory_beside_chunks(memory, inputs->channels.front());
    if (inputs->mask) memory = memory_beside_chunks(memory, inputs->mask->reader());
    for (const ClassifierStage& stage : job.stages) stage.features->check_fits(volume);
    plan = plan_predict(job, volume, memory, comm.size());
    grid.emplace(volume, plan.block, plan.halo);
  });

  PredictSummary summary;
  bool done = false;
  {
    ProbabilityFile file(comm, job.probability,
                         {grid->volume(), grid->block(), job.type, stored_class_names(job), job.recipe,
                          job.voxel_size, job.offset});
    const auto resumed = grid->count() - narrow<std::int64_t>(file.pending().size());
    tell_of_unfinished(job, *grid, resumed, comm.is_root());
    BlockWorker worker(job, *inputs, *grid, plan.tile, file);
    done = work_on_all(comm, *grid, file.pending(), worker, stop);
    if (done) {
      file.finish();
      summary = summarise(comm, job, *inputs, worker);
      summary.resumed = resumed;
    }
  }
  // The unfinished file is closed by now, as it is not where an exception unwinds through it.
  if (!done) throw Stopped();
  summary.block = grid->block();
  summary.halo = grid->halo();
  summary.blocks = grid->count();
  summary.seconds = comm.max(timer.seconds());
  return summary;
}

}  // namespace cleft
