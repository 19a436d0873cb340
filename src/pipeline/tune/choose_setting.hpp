#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "objects/judge/bootstrap.hpp"
#include "objects/judge/compare.hpp"
#include "pipeline/tune/settings_grid.hpp"

namespace cleft {

/// Which of the settings that were judged is to be used.
struct Choice {
  std::size_t best = 0;  ///< the highest F1
  double best_f1 = 0, configured_f1 = 0;
  double standard_error = 0;  ///< of F1 by the bootstrap, the larger one of both settings
  bool keeps_configured = true;

  /// The setting to be used.
  std::size_t chosen(std::size_t configured) const { return keeps_configured ? configured : best; }
};

/// Chooses by F1. The configured setting is kept unless another one's F1 is higher by more than one standard
/// error. Of settings with the highest F1 that one is the best whose neighbours on the grid (the next values
/// of one key) have the highest mean F1, since it stands the least on chance; of these the one that differs
/// from the configured one in the fewest keys, then the first. An undefined F1 counts as 0.
///
/// \param settings    With their places, of as many axes each.
/// \param agreements  [setting]
/// \param configured  Which of them is configured.
/// \param bootstrap   With at least BootstrapOptions::min_resamplings.
Choice choose_setting(std::span<const GridSetting> settings, std::span<const Agreement> agreements,
                      std::size_t configured, const BootstrapOptions& bootstrap);

}  // namespace cleft
