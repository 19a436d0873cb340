#include "pipeline/review/review_input.hpp"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.hpp"
#include "base/log.hpp"
#include "base/text/counted.hpp"
#include "parallel/agree.hpp"
#include "pipeline/report/overview_facts.hpp"
#include "pipeline/review/objects_at.hpp"
#include "report/files/report_folder.hpp"
#include "review/files/review_file.hpp"
#include "review/marks_in_objects.hpp"

namespace cleft {
namespace {

/// A verdict on its way to another rank. Trivially copyable.
struct SentVerdict {
  std::uint64_t id = 0;
  Verdict verdict = Verdict::unsure;
};

MergedReview merged_on_root(const FinishedRun& run, std::span<const std::filesystem::path> files) {
  check_is_report(run.files.report);
  const ReviewedRun of{.directory = run.files.directory.string(),
                       .table = run.table_checksum,
                       .model = page_run(run).model_fingerprint,
                       .rows = run.table,
                       .extent = run.volume.extent};
  std::vector<Review> reviews;
  for (const auto& file : files) reviews.push_back(read_review(file, of));
  return merge_reviews(reviews, run.table, run.volume.voxel_size);
}

void tell_of_merging(const MergedReview& review) {
  for (const Conflict& conflict : review.conflicts)
    log::warning("object {}: {}: counts as unsure", conflict.id, conflict.said);
  if (review.missed_by_several > 0)
    log::info("{} within {} nm of another person's: the same missed synapses",
              counted(review.missed_by_several, "mark"), one_mark_nm);
}

void tell_of_marks(const MergedReview& review) {
  for (const auto& [place, id, said] : review.marks_in_objects)
    log::warning("mark at z {}, y {}, x {}: {}", place.z, place.y, place.x, said);
}

/// Gives rank 0's review to all. Collective.
MergedReview shared(const Communicator& comm, MergedReview review) {
  std::vector<SentVerdict> verdicts;
  for (const auto& [id, verdict] : review.verdicts) verdicts.push_back({id, verdict});
  for (const SentVerdict& sent : comm.broadcast(std::move(verdicts)))
    review.verdicts.emplace(sent.id, sent.verdict);
  review.missed = comm.broadcast(std::move(review.missed));
  review.missed_by_several = comm.broadcast(review.missed_by_several);
  const bool has_sample = comm.broadcast(review.sample.has_value());
  auto sample = comm.broadcast(review.sample.value_or(std::vector<std::uint64_t>{}));
  if (has_sample) review.sample = std::move(sample);
  review.why_no_sample = comm.broadcast(review.why_no_sample);
  return review;
}

RunReview with_reviews(const Communicator& comm, FinishedRun run,
                       std::span<const std::filesystem::path> reviews) {
  RunReview opened{.run = std::move(run), .review = {}};
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    opened.review = merged_on_root(opened.run, reviews);
    tell_of_merging(opened.review);
  });
  opened.review = shared(comm, std::move(opened.review));
  if (opened.review.missed.empty()) return opened;
  const auto object_at = objects_at(comm, opened.run, opened.review.missed);
  take_marks_in_objects(opened.review, object_at, opened.run.table);
  if (comm.is_root()) tell_of_marks(opened.review);
  return opened;
}

}  // namespace

RunReview open_review(const Communicator& comm, const Config& config,
                      std::span<const std::filesystem::path> reviews, OtherInput other) {
  return with_reviews(comm, open_finished_run(comm, config, other), reviews);
}

RunReview open_review_of_results(const Communicator& comm, const Config& config,
                                 std::span<const std::filesystem::path> reviews) {
  return with_reviews(comm, open_run_results(comm, config), reviews);
}

std::string decisions_checksum(const MergedReview& review) {
  std::string text;
  for (const auto& [id, verdict] : review.verdicts) text += fmt::format("{} {}\n", id, to_string(verdict));
  for (const GlobalVoxel& place : review.missed)
    text += fmt::format("missed {} {} {}\n", place.z, place.y, place.x);
  return fmt::format("{:016x}", checksum(std::as_bytes(std::span(text))));
}

}  // namespace cleft
