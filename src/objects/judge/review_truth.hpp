#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "objects/judge/bootstrap.hpp"

namespace cleft {

/// What is said of a truth that is people's verdicts, besides the objects. Synapses that were decided are
/// `detections`; the accepted ones, and behind them accepted candidates and missed places (without voxels),
/// are `truths`.
struct ReviewTruth {
  std::int64_t accepted = 0, rejected = 0;  ///< synapses
  std::int64_t unsure = 0, unjudged = 0;    ///< synapses that are neither right nor wrong
  /// Candidates are not reported: accepted ones are missed, rejected ones are nothing.
  std::int64_t candidates_accepted = 0, candidates_rejected = 0;
  std::int64_t marks_in_objects = 0;  ///< marks that are no missed places, since the run has an object there
  /// Of all synapses of the run, where they, or a random sample of them, were judged.
  struct Precision {
    std::optional<double> precision{};
    std::optional<Interval> interval{};
    std::int64_t sample = 0, synapses = 0;  ///< how many were chosen of how many
    std::string text;                       ///< the same as a line, or why it is not known
  };
  Precision precision;

  /// Whether every synapse is right or wrong. What was found rightly is then known, and as missed synapses
  /// that nobody marked can but add to what is missed, the recall of the run is at most that of the
  /// comparison.
  bool knows_all_synapses() const { return unsure + unjudged == 0; }
};

/// The head of an evaluation for people: what verdicts tell and what they cannot; lines.
std::string to_text(const ReviewTruth& truth);

}  // namespace cleft
