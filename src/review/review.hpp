#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "objects/synapse.hpp"
#include "report/report_options.hpp"
#include "review/verdict.hpp"

namespace cleft {

/// What one person has decided on the objects of a run (review/files/review_file.hpp).
struct Review {
  std::string name;                           ///< of its file, for messages
  ChooseBy how = ChooseBy::largest;           ///< how the objects were chosen that had pictures
  std::vector<std::uint64_t> chosen;          ///< ids of these, ascending
  std::map<std::uint64_t, Verdict> verdicts;  ///< by id
  std::vector<GlobalVoxel> missed{};          ///< places of synapses that the run has not found
};

/// An object of which several people say different things.
struct Conflict {
  std::uint64_t id = 0;
  std::string said;  ///< "accept in a.json, reject in b.json"
};

/// A place that was marked as missed and lies in an object that the run has.
struct MarkInObject {
  GlobalVoxel place;
  std::uint64_t id = 0;
  std::string said;  ///< what comes of it: "lies in synapse 17, which the run has found: it is not missed"
};

/// Several people's reviews of one run, as one.
struct MergedReview {
  std::map<std::uint64_t, Verdict> verdicts;     ///< by id
  std::vector<Conflict> conflicts{};             ///< by id
  std::vector<GlobalVoxel> missed{};             ///< in z, y, x order, each once
  std::int64_t missed_by_several = 0;            ///< marks that were left out since another person's is near
  std::vector<MarkInObject> marks_in_objects{};  ///< taken from `missed` (review/marks_in_objects.hpp)
  /// The synapses that were chosen fairly, ascending: all, or a random sample. Nothing where no review's
  /// objects were; `why_no_sample` then says how they were chosen.
  std::optional<std::vector<std::uint64_t>> sample{};
  std::string why_no_sample{};

  std::optional<Verdict> of(std::uint64_t id) const;
};

/// How far apart marks of two people may be that mean one missed synapse, in nm: as far as a mark may be from
/// a detection that it stands for (--distance-nm).
inline constexpr double one_mark_nm = 80;

/// Puts reviews together. An object that two of them judge differently is unsure. Of missed places within
/// one_mark_nm of one of an earlier review only that one is kept; within a review all are, but for the same
/// voxel. The sample is what was chosen by all reviews whose objects are a random sample of all synapses, or
/// all: together these are a random sample as well.
///
/// \param table       Of the run: its synapses (accepted = 1) are what a sample is of.
/// \param voxel_size  In nm; where it is unknown only marks of the same voxel are one.
/// \pre reviews is not empty; their ids are in the table.
MergedReview merge_reviews(std::span<const Review> reviews, const std::vector<Synapse>& table,
                           const std::optional<VoxelSize>& voxel_size);

}  // namespace cleft
