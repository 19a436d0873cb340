#include "ilastik/vigra_forest.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr std::int32_t threshold_node = 0, hyperplane_node = 1, hypersphere_node = 2;
constexpr std::int32_t leaf_node = 0x40000000;
constexpr std::int32_t root_address = 2;

// A record is its kind and its parameters' address; a threshold's goes on with two children and a feature.
constexpr std::int32_t leaf_length = 2, threshold_length = 5;

// Far more than any forest has; keeps a small hostile file from claiming all memory.
constexpr std::size_t max_forest_bytes = std::size_t{1} << 30;

[[noreturn]] void refuse(const std::string& subject, const std::string& found, const std::string& expected) {
  throw InputError({subject, found, expected});
}

/// The arrays of one tree, read with every address checked.
class CheckedTree {
 public:
  CheckedTree(const VigraTree& tree, const VigraForestFacts& facts, const std::string& subject)
      : tree_(tree), facts_(facts), subject_(subject), visited_(tree.topology.size(), false) {
    if (tree.topology.size() < 3 || tree.topology[0] != facts.feature_count ||
        tree.topology[1] != facts.class_count)
      refuse(subject, "its topology does not begin with the forest's features and classes",
             fmt::format("{} features and {} classes, then nodes", facts.feature_count, facts.class_count));
  }

  /// The kind of the node at `address`, which is visited for the first time.
  std::int32_t visit(std::int32_t address) {
    check_range(address, leaf_length, tree_.topology.size(), "node");
    const auto at = to_size(address);
    if (visited_[at])
      refuse(subject_, fmt::format("two ways lead to node {}", address), "one parent for each node");
    visited_[at] = true;
    const std::int32_t kind = tree_.topology[at];
    if (kind == leaf_node) return kind;
    if (kind == hyperplane_node || kind == hypersphere_node)
      refuse(subject_,
             fmt::format("node {} is a {}", address,
                         kind == hyperplane_node ? "hyperplane node" : "hypersphere node"),
             "nodes that compare one feature with a threshold");
    if (kind != threshold_node)
      refuse(subject_, fmt::format("node {} is of kind {}", address, kind), "a threshold or a leaf");
    check_range(address, threshold_length, tree_.topology.size(), "node");
    return kind;
  }

  std::int32_t child(std::int32_t address, int side) const { return word(address + 2 + side); }

  std::int32_t feature(std::int32_t address) const {
    const std::int32_t feature = word(address + 4);
    if (feature < 0 || feature >= facts_.feature_count)
      refuse(subject_, fmt::format("node {} tests feature {}", address, feature),
             fmt::format("a feature below {}", facts_.feature_count));
    return feature;
  }

  double threshold(std::int32_t address) const {
    const std::int32_t first = word(address + 1);
    check_range(first, 2, tree_.parameters.size(), "parameter");
    const double threshold = tree_.parameters[to_size(first) + 1];
    if (std::isnan(threshold))
      refuse(subject_, fmt::format("the threshold of node {} is not a number", address), "a number");
    return threshold;
  }

  /// Weight, then a probability for each class.
  const double* leaf(std::int32_t address) const {
    const std::int32_t first = word(address + 1);
    check_range(first, facts_.class_count + 1, tree_.parameters.size(), "parameter");
    const double* values = tree_.parameters.data() + first;
    for (std::int32_t c = 0; c <= facts_.class_count; ++c)
      if (!(values[c] >= 0 && std::isfinite(values[c])))
        refuse(subject_, fmt::format("leaf {} holds {}", address, values[c]), "finite numbers from 0");
    for (std::int32_t c = 1; c <= facts_.class_count; ++c)
      if (values[c] > 1)
        refuse(subject_, fmt::format("leaf {} holds the probability {}", address, values[c]), "at most 1");
    return values;
  }

 private:
  std::int32_t word(std::int32_t address) const { return tree_.topology[to_size(address)]; }

