#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "objects/judge/nearest_point.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

/// Judges by what people decided on the objects of a run. To be found are accepted objects, by a voxel in
/// common, and missed places, by distance; matched are most pairs, one to one. What is found and unmatched is
/// false where it meets a rejected object, or an accepted one that another has; it is neither right nor wrong
/// where it also meets an object that nobody has decided (unsure, or without a verdict), or meets none: of
/// what the run had not found, a review knows but the places that were marked.
class ReviewJudge : public SettingJudge {
 public:
  /// Collective over `comm`.
  /// \param config       Names the run directory, whose results are those that were reviewed.
  /// \param distance_nm  Of a missed place from the nearest voxel of what is found.
  /// \throws CollectiveError as open_review and runs_of_objects; where there are missed places, but no voxel
  ///         size.
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

  double distance_nm_ = 0;
  Extent volume_;
  VoxelSize voxel_size_{1, 1, 1};
  std::vector<ObjectRun> runs_;          // of all objects of the run
  std::vector<RunObject> objects_;       // of these
  std::vector<Said> said_;               // [object]
  std::vector<std::size_t> truth_of_;    // [object] its number among what is to be found, if it is accepted
  std::int64_t accepted_ = 0;            // before the missed places among what is to be found
  std::vector<PerAxis<double>> missed_;  // the truths of contacts behind the objects
  std::optional<NearestPoint> nearest_;  // of what is to be found, where there is something
};

}  // namespace cleft
