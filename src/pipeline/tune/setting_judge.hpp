#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/evidence.hpp"
#include "objects/judge/truth_cells.hpp"

namespace cleft {

/// An object that a setting finds, as far as it is judged.
struct FoundObject {
  std::int64_t first_voxel = 0;  ///< linear index in the volume
  std::int64_t size = 0;         ///< voxels
  ObjectEvidence evidence;
  std::vector<TruthContact> contacts;  ///< in order of truth
};

/// What settings are judged by. Ranks look at the parts of objects that lie in their blocks, whatever setting
/// finds them; from what they have seen, added up over the parts, rank 0 tells how many objects of a setting
/// are right. Each rank has its own, of the same truth.
class SettingJudge {
 public:
  SettingJudge() = default;
  SettingJudge(const SettingJudge&) = delete;
  SettingJudge& operator=(const SettingJudge&) = delete;
  virtual ~SettingJudge() = default;

  /// Where objects are looked at, in voxels of the volume; what has no voxel in it is no evidence.
  virtual Box region() const = 0;
  /// Which voxels of a box count. Reads files: for the thread that may. Not collective.
  /// \throws InputError when a value is no label; IoError when reading fails.
  virtual KnownVoxels known(const Box& box) const = 0;
  /// What of the truth objects meet. Not collective.
  /// \param runs  In z, y, x order, not overlapping; their objects are 0 … `objects` − 1.
  virtual std::vector<TruthContact> contacts(std::span<const ObjectRun> runs, std::size_t objects) const = 0;
  /// How the objects of one setting agree with the truth. On rank 0; not collective.
  /// \param objects  In order of first voxel; also those that are no detections, for want of evidence.
  virtual Judged judge(std::span<const FoundObject> objects) const = 0;
  /// How many objects or sites are judged by, for messages: "49 objects", "21 objects (6 of them mostly
  /// outside: right where found, never missed)". On rank 0.
  virtual std::string truth_text() const = 0;
};

/// What objects have in common with those of a truth. Not collective.
/// \param runs, objects        As of SettingJudge::contacts.
/// \param truth_runs, truths   Of the truth's objects, as overlapping_pairs takes them.
std::vector<TruthContact> overlap_contacts(std::span<const ObjectRun> runs, std::size_t objects,
                                           std::span<const ObjectRun> truth_runs,
                                           const std::vector<RunObject>& truths);

/// Whether rank 0 has to know an object.
inline bool is_evidence(const ObjectEvidence& evidence, std::span<const TruthContact> contacts) {
  return evidence.judged > 0 || !contacts.empty();
}

}  // namespace cleft