  /// [first, first + count) must lie in an array of `size`.
  void check_range(std::int32_t first, std::int32_t count, std::size_t size, const char* what) const {
    if (first < 0 || to_size(first) + to_size(count) > size)
      refuse(subject_, fmt::format("refers to {} {}", what, first),
             fmt::format("a {} that ends within the {} stored", what, size));
  }

  const VigraTree& tree_;
  const VigraForestFacts& facts_;
  const std::string& subject_;
  std::vector<bool> visited_;
};

/// The sum of a leaf's votes. VIGRA divides by the sum over all trees in single precision; leaves sum to a
/// whole number but for the last bits of a double, which that rounding takes away: so the whole number is
/// meant.
double leaf_weight(double sum) {
  const double whole = std::round(sum);
  return std::abs(sum - whole) < 1e-9 * std::max(1.0, whole) ? whole : sum;
}

/// Trees may be links to one another and leaves may share their numbers, so the file's size says little.
void check_room_for_leaf(const Forest& forest, const std::string& subject) {
  const auto classes = to_size(forest.class_count);
  // With each leaf but the last of a tree comes a node: channel, threshold, two children.
  const std::size_t leaf_bytes =
      classes * sizeof(float) + sizeof(double) + 3 * sizeof(std::int32_t) + sizeof(double);
  const std::size_t most = max_forest_bytes / leaf_bytes;
  if (forest.leaf_count() >= most)
    refuse(subject, fmt::format("the forests have more than {} leaves", most),
           fmt::format("forests that fit into {} MiB", max_forest_bytes >> 20));
}

/// \returns The reference of the new leaf.
std::int32_t append_leaf(Forest& forest, const double* values, bool weighted,
                         const std::vector<std::int32_t>& class_of) {
  const auto classes = to_size(forest.class_count);
  const auto leaf = narrow<std::int32_t>(forest.leaf_count());
  const std::size_t first = forest.leaf_fractions.size();
  forest.leaf_fractions.resize(first + classes, 0.0F);
  double sum = 0;
  for (std::size_t c = 0; c < class_of.size(); ++c) {
    const double vote = values[1 + c] * (weighted ? values[0] : 1.0);
    forest.leaf_fractions[first + to_size(class_of[c])] = static_cast<float>(vote);
    sum += vote;
  }
  forest.leaf_weights.push_back(leaf_weight(sum));
  return ~leaf;
}

std::int32_t append_node(Forest& forest, std::int32_t channel, double threshold) {
  const auto node = narrow<std::int32_t>(forest.node_count());
  forest.channel.push_back(channel);
  forest.threshold.push_back(threshold);
  forest.left.push_back(0);
  forest.right.push_back(0);
  return node;
}

double option(const h5::Group& group, const std::string& path) {
  const auto values = group.dataset(path).read<double>();
  if (values.size() != 1)
    refuse(group.name() + "/" + path, fmt::format("holds {} values", values.size()), "one");
  return values[0];
}

std::int32_t whole_option(const h5::Group& group, const std::string& path) {
  const double value = option(group, path);
  constexpr double most = 1 << 24;
  if (!(value >= 1 && value <= most && value == std::floor(value)))
    refuse(group.name() + "/" + path, fmt::format("is {}", value), "a whole number from 1");
  return static_cast<std::int32_t>(value);
}

std::vector<std::string> members_beginning(const h5::Group& group, const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& name : group.members())
    if (name.starts_with(prefix)) names.push_back(name);
  return names;
}

VigraForestFacts read_facts(const h5::Group& forest) {
  VigraForestFacts facts;
  facts.feature_count = whole_option(forest, "_ext_param/column_count_");
  facts.class_count = whole_option(forest, "_ext_param/class_count_");
  facts.weighted =
      forest.exists("_options/predict_weighted_") && option(forest, "_options/predict_weighted_") > 0;
  return facts;
}

