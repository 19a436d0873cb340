#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/box.hpp"
#include "io/volume/mask_reader.hpp"
#include "io/volume/volume_reader.hpp"
#include "probability/classify_block.hpp"

namespace cleft {

/// What predict works on and how.
struct PredictJob {
  VolumePath volume;
  std::optional<PlacedMask> mask;  ///< outside it the probability is 0 and nothing is computed
  std::optional<VoxelSize> voxel_size;
  std::optional<PerAxis<double>> offset{};  ///< nm: where the volume lies, see base/place.hpp
  std::vector<ClassifierStage> stages;      ///< at least one; the same on every rank
  std::vector<std::string> classes;         ///< of the last stage's forest
  std::vector<std::size_t> stored_classes;  ///< which of them are stored, ascending
  ElementType type = ElementType::uint8;    ///< uint8 or float32
  nlohmann::json recipe;                    ///< see ProbabilityLayout
  std::optional<Extent> block_shape;        ///< of a block's owned box; planned from the memory when absent
  std::int64_t memory_per_rank = 0;         ///< bytes a rank may use in all
  int threads = 1;                          ///< that compute on each rank
  std::filesystem::path probability;        ///< the file to write
  /// VolumeSource::state of the volume and the mask that the recipe means; empty: whatever there is.
  std::string volume_state{}, mask_state{};
};

}  // namespace cleft
