#include "pipeline/review/review.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/files/publish.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "parallel/agree.hpp"
#include "pipeline/report/report_input.hpp"
#include "pipeline/review/decision_labels.hpp"
#include "pipeline/review/label_target.hpp"
#include "pipeline/review/review_input.hpp"
#include "pipeline/review/reviewed_files.hpp"
#include "pipeline/review/run_classes.hpp"
#include "pipeline/run/run_lock.hpp"
#include "review/precision.hpp"

namespace cleft {
namespace {

/// "reviewed:  12 accepted, 3 rejected, 1 unsure, 4 without a verdict of 20 objects; 2 missed".
std::string counts_text(const RunReview& reviewed) {
  std::int64_t accepted = 0, rejected = 0, unsure = 0;
  for (const auto& [id, verdict] : reviewed.review.verdicts)
    ++(verdict == Verdict::accept ? accepted : verdict == Verdict::reject ? rejected : unsure);
  const auto all = narrow<std::int64_t>(reviewed.run.table.size());
  const auto in_objects = std::ssize(reviewed.review.marks_in_objects);
  return fmt::format("reviewed:  {} accepted, {} rejected, {} unsure, {} without a verdict of {}; {}{}\n",
                     accepted, rejected, unsure, all - accepted - rejected - unsure, counted(all, "object"),
                     counted(std::ssize(reviewed.review.missed), "missed place"),
                     in_objects == 0 ? "" : fmt::format(", {} in objects", counted(in_objects, "more mark")));
}

std::string labels_text(const RunReview& reviewed, const DecisionLabels& labels, const LabelOutput& options) {
  std::vector<std::string> of_classes;
  for (std::size_t c = 0; c < labels.counts.size(); ++c)
    of_classes.push_back(
        fmt::format("{} {} of {}", reviewed.run.config.classes[c], labels.counts[c], labels.found[c]));
  std::string where;
  const VolumeFacts& volume = reviewed.run.volume;
  if (const GlobalVoxel& first = volume.first; volume.dataset_extent && !volume.offset())
    where = fmt::format("           they do not say where they lie: labels.begin: [{}, {}, {}] does\n",
                        first.z, first.y, first.x);
  const std::string rejected =
      labels.rejected_are.empty() ? "" : fmt::format("; rejected ones are {}", labels.rejected_are);
  return fmt::format("labels:    {} ({} voxels, seed {}{})\n{}", printable(options.file.string()),
                     fmt::join(of_classes, ", "), options.seed, rejected, where);
}

void tell(const RunReview& reviewed, const ReviewOptions& options, const DecisionLabels& labels) {
  const auto synapses =
      std::ranges::count_if(reviewed.run.table, [](const Synapse& row) { return row.accepted != 0; });
  fmt::print("{}{}\nwritten:   {}\n", counts_text(reviewed), precision_text(reviewed.review, synapses),
             printable(reviewed.run.files.reviewed_table.string()));
  if (options.labels) fmt::print("{}", labels_text(reviewed, labels, *options.labels));
}

/// On rank 0.
void publish_all(const RunReview& reviewed, ReviewedFiles files, UnpublishedFile labels) {
  check_is_same_run(reviewed.run);  // not every file system has locks
  std::vector<UnpublishedFile> all;
  if (!labels.empty()) all.push_back(std::move(labels));
  all.push_back(std::move(files.labels));
  all.push_back(std::move(files.table));
  EarlierFiles earlier;
  if (!files.keep_as.empty()) earlier.keep_last_as = files.keep_as;
  publish(std::move(all), std::move(earlier));
  if (!files.keep_as.empty()) log::info("the earlier table is kept as {}", files.keep_as.string());
}

}  // namespace

void run_review(const Communicator& comm, const ReviewOptions& options) {
  const Config config = config_of_run(comm, options.directory, options.sets);
  all_or_throw(comm, [&] {
    if (comm.is_root() && options.labels) check_label_target(config, options);
  });
  RunReview reviewed = open_review(comm, config, options.reviews, options.other);
  std::optional<RunLock> lock;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    lock.emplace(reviewed.run.files, options.patience);
    check_is_same_run(reviewed.run);
  });
  DecisionLabels labels;
  if (options.labels) {
    reviewed.run.config.classes = classes_of_run(comm, reviewed.run);
    labels = labels_of_decisions(comm, reviewed, *options.labels);
  }
  ReviewedFiles files = write_reviewed_files(comm, reviewed);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    UnpublishedFile of_labels;
    if (options.labels) of_labels = write_decision_labels(reviewed, labels, options.labels->file);
    publish_all(reviewed, std::move(files), std::move(of_labels));
    tell(reviewed, options, labels);
  });
}

}  // namespace cleft
