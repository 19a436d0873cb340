#include "review/marks_in_objects.hpp"

#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace cleft {
namespace {

/// \param verdict  Null where there is none.
bool contradicts_mark(bool is_synapse, const Verdict* verdict) {
  return verdict != nullptr && (*verdict == Verdict::reject || (!is_synapse && *verdict == Verdict::unsure));
}

std::string said_of(std::uint64_t id, bool is_synapse, const Verdict* verdict) {
  const std::string object = fmt::format("{} {}", is_synapse ? "synapse" : "candidate", id);
  if (contradicts_mark(is_synapse, verdict))
    return fmt::format("lies in {}, whose verdict is {}: that counts as unsure", object, to_string(*verdict));
  if (is_synapse) return fmt::format("lies in {}, which the run has found: it is not missed", object);
  return fmt::format("lies in {}, which is accepted by that", object);
}

}  // namespace

void take_marks_in_objects(MergedReview& review, std::span<const std::uint64_t> object_at,
                           const std::vector<Synapse>& table) {
  std::map<std::uint64_t, bool> is_synapse;
  for (const Synapse& row : table) is_synapse[row.id] = row.accepted != 0;
  const auto verdicts = review.verdicts;  // before any mark was looked at: their order decides nothing
  std::vector<GlobalVoxel> missed;
  for (std::size_t i = 0; i < review.missed.size(); ++i) {
    const std::uint64_t id = object_at[i];
    if (id == 0) {
      missed.push_back(review.missed[i]);
      continue;
    }
    const auto at = verdicts.find(id);
    const Verdict* const verdict = at == verdicts.end() ? nullptr : &at->second;
    review.marks_in_objects.push_back({review.missed[i], id, said_of(id, is_synapse.at(id), verdict)});
    if (contradicts_mark(is_synapse.at(id), verdict))
      review.verdicts[id] = Verdict::unsure;
    else if (!is_synapse.at(id))
      review.verdicts[id] = Verdict::accept;
  }
  review.missed = std::move(missed);
}

}  // namespace cleft
