#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "objects/judge/nearest_point.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

/// Judges by what people decided on the objects of a run. To be found are accepted objects, by a voxel in
/// common, and missed places, by distance; matched are most pairs, one to one. A missed place is not found by
/// what comes no nearer to it than a synapse of the run that it has voxels of: whoever marked the place saw
/// that synapse. What is found and unmatched is false where it meets a rejected object, or an accepted one
/// that another has; it is neither right nor wrong where it also meets an object that nobody has decided
/// (unsure, or without a verdict), or meets none: of what the run had not found, a review knows but the
/// places that were marked. So the run's own settings agree as evaluation_of says.
class ReviewJudge : public SettingJudge {
 public:
  /// Collective over `comm`.
  /// \param config       Names the run directory, whose results are those that were reviewed.
  /// \param distance_nm  Of a missed place from the nearest voxel of what is found.
  /// \throws CollectiveError as open_review_of_results and runs_of_objects; where there are missed places,
  ///         but no voxel size; where the stored probability is of another volume than the run.
  ReviewJudge(const Communicator& comm, const Config& config, std::span<const std::filesystem::path> reviews,
              double distance_nm);

  Box region() const override { return whole_box(volume_); }
  KnownVoxels known(const Box& box) const override;
  std::vector<TruthContact> contacts(std::span<const ObjectRun> runs, std::size_t objects) const override;
  Judged judge(std::span<const FoundObject> objects) const override;
  std::string truth_text() const override;

 private:
  /// What is said of an object of the run.
  enum class Said { accepted, rejected, open };

  bool was_seen_as_near(const FoundObject& object, const TruthContact& mark) const;

  double distance_nm_ = 0;
  Extent volume_;
  VoxelSize voxel_size_{1, 1, 1};
  std::vector<ObjectRun> runs_;          // of all objects of the run
  std::vector<RunObject> objects_;       // of these
  std::vector<Said> said_;               // [object]
  std::vector<std::size_t> truth_of_;    // [object] its number among what is to be found, if it is accepted
  std::int64_t accepted_ = 0;            // before the missed places among what is to be found
  std::vector<PerAxis<double>> missed_;  // the truths of contacts behind the objects
  // (object, missed place) how near the run's synapses come to places, in nm, where that is near enough
  std::map<std::pair<std::size_t, std::size_t>, double> nm_to_missed_;
  std::optional<NearestPoint> nearest_;  // of what is to be found, where there is something
};

}  // namespace cleft
