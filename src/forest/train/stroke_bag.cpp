#include "forest/train/stroke_bag.hpp"

#include <algorithm>

#include "base/narrow.hpp"
#include "forest/train/grow_tree.hpp"

namespace cleft::forest {

StrokeBag draw_stroke_bag(const Samples& samples, ClassBalance balance, Random& random) {
  const std::uint32_t strokes = *std::ranges::max_element(samples.strokes) + 1;
  std::vector<bool> drawn(strokes);
  for (std::uint32_t n = 0; n < strokes; ++n) drawn[random.below(strokes)] = true;
  std::vector<std::uint32_t> members;
  std::vector<bool> knows_class(to_size(samples.class_count));
  for (std::uint32_t s = 0; s < samples.count(); ++s) {
    if (!drawn[samples.strokes[s]]) continue;
    members.push_back(s);
    knows_class[samples.labels[s]] = true;
  }
  StrokeBag bag;
  bag.draws = draw_bag_of(members, samples, balance, random);
  for (std::uint32_t s = 0; s < samples.count(); ++s)
    if (!drawn[samples.strokes[s]] && knows_class[samples.labels[s]]) bag.judged.push_back(s);
  return bag;
}

}  // namespace cleft::forest
