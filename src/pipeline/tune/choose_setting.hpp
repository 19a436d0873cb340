#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "objects/judge/bootstrap.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/selection_bias.hpp"
#include "pipeline/tune/judge_settings.hpp"
#include "pipeline/tune/settings_grid.hpp"

namespace cleft {

/// Which of the settings that were judged is to be used.
struct Choice {
  std::size_t best = 0;  ///< the highest F1
  double best_f1 = 0, configured_f1 = 0;
  SelectionBias bias;  ///< of the best, as compared with the configured one
  bool keeps_configured = true;

  /// What the best leads by without what choosing it brings by luck.
  double gain() const { return best_f1 - configured_f1 - bias.optimism; }

  /// The setting to be used.
  std::size_t chosen(std::size_t configured) const { return keeps_configured ? configured : best; }
};

/// The most that luck alone may have of a chance to lead by as much as a setting that is changed to.
inline constexpr double most_chance = 0.05;

/// Chooses by F1. The configured setting is kept unless what the best gains on it, without the optimism of
/// having been chosen (selection_bias), is positive and more than one standard error of their difference, and
/// luck alone would reach it with a chance of at most `most_chance`.
///
/// Optimism is the same for all settings, so that the best is that of the highest F1. Of those within
/// rounding of it that one is the best which differs from the configured one in the fewest keys; of these the
/// one whose neighbours on the grid (the next values of one key) have the highest mean F1, then the first. An
/// undefined F1 counts as 0.
///
/// \param settings    With their places, of as many axes each.
/// \param agreements  [setting]
/// \param outcomes    Of these settings, as judge_settings has it on rank 0.
/// \param configured  Which of them is configured.
/// \param bootstrap   With at least BootstrapOptions::min_resamplings.
Choice choose_setting(std::span<const GridSetting> settings, std::span<const Agreement> agreements,
                      const SettingOutcomes& outcomes, std::size_t configured,
                      const BootstrapOptions& bootstrap);

}  // namespace cleft