/// Which label each class of the forests stands for, from 0.
std::vector<std::int32_t> read_known_labels(const h5::Group& classifier, std::int32_t class_count,
                                            std::int32_t label_count) {
  std::vector<std::int32_t> class_of;
  if (classifier.exists("known_labels")) {
    const auto labels = classifier.dataset("known_labels").read<std::int64_t>();
    for (const std::int64_t label : labels) {
      if (label < 1 || label > label_count)
        refuse(classifier.name() + "/known_labels", fmt::format("names label {}", label),
               fmt::format("labels from 1 to {}", label_count));
      class_of.push_back(narrow<std::int32_t>(label - 1));
    }
  } else {
    for (std::int32_t c = 0; c < std::min(class_count, label_count); ++c) class_of.push_back(c);
  }
  const std::set<std::int32_t> distinct(class_of.begin(), class_of.end());
  if (narrow<std::int32_t>(class_of.size()) != class_count || distinct.size() != class_of.size())
    refuse(classifier.name(), fmt::format("trained {} distinct labels", distinct.size()),
           fmt::format("{}, one for each class of its forests", class_count));
  return class_of;
}

void append_forest(Forest& forest, const h5::Group& stored, const VigraForestFacts& facts,
                   const std::vector<std::int32_t>& class_of) {
  const auto trees = members_beginning(stored, "Tree_");
  const auto expected = whole_option(stored, "_options/tree_count_");
  if (narrow<std::int32_t>(trees.size()) != expected)
    refuse(stored.name(), fmt::format("holds {} trees", trees.size()),
           fmt::format("{}, as it says", expected));
  for (const std::string& name : trees) {
    const h5::Group tree = stored.group(name);
    append_vigra_tree(
        forest, {tree.dataset("topology").read<std::int32_t>(), tree.dataset("parameters").read<double>()},
        facts, class_of, tree.name());
  }
  forest.forest_ends.push_back(forest.tree_count());
}

/// Numbers that VIGRA's loader wants to find; those that only training reads are VIGRA's defaults.
void write_number(h5::Group& group, const std::string& name, double value) {
  group.write(name, std::vector<double>{value});
}

void write_options(h5::Group group, int tree_count) {
  write_number(group, "min_split_node_size_", 1);
  write_number(group, "mtry_", 0);
  write_number(group, "mtry_func_", 0);
  write_number(group, "mtry_switch_", 6);
  write_number(group, "predict_weighted_", 0);
  write_number(group, "prepare_online_learning_", 0);
  write_number(group, "sample_with_replacement_", 1);
  write_number(group, "stratification_method_", 3);
  write_number(group, "training_set_calc_switch_", 1);
  write_number(group, "training_set_func_", 0);
  write_number(group, "training_set_proportion_", 1);
  write_number(group, "training_set_size_", 0);
  write_number(group, "tree_count_", tree_count);
}

void write_facts(h5::Group group, const Forest& forest, std::int64_t sample_count) {
  const auto classes = to_size(forest.class_count);
  std::vector<std::uint32_t> labels;
  for (std::size_t c = 0; c < classes; ++c) labels.push_back(narrow<std::uint32_t>(c + 1));
  write_number(group, "actual_msample_", narrow<double>(sample_count));
  write_number(group, "actual_mtry_", std::ceil(std::sqrt(forest.channel_count)));
  write_number(group, "class_count_", forest.class_count);
  group.write("class_weights_", std::vector<double>(classes, 1.0));
  write_number(group, "column_count_", forest.channel_count);
  write_number(group, "is_weighted_", 0);
  group.write("labels", labels);
  write_number(group, "precision_", 0);
  write_number(group, "problem_type_", 1);  // classification
  write_number(group, "response_size_", 1);
  write_number(group, "row_count_", narrow<double>(sample_count));
  write_number(group, "used_", 1);
}

}  // namespace

