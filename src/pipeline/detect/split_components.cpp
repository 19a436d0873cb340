#include "pipeline/detect/split_components.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/share_out.hpp"
#include "parallel/agree.hpp"
#include "segmentation/mask_edge.hpp"
#include "segmentation/split_stored.hpp"
#include "segmentation/tuning.hpp"

namespace cleft {
namespace {

/// A component to be split, on its way to the rank that does it.
struct Task {
  ProvisionalId id = 0;
  GlobalVoxel first_voxel;
  Box bounds;
};

SplitSettings settings_of(const SegmentJob& job) {
  return {.threshold = job.threshold,
          .rule = job.rule,
          .split = job.split,
          .voxel_size = job.voxel_size.value_or(VoxelSize{1, 1, 1})};
}

/// What splitting takes of a rank's memory at a time: one part in so many. What a process holds beside it,
/// and the runs of its blocks, must find room in the rest.
constexpr std::int64_t share_to_split = 4;
std::int64_t memory_to_split(const SegmentJob& job) {
  return job.memory_per_rank / share_to_split;
}

BoxesToSplit boxes_of(const Task& task, const SegmentJob& job, const SegmentInputs& inputs) {
  return boxes_to_split(task.bounds, job.threshold.sigma, inputs.probability.extent());
}

std::int64_t bytes_of(const BoxesToSplit& boxes, const SegmentJob& job, const SegmentInputs& inputs) {
  return split_bytes(boxes, job.threshold.sigma, narrow<std::int64_t>(size_of(inputs.probability.type())),
                     inputs.mask.has_value());
}

/// Step 1: the components of this rank that may be several objects, and those of them that do not fit.
struct OwnTasks {
  std::vector<Task> fit;
  std::vector<LeftWhole> too_large;
};

OwnTasks own_tasks(const SegmentJob& job, const SegmentInputs& inputs, const WholeComponents& components) {
  const SplitSettings settings = settings_of(job);
  OwnTasks own;
  for (const auto& [id, sums] : components.owned) {
    if (!may_be_split(sums, settings)) continue;
    const Task task{id, voxel_at(sums.component.first_voxel, inputs.probability.extent()),
                    bounds_of(sums.component)};
    const BoxesToSplit boxes = boxes_of(task, job, inputs);
    const std::int64_t bytes = bytes_of(boxes, job, inputs);
    // A box is labelled like a block, and may have no more voxels than one.
    const bool may_be_labelled = voxel_count(boxes.padded.extent()) <= max_block_voxels;
    if (may_be_labelled && bytes <= memory_to_split(job))
      own.fit.push_back(task);
    else
      own.too_large.push_back({task.first_voxel, task.bounds, may_be_labelled ? share_to_split * bytes : 0});
  }
  return own;
}

/// Step 2: rank 0 shares them out by the voxels that are read of each.
std::vector<Task> share_of_this_rank(const Communicator& comm, const SegmentJob& job,
                                     const SegmentInputs& inputs, const std::vector<Task>& own) {
  std::vector<Task> all = comm.gather(std::span<const Task>(own));
  std::sort(all.begin(), all.end(),
            [](const Task& a, const Task& b) { return a.first_voxel < b.first_voxel; });
  std::vector<std::int64_t> costs;
  for (const Task& task : all) costs.push_back(voxel_count(boxes_of(task, job, inputs).padded.extent()));
  const auto shares = share_out(costs, comm.size());
  std::vector<std::vector<Task>> to(shares.size());
  for (std::size_t rank = 0; rank < shares.size(); ++rank)
    for (const std::size_t n : shares[rank]) to[rank].push_back(all[n]);
  return comm.exchange(to).front();
}

/// What is read of one component.
template <class Stored>
struct ReadTask {
  Task task;
  BoxesToSplit boxes;
  Array3<Stored> padded;
  std::optional<Array3<std::uint8_t>> mask;
};

template <class Stored>
ReadTask<Stored> read_task(const Task& task, const SegmentJob& job, const SegmentInputs& inputs) {
  ReadTask<Stored> read{.task = task, .boxes = boxes_of(task, job, inputs), .padded = {}, .mask = {}};
  read.padded = Array3<Stored>::uninitialized(read.boxes.padded.extent());
  inputs.probability.read(read.boxes.padded, read.padded.view());
  if (!inputs.mask) return read;
  const Box& around = read.boxes.around;
  read.mask = Array3<std::uint8_t>::uninitialized(around.extent());
  inputs.mask->read(around, read.mask->view());
  const View3<const std::uint8_t> mask = read.mask->view();
  clear_outside<Stored>(mask.part(around.local(read.boxes.padded.begin), read.boxes.padded.extent()),
                        read.padded.view());
  return read;
}

/// How many of the next tasks are worked on together: as many as fit the memory.
std::size_t batch_size(std::span<const Task> tasks, const SegmentJob& job, const SegmentInputs& inputs) {
  const std::size_t most = std::min(tasks.size(), to_size(tuning::splits_per_thread * job.threads));
  std::int64_t bytes = 0;
  for (std::size_t n = 0; n < most; ++n) {
    bytes += bytes_of(boxes_of(tasks[n], job, inputs), job, inputs);
    if (bytes > memory_to_split(job)) return n;
  }
  return most;
}

/// Step 3: splits them. This thread, which alone may call HDF5, reads some; all threads split those.
/// \param split_ids  Gets the ids of those that are now in parts.
template <class Stored>
void split_share(std::span<const Task> tasks, const SegmentJob& job, const SegmentInputs& inputs,
                 const std::stop_token& stop, Progress& progress, SplitComponents& split,
                 std::vector<ProvisionalId>& split_ids) {
  const SplitSettings settings = settings_of(job);
  const Extent volume = inputs.probability.extent();
  while (!tasks.empty()) {
    throw_if_stopped(stop);
    const std::size_t count = batch_size(tasks, job, inputs);
    std::vector<ReadTask<Stored>> batch;
    for (const Task& task : tasks.first(count)) batch.push_back(read_task<Stored>(task, job, inputs));
    std::vector<ComponentParts> found(count);
    const int threads_of_each = count == 1 ? job.threads : 1;
    run_on_threads(std::ssize(batch), job.threads, [&](std::int64_t n) {
      const ReadTask<Stored>& read = batch[to_size(n)];
      std::optional<View3<const std::uint8_t>> mask;
      if (read.mask) mask = read.mask->view();
      found[to_size(n)] = split_stored<Stored>(read.task.first_voxel, read.boxes, read.padded.view(), mask,
                                               settings, volume, threads_of_each);
    });
    for (std::size_t n = 0; n < count; ++n) {
      if (found[n].sums.empty()) continue;
      split_ids.push_back(tasks[n].id);
      const auto before = narrow<std::uint32_t>(split.parts.size());
      for (RowRun& run : found[n].runs) run.component += before;
      split.parts.insert(split.parts.end(), found[n].sums.begin(), found[n].sums.end());
      split.runs.insert(split.runs.end(), found[n].runs.begin(), found[n].runs.end());
    }
    tasks = tasks.subspan(count);
    progress.add(narrow<std::int64_t>(count));
  }
}

/// Step 4: the owners forget components that are now in parts.
void take_out(const Communicator& comm, const std::vector<ProvisionalId>& split_ids, const IdOwner& owner,
              WholeComponents& components) {
  std::vector<std::vector<ProvisionalId>> to(to_size(comm.size()));
  for (const ProvisionalId id : split_ids) to[to_size(owner(id))].push_back(id);
  for (const auto& from_rank : comm.exchange(to))
    for (const ProvisionalId id : from_rank) components.owned.erase(id);
}

/// In order of place, on every rank.
std::vector<LeftWhole> of_all_ranks(const Communicator& comm, const std::vector<LeftWhole>& own) {
  std::vector<LeftWhole> all = comm.gather(std::span<const LeftWhole>(own));
  std::sort(all.begin(), all.end(),
            [](const LeftWhole& a, const LeftWhole& b) { return a.first_voxel < b.first_voxel; });
  return comm.broadcast(std::move(all));
}

}  // namespace

SplitComponents split_components(const Communicator& comm, const SegmentJob& job, const SegmentInputs& inputs,
                                 WholeComponents& components, const IdOwner& owner,
                                 const std::stop_token& stop) {
  SplitComponents split;
  if (job.split.by == Split::none) return split;
  OwnTasks own;
  all_or_throw(comm, [&] { own = own_tasks(job, inputs, components); });
  split.summary.left_whole = of_all_ranks(comm, own.too_large);
  const std::vector<Task> tasks = share_of_this_rank(comm, job, inputs, own.fit);
  std::vector<ProvisionalId> split_ids;
  all_or_throw(comm, [&] {
    Progress progress("split", std::ssize(tasks), comm.is_root(), "components");
    if (inputs.probability.type() == ElementType::uint8)
      split_share<std::uint8_t>(tasks, job, inputs, stop, progress, split, split_ids);
    else
      split_share<float>(tasks, job, inputs, stop, progress, split, split_ids);
  });
  take_out(comm, split_ids, owner, components);
  split.summary.components = comm.sum(narrow<std::int64_t>(split_ids.size()));
  split.summary.parts = comm.sum(narrow<std::int64_t>(split.parts.size()));
  return split;
}

std::vector<NumberedRun> numbered_runs(const SplitComponents& split, std::span<const std::uint64_t> numbers) {
  std::vector<NumberedRun> runs;
  for (const RowRun& run : split.runs)
    if (numbers[run.component] != 0)
      runs.push_back({run.z, run.y, run.begin, run.end, numbers[run.component]});
  return runs;
}

}  // namespace cleft
