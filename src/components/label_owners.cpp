#include "components/label_owners.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <numeric>

#include "base/narrow.hpp"

namespace cleft {

LabelOwners::LabelOwners(std::span<const std::uint64_t> counts) : bounds_(1, 0) {
  std::partial_sum(counts.begin(), counts.end(), std::back_inserter(bounds_));
}

int LabelOwners::owner_of(Label label) const {
  assert(label < count());
  // The last range that begins at or before the label: ranges before it that begin there too are empty.
  const auto next = std::upper_bound(bounds_.begin(), bounds_.end(), label);
  return narrow<int>(next - bounds_.begin()) - 1;
}

}  // namespace cleft
