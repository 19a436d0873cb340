#include "forest/forest.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {

namespace {

constexpr auto reference_limit = to_size(std::numeric_limits<std::int32_t>::max());

[[noreturn]] void refuse(const std::string& subject, const std::string& found, const std::string& expected) {
  throw InputError({subject, found, expected});
}

/// A reference moved by the nodes and leaves that now stand before it.
std::int32_t moved(std::int32_t reference, std::size_t nodes, std::size_t leaves) {
  return reference >= 0 ? reference + narrow<std::int32_t>(nodes) : reference - narrow<std::int32_t>(leaves);
}

void check_shape(const Forest& f, const std::string& subject) {
  if (f.class_count < 1) refuse(subject, fmt::format("{} classes", f.class_count), "at least 1");
  if (f.channel_count < 1) refuse(subject, fmt::format("{} channels", f.channel_count), "at least 1");
  if (f.roots.empty()) refuse(subject, "a forest without trees", "at least 1 tree");
  const std::size_t nodes = f.node_count();
  if (f.threshold.size() != nodes || f.left.size() != nodes || f.right.size() != nodes)
    refuse(subject,
           fmt::format("{} node channels, {} thresholds, {} left and {} right children", nodes,
                       f.threshold.size(), f.left.size(), f.right.size()),
           "one of each per node");
  if (f.leaf_fractions.size() % to_size(f.class_count) != 0)
    refuse(subject, fmt::format("{} leaf fractions", f.leaf_fractions.size()),
           fmt::format("a multiple of the {} classes", f.class_count));
  if (!f.leaf_weights.empty() && f.leaf_weights.size() != f.leaf_count())
    refuse(subject, fmt::format("{} leaf weights", f.leaf_weights.size()),
           fmt::format("none, or one for each of the {} leaves", f.leaf_count()));
  if (nodes > reference_limit || f.leaf_count() > reference_limit)
    refuse(subject, fmt::format("{} nodes and {} leaves", nodes, f.leaf_count()), "fewer than 2^31 of each");
}

void check_values(const Forest& f, const std::string& subject) {
  for (std::size_t n = 0; n < f.node_count(); ++n) {
    if (f.channel[n] < 0 || f.channel[n] >= f.channel_count)
      refuse(subject, fmt::format("node {} tests channel {}", n, f.channel[n]),
             fmt::format("a channel below {}", f.channel_count));
    if (std::isnan(f.threshold[n]))
      refuse(subject, fmt::format("the threshold of node {} is not a number", n), "a number");
  }
  for (std::size_t i = 0; i < f.leaf_fractions.size(); ++i) {
    const std::size_t leaf = i / to_size(f.class_count);
    // A weight is the sum of its fractions, but for what rounding them to single precision adds.
    const double most = f.leaf_weights.empty() ? 1.0 : f.leaf_weights[leaf] * (1 + 1e-6);
    if (!(f.leaf_fractions[i] >= 0 && f.leaf_fractions[i] <= most && std::isfinite(most)))
      refuse(
          subject, fmt::format("leaf {} holds the fraction {}", leaf, f.leaf_fractions[i]),
          f.leaf_weights.empty() ? "fractions from 0 to 1" : "fractions from 0 to the leaf's finite weight");
  }
}

void check_forests(const Forest& f, const std::string& subject) {
  std::int32_t begin = 0;
  for (const std::int32_t end : f.forest_ends) {
    if (end <= begin)
      refuse(subject, fmt::format("a forest from tree {} to tree {}", begin, end), "at least one tree each");
    begin = end;
  }
  if (!f.forest_ends.empty() && begin != f.tree_count())
    refuse(subject, fmt::format("forests of {} trees together", begin),
           fmt::format("all {} trees", f.tree_count()));
}

/// Counts the ways to each node and leaf; a second way to one is refused at once, a missing way at the end.
class Reached {
 public:
  Reached(const Forest& forest, const std::string& subject)
      : subject_(subject), nodes_(forest.node_count()), leaves_(forest.leaf_count()) {}

  void visit(std::int32_t reference, const std::string& from) {
    const bool leaf = reference < 0;
    auto& reached = leaf ? leaves_ : nodes_;
    const auto index = static_cast<std::size_t>(leaf ? ~reference : reference);
    const auto* kind = leaf ? "leaf" : "node";
    if (index >= reached.size())
      refuse(subject_, fmt::format("{} leads to {} {}", from, kind, index),
             fmt::format("a {} below {}", kind, reached.size()));
    if (reached[index])
      refuse(subject_, fmt::format("{} leads to {} {}, which has another parent", from, kind, index),
             "one parent each");
    reached[index] = true;
  }
  void check_all() const {
    check(nodes_, "node");
    check(leaves_, "leaf");
  }

 private:
  void check(const std::vector<bool>& reached, const char* kind) const {
    for (std::size_t i = 0; i < reached.size(); ++i)
      if (!reached[i]) refuse(subject_, fmt::format("nothing leads to {} {}", kind, i), "one parent each");
  }

  const std::string& subject_;
  std::vector<bool> nodes_, leaves_;
};

void check_references(const Forest& f, const std::string& subject) {
  Reached reached(f, subject);
  for (std::size_t t = 0; t < f.roots.size(); ++t) reached.visit(f.roots[t], fmt::format("tree {}", t));
  for (std::size_t n = 0; n < f.node_count(); ++n) {
    const auto node = narrow<std::int32_t>(n);
    for (const std::int32_t child : {f.left[n], f.right[n]}) {
      if (child >= 0 && child <= node)
        refuse(subject, fmt::format("node {} leads back to node {}", n, child),
               "children after their parent");
      reached.visit(child, fmt::format("node {}", n));
    }
  }
  reached.check_all();
}

}  // namespace

void append(Forest& forest, const Forest& more) {
  const std::size_t nodes = forest.node_count(), leaves = forest.leaf_count();
  if (nodes + more.node_count() > reference_limit || leaves + more.leaf_count() > reference_limit)
    refuse("forest", fmt::format("more than {} nodes or leaves", reference_limit),
           "fewer trees, fewer labels or a larger min_leaf");
  const auto add_references = [&](std::vector<std::int32_t>& to, const std::vector<std::int32_t>& from) {
    for (const std::int32_t reference : from) to.push_back(moved(reference, nodes, leaves));
  };
  add_references(forest.roots, more.roots);
  add_references(forest.left, more.left);
  add_references(forest.right, more.right);
  forest.channel.insert(forest.channel.end(), more.channel.begin(), more.channel.end());
  forest.threshold.insert(forest.threshold.end(), more.threshold.begin(), more.threshold.end());
  forest.leaf_fractions.insert(forest.leaf_fractions.end(), more.leaf_fractions.begin(),
                               more.leaf_fractions.end());
}

void validate(const Forest& forest, const std::string& subject) {
  check_shape(forest, subject);
  check_values(forest, subject);
  check_references(forest, subject);
  check_forests(forest, subject);
}

}  // namespace cleft
