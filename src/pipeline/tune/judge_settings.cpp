#include "pipeline/tune/judge_settings.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/stopped.hpp"
#include "base/text/counted.hpp"
#include "components/distributed/label_across_blocks.hpp"
#include "objects/distributed/combine.hpp"
#include "objects/measure.hpp"
#include "objects/size_filter.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/owned_blocks.hpp"
#include "pipeline/detect/split_components.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/tune/gather_objects.hpp"
#include "pipeline/tune/level_blocks.hpp"
#include "pipeline/tune/shared_work.hpp"
#include "segmentation/split_stored.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// What the steps share.
struct Sweep {
  const Communicator& comm;
  const SegmentJob& job;
  const SegmentInputs& inputs;
  std::span<const SegmentSettings> settings;
  const SettingJudge* judge;
  const SettingVisitor& visit;
  const std::stop_token& stop;
  bool told_of_whole = false;  ///< that some components were not split
};

/// The components of one reference mask over all blocks.
struct JoinedReference {
  const ReferenceParts& parts;
  const GlobalComponents& global;
  IdOwner owner;
  SeenById seen;
};

JoinedReference join_reference(const Sweep& sweep, const ReferenceParts& parts,
                               const GlobalComponents& global) {
  JoinedReference joined{
      parts, global, [&global](ProvisionalId id) { return global.owners().owner_of(id); }, {}};
  if (sweep.judge == nullptr) return joined;
  std::vector<PartialEvidence> evidence;
  std::vector<TruthContact> contacts;
  for (std::size_t b = 0; b < parts.evidence.size(); ++b) {
    const auto ids = global.of_block(b);
    for (std::size_t c = 0; c < ids.size(); ++c) evidence.push_back({ids[c], parts.evidence[b][c]});
    for (TruthContact contact : parts.contacts[b]) {
      contact.object = ids[to_size(contact.object)];
      contacts.push_back(contact);
    }
  }
  joined.seen = seen_at_owners(sweep.comm, evidence, contacts, joined.owner);
  return joined;
}

/// The components of a reference mask, whole, with their cores of one level.
WholeComponents whole_components(const Sweep& sweep, const JoinedReference& reference, std::size_t which,
                                 const GlobalComponents& global_cores) {
  const ReferenceParts& parts = reference.parts;
  std::vector<PartialComponent> components;
  std::vector<PartialCore> cores;
  for (std::size_t b = 0; b < parts.components.size(); ++b) {
    const auto ids = reference.global.of_block(b), core_ids = global_cores.of_block(b);
    for (std::size_t c = 0; c < ids.size(); ++c) components.push_back({ids[c], parts.components[b][c], {}});
    const auto& of_block = parts.cores[which][b];
    for (std::size_t c = 0; c < of_block.size(); ++c)
      cores.push_back({core_ids[c], ids[of_block[c].component], of_block[c].voxels});
  }
  const IdOwner core_owner = [&](ProvisionalId id) { return global_cores.owners().owner_of(id); };
  return join_components(sweep.comm, std::move(components), cores, reference.owner, core_owner, 1);
}

/// Bounds within which every object of some settings is.
SizeBounds widest_bounds(std::span<const SegmentSettings> settings, std::span<const std::size_t> members) {
  SizeBounds widest = settings[members.front()].rule.bounds;
  for (const std::size_t n : members) {
    widest.min = std::min(widest.min, settings[n].rule.bounds.min);
    widest.max = std::max(widest.max, settings[n].rule.bounds.max);
  }
  return widest;
}

/// Whether the size filter keeps an object.
bool is_kept(const GatheredObject& gathered, const SizeBounds& bounds) {
  ComponentSums component;
  component.size = gathered.object.size;
  CoreSums cores;  // how many there are besides the largest makes no difference
  cores.count = gathered.largest_core > 0 ? 1 : 0;
  cores.largest = gathered.largest_core;
  return is_synapse(component, cores, bounds);
}

/// Tells the objects of each setting: of all that there are, those that its size filter keeps.
void visit_settings(const Sweep& sweep, const std::vector<GatheredObject>& gathered,
                    std::span<const std::size_t> members) {
  all_or_throw(sweep.comm, [&] {
    if (!sweep.comm.is_root()) return;
    for (const std::size_t n : members) {
      std::vector<FoundObject> objects;
      for (const GatheredObject& one : gathered)
        if (is_kept(one, sweep.settings[n].rule.bounds)) objects.push_back(one.object);
      sweep.visit(n, objects);
    }
  });
}

