#include "forest/training_summary.hpp"

#include <algorithm>
#include <numeric>

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

TrainingSummary summarise(const Samples& samples, const OutOfBag& sums) {
  const auto classes = to_size(samples.class_count);
  TrainingSummary summary;
  summary.label_counts = label_counts(samples);
  summary.confusion.resize(classes * classes);
  for (std::size_t s = 0; s < samples.count(); ++s) {
    const auto* votes = sums.votes.data() + s * classes;
    const auto* most = std::max_element(votes, votes + classes);
    if (*most == 0)
      ++summary.never_out_of_bag;
    else
      ++summary.confusion[samples.labels[s] * classes + to_size(most - votes)];
  }
  for (const std::int64_t lost : sums.right_answers_lost)
    summary.importance.push_back(sums.answers > 0 ? narrow<double>(lost) / narrow<double>(sums.answers) : 0);
  return summary;
}

}  // namespace cleft
