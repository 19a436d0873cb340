#include "pipeline/predict.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include "base/atomic_file.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "base/timer.hpp"
#include "blocks/block_grid.hpp"
#include "blocks/block_plan.hpp"
#include "parallel/agree.hpp"
#include "parallel/work_queue.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/open_channels.hpp"
#include "probability/classify_block.hpp"
#include "probability/probability_file.hpp"

namespace cleft {
namespace {

/// The volume and its mask, opened by every rank for itself.
struct Inputs {
  explicit Inputs(const PredictJob& job)
      : channels(open_channels(job.volume, job.stages.front().features->image_channels())) {
    if (!job.mask) return;
    mask.emplace(*job.mask, 0);
    if (mask->extent() != extent())
      throw InputError({to_string(mask->path()), "has " + to_string(mask->extent()) + " voxels",
                        to_string(extent()) + ", as " + to_string(channels.front().path())});
  }

  const Extent& extent() const { return channels.front().extent(); }

  std::vector<VolumeReader> channels;
  std::optional<VolumeReader> mask;
};

Extent halo_of(const PredictJob& job) {
  return BlockClassifier::halo(job.stages);
}

/// Grey values as read; then the work; then what is stored of it, mask included.
BlockBytes bytes_of_block(const PredictJob& job) {
  return [&job](const Extent& core, const Extent& padded) {
    const int channels = job.stages.front().features->image_channels();
    return channels * voxel_count(padded) * static_cast<std::int64_t>(sizeof(float)) +
           BlockClassifier::working_bytes(job.stages, core) + voxel_count(core) * 2;
  };
}

/// An unfinished file's own blocks, or else what was asked for, or else what is planned.
Extent choose_block(const PredictJob& job, const Extent& volume, const BlockMemory& memory, int ranks) {
  // Measured: filters take their halo in small pieces from the cache, and the forest looks at core voxels
  // only. What remains is reading.
  constexpr double halo_work = 0.05;
  const auto given = [&](const std::string& subject, const Extent& block) {
    check_block(subject, block, volume, halo_of(job), bytes_of_block(job), memory);
    return block;
  };
  if (const auto unfinished = block_of_unfinished(job.probability))
    return given(unfinished_name(job.probability).string(), *unfinished);
  if (job.block_shape) return given("run.block_shape", *job.block_shape);
  return plan_block(volume, halo_of(job), {bytes_of_block(job), halo_work}, memory, ranks);
}

std::vector<std::string> stored_class_names(const PredictJob& job) {
  std::vector<std::string> names;
  for (const auto c : job.stored_classes) names.push_back(job.classes[c]);
  return names;
}

/// Keeps the classes that are stored, in their order.
std::vector<Array3<float>> select_classes(std::vector<Array3<float>> all,
                                          const std::vector<std::size_t>& wanted) {
  std::vector<Array3<float>> selected;
  for (const auto c : wanted) selected.push_back(std::move(all[c]));
  return selected;
}

/// What every rank does for one block, from reading to writing.
class BlockWorker {
 public:
  BlockWorker(const PredictJob& job, const Inputs& inputs, const BlockGrid& grid, ProbabilityFile& file)
      : job_(job), inputs_(inputs), grid_(grid), file_(file), classifier_(job.stages) {}

  /// Reads and writes on the calling thread; computes through the queue.
  void work_on(std::int64_t number, WorkQueue& queue) {
    const Box core = grid_.core(number), padded = grid_.padded(number);
    written_ += voxel_count(core.extent());
    const auto mask = read_mask(core);
    if (mask && std::all_of(mask->voxels().begin(), mask->voxels().end(), [](auto m) { return m == 0; })) {
      std::vector<Array3<float>> zeros;
      for (std::size_t c = 0; c < job_.stored_classes.size(); ++c) zeros.emplace_back(core.extent());
      return file_.write_block(number, zeros);
    }
    const auto grey = read_channels(padded);
    std::vector<View3<const float>> views;
    for (const auto& channel : grey) {
      views.push_back(channel.view());
      look_at(views.back().part(padded.local(core.begin), core.extent()));
    }
    std::vector<Array3<float>> probabilities;
    queue.run([&] {
      probabilities = select_classes(classifier_.classify(views, padded.local(core.begin), core.extent()),
                                     job_.stored_classes);
      if (mask) clear_outside(*mask, probabilities);
    });
    file_.write_block(number, probabilities);
    computed_ += voxel_count(core.extent());
    read_ += voxel_count(padded.extent());
  }

