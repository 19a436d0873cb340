#pragma once

#include <optional>
#include <vector>

#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"
#include "pipeline/evaluate/judged_objects.hpp"
#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

/// Judges by a truth volume, as evaluate() does.
class VolumeJudge : public SettingJudge {
 public:
  /// Rank 0 reads the truth's objects; all ranks get their runs. Warns of a truth without an object.
  /// Collective over `comm`.
  /// \param options  The same on every rank; `labels` and `labels_to_come` name the stored probability.
  /// \throws CollectiveError on every rank with what evaluate() would throw.
  VolumeJudge(const Communicator& comm, const EvaluateOptions& options);

  Box region() const override { return region_; }
  KnownVoxels known(const Box& box) const override;
  std::vector<TruthContact> contacts(std::span<const ObjectRun> runs, std::size_t objects) const override;
  Judged judge(std::span<const FoundObject> objects) const override;
  std::string truth_text() const override;

 private:
  /// On rank 0.
  struct Settled {
    EvaluateInputs in;
    ObjectsOfSide truth;
  };
  std::optional<Settled> read_truth(const EvaluateOptions& options);
  void share(const Communicator& comm, std::optional<Settled> settled, const EvaluateOptions& options);

  MatchOptions match_;
  std::int64_t min_truth_size_ = 1;
  VoxelSize voxel_size_{1, 1, 1};
  Box judged_, region_;
  GlobalVoxel truth_begin_;
  std::optional<VolumeReader> truth_;
  std::optional<MaskReader> mask_;
  std::vector<ObjectRun> runs_;          // of the truth, where both sides can be known
  std::vector<RunObject> objects_;       // of these
  std::vector<Reach> reach_;             // on rank 0
  std::optional<NearestPoint> nearest_;  // of them, where there is one
  bool has_reach_ = false;
};

}  // namespace cleft
