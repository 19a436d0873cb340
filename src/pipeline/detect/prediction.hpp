#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "config/config.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/detect_options.hpp"
#include "pipeline/detect/predict_job.hpp"
#include "pipeline/run/classifier.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

/// What predict is to do, with which classifier, and how that stands to what earlier runs have left. The same
/// on every rank.
struct Prediction {
  Classifier classifier;
  /// Where a stored probability is of the same input, its recipe has the stored one's words for that.
  PredictJob job;
  std::filesystem::path stored;  ///< the probability that is segmented: its own, or that of run.probability
  /// The recipe of the probability that the labels which are there would be of, if they are what this run
  /// would make. It is the job's, unless there is no stored probability any more and the labels have other
  /// words for the same input.
  nlohmann::json of_labels;
  /// The inputs that were accepted in the place of others, see Continuation. On rank 0 only.
  std::vector<std::string> accepted_inputs;
  /// The stored probability, finished or not, knows no mask, and the job has one: it came later.
  bool mask_came_later = false;

  /// What predict does to the stored probability: as it was begun. Segment applies a mask that came later.
  PredictJob job_as_begun() const;
};

/// Loads the classifier and looks at the inputs and at what is there. Warns where an input was written to
/// after the results, which its fingerprint need not show. Collective over `comm`.
/// \param mask  As find_mask says.
/// \throws CollectiveError on every rank when the configuration, the model or an input cannot be used.
Prediction plan_prediction(const Communicator& comm, const Config& config, const DetectOptions& options,
                           const VolumeFacts& volume, const std::optional<PlacedMask>& mask);

}  // namespace cleft