void append_vigra_tree(Forest& forest, const VigraTree& tree, const VigraForestFacts& facts,
                       const std::vector<std::int32_t>& class_of, const std::string& subject) {
  CheckedTree checked(tree, facts, subject);
  // Nodes are appended in the order in which they are taken from here: parents before their children.
  struct Pending {
    std::int32_t address, parent;
    int side;
  };
  std::vector<Pending> pending{{root_address, -1, 0}};
  while (!pending.empty()) {
    const auto [address, parent, side] = pending.back();
    pending.pop_back();
    const bool is_leaf = checked.visit(address) == leaf_node;
    if (is_leaf) check_room_for_leaf(forest, subject);
    const std::int32_t reference =
        is_leaf ? append_leaf(forest, checked.leaf(address), facts.weighted, class_of)
                : append_node(forest, checked.feature(address), checked.threshold(address));
    if (parent < 0)
      forest.roots.push_back(reference);
    else
      (side == 0 ? forest.left : forest.right)[to_size(parent)] = reference;
    if (is_leaf) continue;
    pending.push_back({checked.child(address, 1), reference, 1});
    pending.push_back({checked.child(address, 0), reference, 0});
  }
}

VigraTree to_vigra_tree(const Forest& forest, int tree) {
  VigraTree result;
  result.topology = {forest.channel_count, forest.class_count};
  struct Pending {
    std::int32_t reference;
    std::size_t link;  // where its parent keeps its address; 0: it is the root
  };
  std::vector<Pending> pending{{forest.roots[to_size(tree)], 0}};
  while (!pending.empty()) {
    const auto [reference, link] = pending.back();
    pending.pop_back();
    const auto address = narrow<std::int32_t>(result.topology.size());
    const auto parameters = narrow<std::int32_t>(result.parameters.size());
    if (link != 0) result.topology[link] = address;
    result.parameters.push_back(1);  // a leaf's weight; a threshold has none
    if (reference < 0) {
      result.topology.insert(result.topology.end(), {leaf_node, parameters});
      const float* fractions = forest.fractions(reference);
      result.parameters.insert(result.parameters.end(), fractions, fractions + forest.class_count);
    } else {
      const auto n = to_size(reference);
      result.topology.insert(result.topology.end(), {threshold_node, parameters, 0, 0, forest.channel[n]});
      result.parameters.push_back(forest.threshold[n]);
      const auto links = to_size(address) + 2;
      pending.push_back({forest.right[n], links + 1});
      pending.push_back({forest.left[n], links});
    }
  }
  return result;
}

Forest read_vigra_forests(const h5::Group& classifier, std::int32_t label_count) {
  const auto names = members_beginning(classifier, "Forest");
  if (names.empty()) refuse(classifier.name(), "holds no forest", "at least one, ForestNNNN");
  Forest forest;
  std::optional<VigraForestFacts> first;
  std::vector<std::int32_t> class_of;
  for (const std::string& name : names) {
    const h5::Group stored = classifier.group(name);
    const VigraForestFacts facts = read_facts(stored);
    if (!first) {
      first = facts;
      class_of = read_known_labels(classifier, facts.class_count, label_count);
      forest.channel_count = facts.feature_count;
      forest.class_count = label_count;
    }
    if (facts.feature_count != first->feature_count || facts.class_count != first->class_count)
      refuse(stored.name(),
             fmt::format("has {} features and {} classes", facts.feature_count, facts.class_count),
             fmt::format("{} and {}, as {}", first->feature_count, first->class_count, names.front()));
    append_forest(forest, stored, facts, class_of);
  }
  if (std::all_of(forest.leaf_weights.begin(), forest.leaf_weights.end(), [](double w) { return w == 1; }))
    forest.leaf_weights.clear();
  validate(forest, classifier.name());
  return forest;
}

void write_vigra_forest(h5::Group group, const Forest& forest, std::int64_t sample_count) {
  write_options(group.create_group("_options"), forest.tree_count());
  write_facts(group.create_group("_ext_param"), forest, sample_count);
  const auto digits = std::to_string(forest.tree_count() - 1).size();
  for (int t = 0; t < forest.tree_count(); ++t) {
    const VigraTree tree = to_vigra_tree(forest, t);
    h5::Group stored = group.create_group(fmt::format("Tree_{:0{}}", t, digits));
    stored.write("topology", tree.topology);
    stored.write("parameters", tree.parameters);
  }
}

}  // namespace cleft
