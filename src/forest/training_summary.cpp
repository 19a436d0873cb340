#include "forest/training_summary.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

#include "base/narrow.hpp"

namespace cleft {

std::int64_t TrainingSummary::judged() const {
  return std::accumulate(confusion.begin(), confusion.end(), std::int64_t{0});
}

double TrainingSummary::out_of_bag_error() const {
  const std::size_t classes = label_counts.size();
  std::int64_t right = 0;
  for (std::size_t c = 0; c < classes; ++c) right += confusion[c * classes + c];
  const std::int64_t all = judged();
  return all > 0 ? narrow<double>(all - right) / narrow<double>(all) : 0;
}

double TrainingSummary::stroke_error() const {
  return judged_by_stroke > 0 ? narrow<double>(wrong_by_stroke) / narrow<double>(judged_by_stroke) : 0;
}

namespace {

/// The class of the most votes, the lowest of equals; nothing when there are none.
std::optional<std::size_t> answer_of(std::span<const std::int64_t> votes) {
  const auto most = std::ranges::max_element(votes);
  if (*most == 0) return std::nullopt;
  return to_size(most - votes.begin());
}

void summarise_strokes(TrainingSummary& summary, const Samples& samples, const OutOfBag& sums) {
  const auto classes = to_size(samples.class_count);
  if (samples.strokes.empty()) return;
  summary.strokes = std::int64_t{*std::ranges::max_element(samples.strokes)} + 1;
  for (std::size_t s = 0; s < samples.count(); ++s) {
    const auto answer = answer_of(std::span(sums.votes_without_stroke).subspan(s * classes, classes));
    if (!answer) continue;
    ++summary.judged_by_stroke;
    summary.wrong_by_stroke += *answer != samples.labels[s] ? 1 : 0;
  }
}

}  // namespace

TrainingSummary summarise(const Samples& samples, const OutOfBag& sums) {
  const auto classes = to_size(samples.class_count);
  TrainingSummary summary;
  summary.label_counts = label_counts(samples);
  summary.confusion.resize(classes * classes);
  for (std::size_t s = 0; s < samples.count(); ++s) {
    if (const auto answer = answer_of(std::span(sums.votes).subspan(s * classes, classes)))
      ++summary.confusion[samples.labels[s] * classes + *answer];
    else
      ++summary.never_out_of_bag;
  }
  summarise_strokes(summary, samples, sums);
  for (const std::int64_t lost : sums.right_answers_lost)
    summary.importance.push_back(sums.answers > 0 ? narrow<double>(lost) / narrow<double>(sums.answers) : 0);
  return summary;
}

}  // namespace cleft
