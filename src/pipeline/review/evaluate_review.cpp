#include "pipeline/review/evaluate_review.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "parallel/agree.hpp"
#include "pipeline/evaluate/object_ranks.hpp"
#include "pipeline/evaluate/report_files.hpp"
#include "review/precision.hpp"

namespace cleft {
namespace {

void count_candidate(const Synapse& row, Verdict verdict, Evaluation& result) {
  if (verdict == Verdict::reject) ++result.review->candidates_rejected;
  if (verdict != Verdict::accept) return;
  ++result.review->candidates_accepted;
  result.objects.missed_truths.push_back(result.truths.size());
  result.truths.push_back({row.id, row.size, row.centroid});
}

/// Decided synapses are detections, in order of id; accepted ones are truths as well, matched with
/// themselves. Candidates, which stand behind them in the table, are no detections: the run does not report
/// them.
void add_objects(const RunReview& reviewed, Evaluation& result) {
  ReviewTruth& truth = *result.review;
  for (const Synapse& row : reviewed.run.table) {
    const auto verdict = reviewed.review.of(row.id);
    if (row.accepted == 0) {
      if (verdict) count_candidate(row, *verdict, result);
      continue;
    }
    if (!verdict || *verdict == Verdict::unsure) {
      ++(verdict ? truth.unsure : truth.unjudged);
      continue;
    }
    const RunObject object{row.id, row.size, row.centroid};
    const std::size_t detection = result.detections.size();
    result.detections.push_back(object);
    if (*verdict == Verdict::reject) {
      ++truth.rejected;
      result.objects.false_detections.push_back(detection);
      continue;
    }
    ++truth.accepted;
    const Candidate pair{detection, result.truths.size(), row.size, 0};
    result.objects.matches.push_back(pair);
    result.objects.candidates.push_back(pair);
    result.truths.push_back(object);
  }
  result.objects.excused.resize(result.detections.size());
}

void add_missed(const MergedReview& review, Evaluation& result) {
  std::uint64_t number = 0;
  for (const GlobalVoxel& at : review.missed) {
    result.objects.missed_truths.push_back(result.truths.size());
    result.truths.push_back(
        {++number, 0, {narrow<double>(at.z), narrow<double>(at.y), narrow<double>(at.x)}});
  }
}

ReviewTruth::Precision precision_of_run(const RunReview& reviewed) {
  ReviewTruth::Precision found;
  found.synapses =
      std::ranges::count_if(reviewed.run.table, [](const Synapse& row) { return row.accepted != 0; });
  found.text = precision_text(reviewed.review, found.synapses);
  const auto& sample = reviewed.review.sample;
  if (!sample || sample->empty()) return found;
  found.sample = std::ssize(*sample);
  const ReviewedPrecision p = precision_of(*sample, reviewed.review, found.synapses);
  found.precision = p.precision;
  if (p.precision) found.interval = p.interval;
  return found;
}

/// Whether the synapses that were decided are a random sample of all, or all.
bool are_of_sample(const RunReview& reviewed, const std::vector<RunObject>& decided) {
  const auto& sample = reviewed.review.sample;
  return sample && std::ranges::all_of(decided, [&](const RunObject& object) {
           return std::ranges::binary_search(*sample, object.id);
         });
}

}  // namespace

Evaluation evaluation_of(const RunReview& reviewed) {
  const FinishedRun& run = reviewed.run;
  Evaluation result;
  result.sections = {0, run.volume.extent.z};
  result.voxel_size = run.volume.voxel_size;
  result.offset = run.offset_nm();
  result.match.criterion = MatchOptions::Criterion::verdict;
  result.review.emplace();
  result.review->precision = precision_of_run(reviewed);
  result.review->marks_in_objects = std::ssize(reviewed.review.marks_in_objects);
  add_objects(reviewed, result);
  add_missed(reviewed.review, result);
  return result;
}

void add_intervals(const RunReview& reviewed, const BootstrapOptions& bootstrap, Evaluation& result) {
  if (!are_of_sample(reviewed, result.detections)) return;
  result.bootstrap = bootstrap;
  result.intervals = bootstrap_intervals(result.objects.agreement(), bootstrap);
  if (result.review->knows_all_synapses()) return;
  result.intervals.recall.reset();
  result.intervals.f1.reset();
}

void run_evaluate_review(const Communicator& comm, const std::filesystem::path& directory,
                         EvaluateOptions options) {
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_report_targets(options);
  });
  const Config config = config_of_run(comm, directory, {});
  const RunReview reviewed = open_review_of_results(comm, config, options.reviews);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    Evaluation result = evaluation_of(reviewed);
    options.labels = reviewed.run.files.label_volume();
    add_intervals(reviewed, options.bootstrap, result);
    result.curve = curve_over_ranks(options, result);
    write_reports(options, result);
    fmt::print("{}", to_text(result));
  });
}

}  // namespace cleft
