#include "objects/judge/review_truth.hpp"

#include <fmt/format.h>

namespace cleft {

std::string to_text(const ReviewTruth& truth) {
  std::string text = fmt::format(
      "review       {} accepted, {} rejected; {} unsure and {} without a verdict are neither right nor "
      "wrong\n",
      truth.accepted, truth.rejected, truth.unsure, truth.unjudged);
  if (truth.candidates_accepted + truth.candidates_rejected > 0)
    text += fmt::format(
        "candidates   {} accepted: missed, as the run does not report them; {} rejected: nothing\n",
        truth.candidates_accepted, truth.candidates_rejected);
  if (truth.marks_in_objects > 0)
    text += fmt::format("marks        {} in objects that the run has: no missed places\n",
                        truth.marks_in_objects);
  text += fmt::format("             {}\n", truth.precision.text);
  return text +
         (truth.knows_all_synapses()
              ? "             every synapse is decided; of missed ones those alone are known that were "
                "marked: the run's recall is at most this\n"
              : "             these figures are of the decided objects alone: they tell no recall of the "
                "run\n");
}

}  // namespace cleft