/// Adds those of the whole components that may be an object of a setting, as far as rank 0 needs them.
void add_whole(const Sweep& sweep, const WholeComponents& whole, const SeenById& seen,
               const SizeBounds& bounds, std::vector<LocalObject>& objects) {
  for (const auto& [id, sums] : whole.owned) {
    if (!is_synapse(sums.component, sums.cores, bounds)) continue;
    const auto found = seen.find(id);
    const SeenObject* what = found == seen.end() ? nullptr : &found->second;
    if (sweep.judge != nullptr && (what == nullptr || !is_evidence(what->evidence, what->contacts))) continue;
    objects.push_back({&sums, what});
  }
}

/// Looks at the parts of components on this rank: their runs may go through any blocks.
std::vector<SeenObject> look_at_parts(const SplitComponents& split, const SettingJudge& judge) {
  std::vector<std::vector<ObjectRun>> runs(split.parts.size());
  for (const RowRun& run : split.runs) runs[run.component].push_back({run.z, run.y, run.begin, run.end, 0});
  std::vector<SeenObject> seen;
  for (std::size_t part = 0; part < runs.size(); ++part) {
    const Box box = intersection(bounds_of(split.parts[part].component), judge.region());
    if (box.empty()) {
      seen.emplace_back();
      continue;
    }
    seen.push_back({evidence_of(runs[part], 1, judge.known(box)).front(), judge.contacts(runs[part], 1)});
  }
  return seen;
}

void tell_of_whole(Sweep& sweep, const SplitSummary& summary) {
  if (summary.left_whole.empty() || sweep.told_of_whole) return;
  sweep.told_of_whole = true;
  if (sweep.comm.is_root())
    log::warning("{} of one setting cannot be split in run.memory_per_rank; such ones are judged whole",
                 counted(std::ssize(summary.left_whole), "component"));
}

/// Settings that split alike: all but the largest size decides how components are split.
void judge_split(Sweep& sweep, const WholeComponents& joined, const JoinedReference& reference,
                 std::span<const std::size_t> members) {
  const SegmentSettings& settings = sweep.settings[members.front()];
  SegmentJob job = sweep.job;
  job.threshold = settings.threshold;
  job.rule = {.bounds = settings.rule.bounds, .candidates = {}};
  job.split = settings.split;
  WholeComponents whole = joined;
  const SplitComponents split =
      split_components(sweep.comm, job, sweep.inputs, whole, reference.owner, sweep.stop);
  tell_of_whole(sweep, split.summary);
  std::vector<SeenObject> seen;
  all_or_throw(sweep.comm, [&] {
    if (sweep.judge != nullptr) seen = look_at_parts(split, *sweep.judge);
  });
  std::vector<LocalObject> objects;
  const SizeBounds bounds = widest_bounds(sweep.settings, members);
  add_whole(sweep, whole, reference.seen, bounds, objects);
  for (std::size_t part = 0; part < split.parts.size(); ++part) {
    if (sweep.judge == nullptr)
      objects.push_back({&split.parts[part], nullptr});
    else if (is_evidence(seen[part].evidence, seen[part].contacts))
      objects.push_back({&split.parts[part], &seen[part]});
  }
  visit_settings(sweep, gather_objects(sweep.comm, objects), members);
}

/// The settings of one reference mask and one core mask.
void judge_cores(Sweep& sweep, const JoinedReference& reference, const WholeComponents& whole,
                 const SharedCores& shared) {
  std::vector<std::size_t> unsplit;
  std::map<std::tuple<Split, double, std::int64_t>, std::vector<std::size_t>> split;
  for (const std::size_t n : shared.settings) {
    const SegmentSettings& settings = sweep.settings[n];
    const Split by = settings.split.by;
    if (by == Split::none)
      unsplit.push_back(n);
    else
      split[{by, by == Split::distance ? settings.split.distance_nm : 0, settings.rule.bounds.min}].push_back(
          n);
  }
  if (!unsplit.empty()) {
    std::vector<LocalObject> objects;
    add_whole(sweep, whole, reference.seen, widest_bounds(sweep.settings, unsplit), objects);
    visit_settings(sweep, gather_objects(sweep.comm, objects), unsplit);
  }
  for (const auto& [how, members] : split) judge_split(sweep, whole, reference, members);
}

