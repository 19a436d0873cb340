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

/// Decided objects are detections, in order of id; accepted ones are truths as well, matched with themselves.
void add_objects(const RunReview& reviewed, Evaluation& result) {
  ReviewTruth& truth = *result.review;
  for (const Synapse& row : reviewed.run.table) {
    const auto verdict = reviewed.review.of(row.id);
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

}  // namespace

Evaluation evaluation_of(const RunReview& reviewed) {
  const FinishedRun& run = reviewed.run;
  const auto synapses =
      std::ranges::count_if(run.table, [](const Synapse& row) { return row.accepted != 0; });
  Evaluation result;
  result.sections = {0, run.volume.extent.z};
  result.voxel_size = run.volume.voxel_size;
  result.offset = run.offset_nm();
  result.match.criterion = MatchOptions::Criterion::verdict;
  result.review.emplace();
  result.review->precision = precision_text(reviewed.review, synapses);
  add_objects(reviewed, result);
  add_missed(reviewed.review, result);
  return result;
}

void run_evaluate_review(const Communicator& comm, const std::filesystem::path& directory,
                         EvaluateOptions options) {
  all_or_throw(comm, [&] {
    if (comm.is_root()) check_report_targets(options);
  });
  const Config config = config_of_run(comm, directory, {});
  const RunReview reviewed = open_review(comm, config, options.reviews, OtherInput::refuse);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    Evaluation result = evaluation_of(reviewed);
    options.labels = reviewed.run.files.label_volume();
    result.bootstrap = options.bootstrap;
    result.intervals = bootstrap_intervals(result.objects.agreement(), options.bootstrap);
    result.curve = curve_over_ranks(options, result);
    write_reports(options, result);
    fmt::print("{}", to_text(result));
  });
}

}  // namespace cleft