  std::int64_t computed_voxels() const { return computed_; }
  std::int64_t read_voxels() const { return read_; }
  std::int64_t written_voxels() const { return written_; }
  const ValueRange& grey() const { return grey_; }
  std::int64_t not_numbers() const { return not_numbers_; }

 private:
  std::vector<Array3<float>> read_channels(const Box& padded) const {
    std::vector<Array3<float>> grey;
    for (const VolumeReader& channel : inputs_.channels) {
      grey.push_back(Array3<float>::uninitialized(padded.extent()));
      channel.read(padded, grey.back().view());
    }
    return grey;
  }

  void look_at(const View3<const float>& core) {
    for (std::int64_t z = 0; z < core.extent().z; ++z)
      for (std::int64_t y = 0; y < core.extent().y; ++y) {
        const std::span row(core.row(z, y), static_cast<std::size_t>(core.extent().x));
        for (const float value : row) grey_.add(value);
        not_numbers_ += std::count_if(row.begin(), row.end(), [](float value) { return std::isnan(value); });
      }
  }

  std::optional<Array3<std::uint8_t>> read_mask(const Box& core) const {
    if (!inputs_.mask) return std::nullopt;
    auto mask = Array3<std::uint8_t>::uninitialized(core.extent());
    inputs_.mask->read(core, mask.view());
    return mask;
  }

  static void clear_outside(const Array3<std::uint8_t>& mask, std::vector<Array3<float>>& probabilities) {
    for (auto& probability : probabilities)
      for (std::size_t i = 0; i < mask.voxels().size(); ++i)
        if (mask.voxels()[i] == 0) probability.voxels()[i] = 0;
  }

  const PredictJob& job_;
  const Inputs& inputs_;
  const BlockGrid& grid_;
  ProbabilityFile& file_;
  BlockClassifier classifier_;
  std::int64_t computed_ = 0, read_ = 0, written_ = 0, not_numbers_ = 0;
  ValueRange grey_;
};

/// Blocks until none is left or a rank fails; then every rank throws that rank's error.
void work_on_all(const Communicator& comm, const BlockGrid& grid, const std::vector<std::int64_t>& pending,
                 BlockWorker& worker) {
  WorkQueue queue(comm, static_cast<std::int64_t>(pending.size()));
  Progress progress("predict", voxel_count(grid.volume()), comm.is_root());
  std::exception_ptr failure;
  try {
    while (const auto next = queue.next()) {
      worker.work_on(pending[static_cast<std::size_t>(*next)], queue);
      const auto left = static_cast<std::int64_t>(pending.size()) - queue.handed_out();
      progress.update(voxel_count(grid.volume()) / grid.count() * (grid.count() - left));
    }
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
  std::optional<Inputs> inputs;
  std::optional<BlockGrid> grid;
  all_or_throw(comm, [&] {
    inputs.emplace(job);
    const Extent volume = inputs->extent();
    for (const ClassifierStage& stage : job.stages) stage.features->check_fits(volume);
    grid.emplace(volume, choose_block(job, volume, memory, comm.size()), halo_of(job));
  });

  ProbabilityFile file(
      comm, job.probability,
      {grid->volume(), grid->block(), job.type, stored_class_names(job), job.origin, job.voxel_size});
  const auto resumed = grid->count() - static_cast<std::int64_t>(file.pending().size());
  if (resumed > 0) log::info("predict: goes on with {} of {} blocks done", resumed, grid->count());
  BlockWorker worker(job, *inputs, *grid, file);
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
