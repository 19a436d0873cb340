#pragma once

#include <optional>
#include <vector>

#include "io/volume/mask_reader.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"
#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

/// Judges by a table of points, as evaluate_points() does.
class PointJudge : public SettingJudge {
 public:
  /// Rank 0 reads the points; all ranks get them. Warns where none is to be found. Collective over `comm`.
  /// \param options  The same on every rank; `labels` and `labels_to_come` name the stored probability.
  /// \throws CollectiveError on every rank with what evaluate_points() would throw.
  /// \pre    options.truth_points is given.
  PointJudge(const Communicator& comm, const EvaluateOptions& options);

  Box region() const override { return whole_box(volume_); }
  KnownVoxels known(const Box& box) const override;
  std::vector<TruthContact> contacts(std::span<const ObjectRun> runs, std::size_t objects) const override;
  Judged judge(std::span<const FoundObject> objects) const override;
  std::string truth_text() const override;

 private:
  double distance_nm_ = 0;
  VoxelSize voxel_size_;
  Extent volume_;
  Box judged_;
  std::optional<MaskReader> mask_;
  /// To be found, and near which nothing is false: the truths of contacts, the second behind the first.
  std::vector<PerAxis<double>> sites_, excusing_;
  std::optional<NearestPoint> nearest_;  // of the sites, where there is one
};

}  // namespace cleft
