#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "objects/judge/compare.hpp"
#include "objects/judge/selection_bias.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/segment_job.hpp"
#include "pipeline/run/segment_settings.hpp"
#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

// The objects of many settings from one stored probability: those that segment would find with each of them,
// while work that settings have in common (shared_work) is done once. Memory is that of segment for a
// smoothing's blocks, which are the smaller the more levels there are, and for each level what lies at the
// faces of blocks.

/// Called on rank 0 with the objects of one setting in order of first voxel. Where a judge is given these are
/// the objects of which there is evidence (is_evidence), else all.
using SettingVisitor = std::function<void(std::size_t setting, const std::vector<FoundObject>& objects)>;

/// Calls `visit` once for each setting, in no stated order. Settings' candidates do not matter. The objects
/// are the same for any ranks, threads and blocks. Collective over `comm`.
///
/// \param job       Says where the probability and the mask are, what a rank may use, and the voxel size; its
///                  own settings do not matter.
/// \param settings  The same on every rank.
/// \param judge     May be null.
/// \param stop      Looked at between blocks and between reference masks; a stop that is requested on one
///                  rank stops all.
/// \throws CollectiveError on every rank; Stopped on every rank when it was stopped.
void find_objects_of_settings(const Communicator& comm, const SegmentJob& job,
                              std::span<const SegmentSettings> settings, const SettingJudge* judge,
                              const SettingVisitor& visit, const std::stop_token& stop = {});

/// What settings make of the truth object by object, on rank 0; empty elsewhere.
struct SettingOutcomes {
  OutcomeTable table;
  std::vector<std::size_t> rows;          ///< [setting] of the table
  std::vector<UnknownObjects> unknown{};  ///< [setting]
};

/// How the objects of each setting agree with a truth: as evaluate says it of what detect finds with that
/// setting. Collective over `comm`.
/// \param outcomes  May be null; the settings are added behind those that are there.
/// \returns [setting], the same on every rank.
/// \throws  As above.
std::vector<Agreement> judge_settings(const Communicator& comm, const SegmentJob& job,
                                      std::span<const SegmentSettings> settings, const SettingJudge& judge,
                                      const std::stop_token& stop = {}, SettingOutcomes* outcomes = nullptr);

}  // namespace cleft
