#pragma once

#include <memory>
#include <optional>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/segment_job.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"
#include "pipeline/run/volume_facts.hpp"
#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

/// The stored probability that settings are tried on, and what belongs to it.
struct StoredRun {
  VolumeFacts volume;
  std::optional<PlacedMask> mask;
  SegmentJob job;  ///< of the configured settings; writes nothing
};

/// What the stored probability has to be of.
enum class MadeFrom {
  what_is_configured,  ///< the volume, the mask and the model that the configuration names
  what_the_run_says,   ///< what run.json beside it says: the model may be another by now
};

/// Looks at a configuration's stored probability: its own, or that of run.probability. One of up to
/// max_bytes_always_checked is compared with its checksums. Collective over `comm`.
/// \throws CollectiveError on every rank when the configuration cannot be used, or when the probability is
///         not there (the message names the command that makes it), is damaged, or is of something else.
StoredRun open_stored_run(const Communicator& comm, const Config& config, MadeFrom made_from);

/// Completes what a truth is compared with: labels that would be made of the stored probability.
/// \param truth  What is said of the truth; the same on every rank.
EvaluateOptions options_to_judge(const Config& config, const StoredRun& run, EvaluateOptions truth);

/// The judge by a truth volume or by points, whichever the options name. Collective over `comm`.
/// \param options  As options_to_judge gives them.
/// \throws CollectiveError on every rank when the truth cannot be used.
std::unique_ptr<SettingJudge> make_judge(const Communicator& comm, const EvaluateOptions& options);

/// The same of options that may name reviews, which are of the configuration's run directory.
std::unique_ptr<SettingJudge> make_judge(const Communicator& comm, const Config& config,
                                         const EvaluateOptions& options);

}  // namespace cleft
