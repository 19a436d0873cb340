#include "pipeline/tune/review_judge.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "objects/judge/compare.hpp"
#include "objects/judge/near_points.hpp"
#include "parallel/agree.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "pipeline/review/object_runs.hpp"
#include "pipeline/review/review_input.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

/// Objects and probability are compared voxel by voxel.
void check_is_of_volume(const FinishedRun& run, const std::filesystem::path& probability) {
  if (!run.recipe.contains("probability")) return;
  const nlohmann::json &reviewed = run.recipe["probability"], now = read_probability_recipe(probability);
  for (const auto* key : {"volume", "dataset", "extent", "box"})
    if (reviewed.value(key, nlohmann::json()) != now.value(key, nlohmann::json()))
      throw InputError({probability.string(),
                        fmt::format("is of another volume ({}) than {}", key, run.files.synapses.string()),
                        "the probability of the volume that was reviewed"});
}

}  // namespace

ReviewJudge::ReviewJudge(const Communicator& comm, const Config& config,
                         std::span<const std::filesystem::path> reviews, double distance_nm)
    : distance_nm_(distance_nm) {
  const RunReview reviewed = open_review_of_results(comm, config, reviews);
  const FinishedRun& run = reviewed.run;
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_is_of_volume(run, probability_to_segment(config));
  });
  volume_ = run.volume.extent;
  voxel_size_ = run.voxel_size_or_1();
  runs_ = runs_of_objects(comm, run);
  all_or_throw(comm, [&] {
    if (!run.volume.voxel_size && !reviewed.review.missed.empty())
      throw ConfigError({config.subject("volume.voxel_size_nm"),
                         "is not known, and how near objects come to missed places is in nm",
                         "a voxel size, or a review without missed places"});
    objects_ = objects_of(runs_);
    std::vector<PerAxis<double>> to_find;
    for (const RunObject& object : objects_) {
      const auto verdict = reviewed.review.of(object.id);
      said_.push_back(verdict == Verdict::accept   ? Said::accepted
                      : verdict == Verdict::reject ? Said::rejected
                                                   : Said::open);
      truth_of_.push_back(to_find.size());
      if (said_.back() == Said::accepted) to_find.push_back(object.centroid);
    }
    accepted_ = std::ssize(to_find);
    for (const GlobalVoxel& at : reviewed.review.missed)
      missed_.push_back({narrow<double>(at.z), narrow<double>(at.y), narrow<double>(at.x)});
    to_find.insert(to_find.end(), missed_.begin(), missed_.end());
    for (const Candidate& pair : pairs_near_points(runs_, objects_, missed_, distance_nm_, voxel_size_))
      if (run.table.at(objects_[pair.detection].id - 1).accepted != 0)
        nm_to_missed_[{pair.detection, pair.truth}] = pair.distance_nm;
    if (!to_find.empty()) nearest_.emplace(to_find, voxel_size_);
  });
  log::info(
      "review: of objects that the run has not found only marked places are known: settings that find more "
      "are not charged with it");
}

KnownVoxels ReviewJudge::known(const Box& box) const {
  KnownVoxels known;
  for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
    for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
      known.judged.push_back({z, y, box.begin.x, box.end.x, 0});
  return known;
}

std::vector<TruthContact> ReviewJudge::contacts(std::span<const ObjectRun> runs, std::size_t objects) const {
  std::vector<TruthContact> contacts = overlap_contacts(runs, objects, runs_, objects_);
  if (missed_.empty()) return contacts;
  std::vector<RunObject> detections(objects);
  for (std::size_t i = 0; i < objects; ++i) detections[i].id = i;
  for (const Candidate& pair : pairs_near_points(runs, detections, missed_, distance_nm_, voxel_size_))
    contacts.push_back({pair.detection, objects_.size() + pair.truth, 0, pair.distance_nm});
  return contacts;
}

/// Whether a missed place that an object comes near to was no farther from a synapse that it has voxels of.
bool ReviewJudge::was_seen_as_near(const FoundObject& object, const TruthContact& mark) const {
  return std::ranges::any_of(object.contacts, [&](const TruthContact& contact) {
    if (contact.truth >= objects_.size()) return false;
    const auto seen = nm_to_missed_.find({to_size(contact.truth), to_size(mark.truth) - objects_.size()});
    return seen != nm_to_missed_.end() && seen->second <= mark.distance_nm;
  });
}

Judged ReviewJudge::judge(std::span<const FoundObject> objects) const {
  std::vector<Candidate> pairs;
  std::vector<bool> excused;
  std::vector<bool> unseen;
  std::vector<PerAxis<double>> centroids;
  for (const FoundObject& object : objects) {
    const std::size_t detection = excused.size();
    bool meets_decided = false, meets_open = false;
    for (const TruthContact& contact : object.contacts) {
      const std::size_t at = to_size(contact.truth);
      if (at >= objects_.size()) {
        if (!was_seen_as_near(object, contact))
          pairs.push_back({detection, to_size(accepted_) + at - objects_.size(), 0, contact.distance_nm});
        continue;
      }
      (said_[at] == Said::open ? meets_open : meets_decided) = true;
      if (said_[at] == Said::accepted) pairs.push_back({detection, truth_of_[at], contact.overlap, 0});
    }
    excused.push_back(meets_open || !meets_decided);
    unseen.push_back(!meets_open && !meets_decided);
    centroids.push_back(centroid_of(object.evidence));
  }
  const std::size_t to_find = to_size(accepted_) + missed_.size();
  const Comparison comparison = compare_with_points(to_find, pairs, excused);
  Judged judged{comparison.agreement(), {}};
  if (nearest_) judged.cells = truth_cells(comparison, *nearest_, to_find, centroids);
  std::vector<bool> matched(excused.size());
  for (const Candidate& match : comparison.matches) matched[match.detection] = true;
  for (std::size_t d = 0; d < excused.size(); ++d) {
    judged.unknown.all += excused[d] && !matched[d] ? 1 : 0;
    judged.unknown.unseen += unseen[d] && !matched[d] ? 1 : 0;
  }
  return judged;
}

std::string ReviewJudge::truth_text() const {
  const auto rejected = std::ranges::count(said_, Said::rejected);
  return fmt::format("{}, {} and {}", counted(accepted_, "accepted object"),
                     counted(rejected, "rejected one"), counted(std::ssize(missed_), "missed place"));
}

}  // namespace cleft
