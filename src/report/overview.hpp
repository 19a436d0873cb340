#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "objects/synapse.hpp"
#include "report/chosen.hpp"
#include "report/seam_statistic.hpp"

namespace cleft {

/// A line of a list of facts: "model", "synapse.model.h5".
struct Fact {
  std::string name, value;
};

/// What a stage of detect took.
struct StageFacts {
  std::string name{};
  std::vector<Fact> seconds{};  ///< of its parts
  int ranks = 0, threads_per_rank = 0;
  std::int64_t memory_per_rank = 0;                  ///< bytes: what was allowed
  std::vector<std::int64_t> peak_memory_of_ranks{};  ///< [rank] bytes
  std::int64_t bytes_read = 0, bytes_written = 0;
  std::string finished{};
};

/// The picture of the whole volume: data for its caption.
struct Thumbnail {
  std::int64_t width = 0, height = 0;  ///< pixels
  std::int64_t section = 0;            ///< whose grey values it shows
};

/// All that the overview tells.
struct OverviewFacts {
  std::string run_name{};
  Extent extent{};
  std::optional<VoxelSize> voxel_size{};
  std::int64_t searched_voxels = 0;
  double core_ratio = 0;
  std::vector<Fact> dropped{};     ///< components that are no synapses: why, and how many
  std::vector<Fact> provenance{};  ///< volume, model, versions, thresholds
  std::vector<StageFacts> stages{};
  std::string configuration{};  ///< run.yaml
  SeamStatistic seams{};
  Extent block{};  ///< of segment's owned boxes
  Thumbnail thumbnail{};
};

/// The content of the page's overview: HTML with SVG, complete without a script. All text that comes from
/// outside is escaped.
std::string overview_html(const OverviewFacts& facts, const std::vector<Synapse>& table,
                          const Chosen& chosen);

}  // namespace cleft
