#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "blocks/block_plan.hpp"
#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/synapse.hpp"
#include "pipeline/detect/segment_job.hpp"
#include "pipeline/review/run_probability.hpp"
#include "pipeline/run/stored_labels.hpp"

namespace cleft {

/// Which classes decisions teach; labels count from 1.
struct TaughtClasses {
  std::uint8_t accepted = 0;  ///< the foreground
  std::uint8_t rejected = 0;  ///< 0: of each voxel the most likely one of `others`; or nothing is rejected
  /// Stored classes that rejected voxels may be of, in the order of the file.
  std::vector<std::string> others{};
  std::vector<std::uint8_t> labels_of_others{};
  /// Of a rejected voxel of which no one of several others is the most likely: where all have the probability
  /// 0, or the highest is that of two. In whole 255ths that is often so. labels.rest_class; 0, where no class
  /// is called that: it stays unlabelled.
  std::uint8_t undecided = 0;
};

/// Settles them: of rejected objects, where there are any, `asked`, where that is given; or else the most
/// likely class but the foreground, where the probability of all classes is stored; or else
/// labels.rest_class; or, of two classes, the other one. Not collective.
/// \throws ConfigError when the foreground, what is to be taken, or a stored class is none of the
///         configuration's classes.
TaughtClasses taught_classes(const Config& config, const std::optional<std::string>& asked,
                             const std::optional<RunProbability>& probability, bool any_rejected);

/// Called for a voxel of the volume with the label that it gets.
using VisitLabel = std::function<void(const GlobalVoxel&, std::uint8_t)>;

/// Reads what the voxels of judged objects teach, piece by piece. Each rank has its own; nothing is
/// collective.
class ObjectClasses {
 public:
  /// \param mask    That the run was made in.
  /// \param memory  What is free of a rank's memory.
  /// \throws as VolumeReader and segment_settings; ConfigError when not even small pieces fit the memory.
  ObjectClasses(const FinishedRun& run, TaughtClasses classes,
                const std::optional<RunProbability>& probability, const std::optional<PlacedMask>& mask,
                const BlockMemory& memory);

  /// The voxels of a rejected object that are to be labelled, each with its class.
  void visit_rejected(const Synapse& row, const VisitLabel& visit) const;
  /// The core of an accepted object: the voxels above core_ratio or, where so few are that it is no synapse
  /// by them (a candidate), above its decisive ratio. All its voxels where no probability is stored.
  void visit_accepted(const Synapse& row, const VisitLabel& visit) const;
  /// [voxel of the box] the object that it is of, synapse or candidate; 0: none.
  Array3<std::uint64_t> objects_in(const Box& box) const { return labels_.objects_in(box); }

 private:
  using VisitPiece = std::function<void(const Box&, const Array3<std::uint64_t>&)>;
  void for_each_piece(const Synapse& row, const VisitPiece& visit) const;
  template <class Stored>
  void visit_core(const Synapse& row, const VisitLabel& visit) const;

  TaughtClasses classes_;
  StoredLabels labels_;
  std::optional<VolumeReader> foreground_;
  std::vector<VolumeReader> others_;
  std::optional<MaskReader> mask_;
  SegmentJob job_;
  Extent piece_;
};

}  // namespace cleft
