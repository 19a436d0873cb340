#pragma once

#include <cstdint>
#include <vector>

#include "forest/out_of_bag.hpp"
#include "forest/samples.hpp"

namespace cleft {

/// How well a forest tells its own labelled voxels apart, each judged only by the trees that did not see it
/// (out of bag). Stored with the model.
struct TrainingSummary {
  std::vector<std::int64_t> label_counts;  ///< [class] labelled voxels
  std::vector<std::int64_t>
      confusion;  ///< [labelled class][answered class] voxels that were out of some tree's bag
  std::vector<double> importance;     ///< [channel] permutation importance: share of right answers lost
  std::int64_t never_out_of_bag = 0;  ///< labelled voxels in every tree's bag: nothing is known about them
  /// The same by stroke, a 26-connected component of the voxels of one label: voxels that were judged by
  /// trees grown without their whole stroke, and how many of these were answered wrongly. 0 where strokes are
  /// not known.
  std::int64_t strokes = 0, judged_by_stroke = 0, wrong_by_stroke = 0;

  /// Voxels that were out of some tree's bag.
  std::int64_t judged() const;
  /// Share of the judged voxels that were answered wrongly; 0 when none was judged.
  double out_of_bag_error() const;
  /// Share of the voxels judged by stroke that were answered wrongly; 0 when none was judged.
  double stroke_error() const;
  friend bool operator==(const TrainingSummary&, const TrainingSummary&) = default;

  /// For Boost.Serialization, between ranks only.
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& label_counts& confusion& importance& never_out_of_bag& strokes& judged_by_stroke&
        wrong_by_stroke;
  }
};

/// Makes the summary of a forest. A sample's answer is the class with the most out-of-bag votes (ties: the
/// lowest). Not collective.
///
/// \param samples  What the forest was trained on.
/// \param sums     Over all trees of the forest, of all ranks.
TrainingSummary summarise(const Samples& samples, const OutOfBag& sums);

}  // namespace cleft
