#include "forest/narrowed_forest.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/narrow.hpp"

namespace cleft {
namespace {

class Narrowing {
 public:
  Narrowing(const Forest& whole, std::span<const std::size_t> classes) : whole_(whole), classes_(classes) {
    for (std::size_t c = 0; c < to_size(whole.class_count) && !other_; ++c)
      if (std::find(classes.begin(), classes.end(), c) == classes.end()) other_ = c;
    result_.channel_count = whole.channel_count;
    result_.class_count = whole.class_count;
    result_.sub_forest_ends = whole.sub_forest_ends;
  }

  Forest run() {
    choose();
    number_nodes();
    for (std::size_t n = 0; n < whole_.node_count(); ++n) {
      if (became_[n] < 0) continue;
      result_.channel.push_back(whole_.channel[n]);
      result_.threshold.push_back(whole_.threshold[n]);
      result_.left.push_back(placed(whole_.left[n]));
      result_.right.push_back(placed(whole_.right[n]));
    }
    for (const std::int32_t root : whole_.roots) result_.roots.push_back(placed(root));
    return std::move(result_);
  }

 private:
  /// Decides for each node whether it stays or which leaf takes its place. Children stand after their parent,
  /// so that from the last node on they are decided first.
  void choose() {
    became_.resize(whole_.node_count());
    for (std::size_t n = whole_.node_count(); n-- > 0;) {
      const std::int32_t left = resolved(whole_.left[n]), right = resolved(whole_.right[n]);
      became_[n] = left < 0 && right < 0 && agree(left, right) ? left : narrow<std::int32_t>(n);
    }
  }

  /// Nodes that stay keep their order. A node that stays has a parent that does.
  void number_nodes() {
    std::int32_t next = 0;
    for (std::int32_t& reference : became_)
      if (reference >= 0) reference = next++;
  }

  /// What a reference into the whole forest has become: a leaf of it, or a node.
  std::int32_t resolved(std::int32_t reference) const {
    return reference < 0 ? reference : became_[to_size(reference)];
  }

  double weight(std::int32_t leaf) const {
    const std::int32_t index = ~leaf;
    return whole_.leaf_weights.empty() ? 1.0 : whole_.leaf_weights[to_size(index)];
  }

  bool agree(std::int32_t a, std::int32_t b) const {
    const float *of_a = whole_.fractions(a), *of_b = whole_.fractions(b);
    return weight(a) == weight(b) &&
           std::all_of(classes_.begin(), classes_.end(), [&](std::size_t c) { return of_a[c] == of_b[c]; });
  }

  /// A reference into the result. Called once for each leaf, which it adds.
  std::int32_t placed(std::int32_t reference) {
    const std::int32_t to = resolved(reference);
    return to < 0 ? added_leaf(to) : to;
  }

  std::int32_t added_leaf(std::int32_t leaf) {
    const auto number = narrow<std::int32_t>(result_.leaf_count());
    const std::size_t first = result_.leaf_fractions.size();
    result_.leaf_fractions.resize(first + to_size(whole_.class_count), 0.0F);
    float* fractions = result_.leaf_fractions.data() + first;
    double rest = weight(leaf);
    for (const std::size_t c : classes_) {
      fractions[c] = whole_.fractions(leaf)[c];
      rest -= static_cast<double>(fractions[c]);
    }
    if (other_) fractions[*other_] = static_cast<float>(std::max(rest, 0.0));
    if (!whole_.leaf_weights.empty()) result_.leaf_weights.push_back(weight(leaf));
    return ~number;
  }

  const Forest& whole_;
  std::span<const std::size_t> classes_;
  std::optional<std::size_t> other_;  // that gets what `classes_` leave
  std::vector<std::int32_t> became_;  // [node of the whole] reference: to a leaf of the whole; or to itself,
                                      // in number_nodes to its place in the result
  Forest result_;
};

}  // namespace

Forest narrowed_to(const Forest& forest, std::span<const std::size_t> classes) {
  return Narrowing(forest, classes).run();
}

}  // namespace cleft
