#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/box.hpp"
#include "components/split_options.hpp"
#include "io/volume/element_type.hpp"
#include "io/volume/mask_reader.hpp"
#include "objects/candidates.hpp"
#include "segmentation/threshold_block.hpp"

namespace cleft {

/// What segment works on and how, everything in voxels.
struct SegmentJob {
  std::filesystem::path probability;  ///< stored probabilities, complete
  /// Probabilities outside it count as 0, whether predict has known it or not.
  std::optional<PlacedMask> mask{};
  std::optional<VoxelSize> voxel_size;
  std::optional<PerAxis<double>> offset{};  ///< nm: where the volume lies, see base/place.hpp
  ThresholdSettings threshold;
  ObjectRule rule;
  SplitOptions split{};               ///< with Split::distance there is a voxel size
  std::optional<Extent> block_shape;  ///< of a block's owned box; planned from the memory when absent
  std::int64_t memory_per_rank = 0;   ///< bytes a rank may use in all
  int threads = 1;                    ///< that compute on each rank
  nlohmann::json recipe;              ///< JSON object of all that decides the labels; stored with them
  std::filesystem::path labels;       ///< the file that /labels and /objects are for
  std::filesystem::path table;        ///< the CSV file that the table is for
};

/// What segment needs to know of probabilities before they are there.
struct StoredProbability {
  Extent extent;
  ElementType type = ElementType::uint8;
};

}  // namespace cleft
