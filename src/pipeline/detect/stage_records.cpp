#include "pipeline/detect/stage_records.hpp"

#include <utility>

#include "base/narrow.hpp"

namespace cleft {
namespace {

MergeRecord record_of(const MergeStatistics& s) {
  return {.phases = s.phases,
          .exchanges = s.traffic.exchanges,
          .bytes_sent = narrow<std::int64_t>(s.traffic.bytes_sent)};
}

std::vector<std::string> boxes_of(const std::vector<LeftWhole>& left) {
  std::vector<std::string> boxes;
  for (const LeftWhole& component : left) boxes.push_back(to_string(component.bounds));
  return boxes;
}

}  // namespace

PredictRecord record_of(const PredictSummary& s, StageRecord stage) {
  return {.stage = std::move(stage),
          .seconds = s.seconds,
          .blocks = s.blocks,
          .blocks_resumed = s.resumed,
          .block = s.block,
          .voxels = s.voxels,
          .voxels_with_halo = s.padded_voxels,
          .not_numbers = s.not_numbers,
          .halo_overhead = s.halo_overhead(),
          .bytes_read = s.bytes_read,
          .bytes_written = s.bytes_written};
}

SegmentRecord record_of(const SegmentSummary& s, StageRecord stage) {
  return {.stage = std::move(stage),
          .synapses = s.synapses,
          .candidates = s.candidates,
          .searched_voxels = s.searched_voxels,
          .block = s.block,
          .split_components = s.split.components,
          .split_parts = s.split.parts,
          .left_whole = boxes_of(s.split.left_whole),
          .components_in_blocks = s.components,
          .cores_in_blocks = s.cores,
          .components_merged = s.merged_components,
          .dropped = s.dropped,
          .highest_ratio = s.highest_ratio,
          .merge = record_of(s.reference_merge),
          .core_merge = record_of(s.core_merge),
          .bytes_read = s.bytes_read,
          .bytes_written = s.bytes_written,
          .threshold_seconds = s.threshold_seconds,
          .merge_seconds = s.merge_seconds,
          .split_seconds = s.split_seconds,
          .combine_seconds = s.combine_seconds,
          .write_seconds = s.write_seconds};
}

}  // namespace cleft
