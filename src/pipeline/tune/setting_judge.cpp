#include "pipeline/tune/setting_judge.hpp"

namespace cleft {

std::vector<TruthContact> overlap_contacts(std::span<const ObjectRun> runs, std::size_t objects,
                                           std::span<const ObjectRun> truth_runs,
                                           const std::vector<RunObject>& truths) {
  std::vector<RunObject> detections(objects);
  for (std::size_t i = 0; i < objects; ++i) detections[i].id = i;
  std::vector<TruthContact> contacts;
  for (const Candidate& pair : overlapping_pairs(runs, truth_runs, detections, truths))
    contacts.push_back({pair.detection, pair.truth, pair.overlap, 0});
  return contacts;
}

}  // namespace cleft