/// The part of a rank's memory that blocks are planned in. What segment keeps of a block is of two masks, and
/// plan_block leaves a quarter of the memory for that; here it is of as many masks as there are levels.
BlockMemory beside_levels(BlockMemory memory, const SharedSmoothing& smoothing) {
  constexpr double of_segment = 2, kept = 1.0 / 3;  // kept for each byte that a block takes
  double levels = 0;
  for (const SharedLevels& shared : smoothing.levels) levels += narrow<double>(std::ssize(shared.ratios));
  const double share = (1 + kept) / (1 + kept * std::max(levels / of_segment, 1.0));
  memory.left = static_cast<std::int64_t>(narrow<double>(memory.left) * share);
  return memory;
}

/// The settings of one smoothing, background and connectivity.
void judge_levels(Sweep& sweep, const BlockGrid& grid, const SharedLevels& shared, const LevelParts& parts) {
  std::vector<GlobalComponents> global;
  for (const auto& blocks : parts.blocks)
    global.push_back(label_across_blocks(sweep.comm, grid, blocks, shared.connectivity));
  for (std::size_t r = 0; r < shared.references.size(); ++r) {
    all_or_throw(sweep.comm, [&] { throw_if_stopped(sweep.stop); });
    const SharedReference& of = shared.references[r];
    const JoinedReference reference = join_reference(sweep, parts.references[r], global[of.level]);
    for (std::size_t c = 0; c < of.cores.size(); ++c)
      judge_cores(sweep, reference, whole_components(sweep, reference, c, global[of.cores[c].level]),
                  of.cores[c]);
  }
}

}  // namespace

void find_objects_of_settings(const Communicator& comm, const SegmentJob& job,
                              std::span<const SegmentSettings> settings, const SettingJudge* judge,
                              const SettingVisitor& visit, const std::stop_token& stop) {
  if (settings.empty()) return;
  const auto shared = shared_work(settings);
  SegmentJob of_inputs = job;
  of_inputs.threshold.options.foreground = settings.front().threshold.options.foreground;
  std::optional<SegmentInputs> inputs;
  all_or_throw(comm, [&] { inputs.emplace(of_inputs); });
  const Extent volume = inputs->probability.extent();
  Progress progress("settings", voxel_count(volume) * std::ssize(shared), comm.is_root());
  Sweep sweep{comm, of_inputs, *inputs, settings, judge, visit, stop};
  for (const SharedSmoothing& smoothing : shared) {
    SegmentJob of_blocks = of_inputs;
    of_blocks.threshold.sigma = smoothing.sigma;
    const BlockMemory memory = beside_levels(memory_for_blocks(comm, job.memory_per_rank), smoothing);
    std::optional<BlockGrid> grid;
    all_or_throw(comm, [&] {
      grid.emplace(plan_segment_grid(of_blocks, {volume, inputs->probability.type()}, memory, comm.size()));
    });
    const auto parts =
        find_level_components(comm, of_blocks, *grid, *inputs, smoothing, judge, progress, stop);
    for (std::size_t l = 0; l < parts.size(); ++l) judge_levels(sweep, *grid, smoothing.levels[l], parts[l]);
  }
}

std::vector<Agreement> judge_settings(const Communicator& comm, const SegmentJob& job,
                                      std::span<const SegmentSettings> settings, const SettingJudge& judge,
                                      const std::stop_token& stop, SettingOutcomes* outcomes) {
  std::vector<Agreement> agreements(settings.size());
  std::size_t before = 0;
  if (outcomes != nullptr && comm.is_root()) {
    before = outcomes->rows.size();
    outcomes->rows.resize(before + settings.size());
    outcomes->unknown.resize(before + settings.size());
  }
  find_objects_of_settings(
      comm, job, settings, &judge,
      [&](std::size_t n, const std::vector<FoundObject>& objects) {
        const Judged judged = judge.judge(objects);
        agreements[n] = judged.agreement;
        if (outcomes == nullptr) return;
        outcomes->rows[before + n] = outcomes->table.add(judged.cells);
        outcomes->unknown[before + n] = judged.unknown;
      },
      stop);
  return comm.broadcast(std::move(agreements));
}

}  // namespace cleft
