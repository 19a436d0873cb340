#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>

#include "base/box.hpp"
#include "features/set/feature_options.hpp"
#include "forest/forest.hpp"
#include "forest/samples.hpp"
#include "forest/training_summary.hpp"

namespace cleft {

/// The grey values that a forest was trained on. Of an ilastik project's forest they are not known.
struct GreyValues {
  std::string type;  ///< "uint8": as stored; empty when unknown
  ValueRange range;  ///< at the labelled voxels, over all channels of the image; empty when unknown

  bool known() const { return !type.empty(); }

  friend bool operator==(const GreyValues&, const GreyValues&) = default;
};

/// A trained forest with all that is needed to use it on another volume.
struct Model {
  Forest forest;
  std::vector<std::string> classes;     ///< [class] name
  FeatureSelection features;            ///< its channels are the forest's
  std::optional<VoxelSize> voxel_size;  ///< of the volume it was trained on, where that is known
  GreyValues grey;
  TrainingSummary summary;
  /// JSON of what decided the forest besides classes and features: would training make the same one again?
  /// Empty: not known.
  std::string recipe;
  /// Of the file it was read from or written to: tells models apart. A model whose forest was narrowed
  /// (forest/narrowed_forest.hpp) keeps that of the whole one.
  std::uint64_t checksum = 0;

  friend bool operator==(const Model&, const Model&) = default;

  /// For Boost.Serialization, between ranks only.
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    bool has_size = voxel_size.has_value();
    VoxelSize size = voxel_size.value_or(VoxelSize{});
    archive& forest& classes& features& has_size& size.z& size.y& size.x& grey.type& grey.range.min& grey
        .range.max& summary& recipe& checksum;
    if (has_size) voxel_size = size;
  }
};

}  // namespace cleft
