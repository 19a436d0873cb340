#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/detect/input_identity.hpp"
#include "pipeline/run/run_lock.hpp"

namespace cleft {

/// Training labels that are made of decisions.
struct LabelOutput {
  std::filesystem::path file;      ///< its dataset is /labels
  bool force = false;              ///< replace what is there
  double missed_radius_nm = 40;    ///< of the ball around a missed place
  std::int64_t max_voxels = 5000;  ///< of a class
  std::uint64_t seed = 1;          ///< of what is drawn
  /// The class of rejected objects, whatever is stored of them; default: decision_labels.hpp.
  std::optional<std::string> rejected_class{};
};

struct ReviewOptions {
  std::filesystem::path directory;             ///< of the run
  std::vector<std::filesystem::path> reviews;  ///< at least one
  std::vector<std::string> sets;               ///< values of the configuration set anew, as parse_config
  OtherInput other = OtherInput::refuse;       ///< what to do where the volume is another one now
  std::optional<LabelOutput> labels{};
  /// How long another process is waited for that works in the run directory.
  std::chrono::milliseconds patience = RunLock::usual_patience;
};

}  // namespace cleft
