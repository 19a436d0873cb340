#include "forest/forest.hpp"

#include <functional>
#include <limits>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

/// Two trees over two channels and two classes: node 0 with leaf 0 and node 1 (leaves 1, 2); and a lone
/// leaf 3.
Forest small_forest() {
  Forest f;
  f.channel_count = 2;
  f.class_count = 2;
  f.roots = {0, ~3};
  f.channel = {0, 1};
  f.threshold = {0.5, -2};
  f.left = {~0, ~1};
  f.right = {1, ~2};
  f.leaf_fractions = {1, 0, 0.25F, 0.75F, 0, 1, 0.5F, 0.5F};
  return f;
}

TEST(Forest, CountsItsParts) {
  const Forest f = small_forest();
  EXPECT_EQ(f.tree_count(), 2);
  EXPECT_EQ(f.node_count(), 2U);
  EXPECT_EQ(f.leaf_count(), 4U);
  EXPECT_EQ(f.fractions(~1)[1], 0.75F);
}

TEST(Forest, AppendMovesReferencesBehindTheTreesThatWereThere) {
  Forest f = small_forest();
  append(f, small_forest());
  validate(f, "forest");
  EXPECT_THAT(f.roots, testing::ElementsAre(0, ~3, 2, ~7));
  EXPECT_THAT(f.left, testing::ElementsAre(~0, ~1, ~4, ~5));
  EXPECT_THAT(f.right, testing::ElementsAre(1, ~2, 3, ~6));
  EXPECT_THAT(f.channel, testing::ElementsAre(0, 1, 0, 1));
}

struct Damage {
  const char* name;
  std::function<void(Forest&)> apply;
  const char* message;
};

void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.name;
}

class HostileForest : public testing::TestWithParam<Damage> {};

TEST_P(HostileForest, IsRefusedByNameAndReason) {
  Forest f = small_forest();
  ASSERT_NO_THROW(validate(f, "my.h5"));
  GetParam().apply(f);
  try {
    validate(f, "my.h5");
    ADD_FAILURE() << "was accepted";
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), testing::StartsWith("my.h5: "));
    EXPECT_THAT(e.what(), testing::HasSubstr(GetParam().message));
  }
}

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

INSTANTIATE_TEST_SUITE_P(
    Each, HostileForest,
    testing::Values(
        Damage{"no_classes", [](Forest& f) { f.class_count = 0; }, "0 classes"},
        Damage{"negative_classes", [](Forest& f) { f.class_count = -5; }, "-5 classes"},
        Damage{"no_channels", [](Forest& f) { f.channel_count = 0; }, "0 channels"},
        Damage{"no_trees", [](Forest& f) { f.roots.clear(); }, "without trees"},
        Damage{"short_thresholds", [](Forest& f) { f.threshold.pop_back(); }, "1 thresholds"},
        Damage{"short_children", [](Forest& f) { f.left.pop_back(); }, "1 left"},
        Damage{"ragged_leaves", [](Forest& f) { f.leaf_fractions.pop_back(); }, "7 leaf fractions"},
        Damage{"channel_too_high", [](Forest& f) { f.channel[1] = 2; }, "node 1 tests channel 2"},
        Damage{"channel_negative", [](Forest& f) { f.channel[0] = -1; }, "node 0 tests channel -1"},
        Damage{"threshold_nan", [](Forest& f) { f.threshold[1] = nan; }, "threshold of node 1"},
        Damage{"fraction_nan", [](Forest& f) { f.leaf_fractions[2] = nan; }, "leaf 1 holds the fraction nan"},
        Damage{"fraction_negative", [](Forest& f) { f.leaf_fractions[7] = -0.5F; }, "leaf 3 holds"},
        Damage{"fraction_above_one", [](Forest& f) { f.leaf_fractions[0] = 1.5F; }, "leaf 0 holds"},
        Damage{"root_outside", [](Forest& f) { f.roots[0] = 9; }, "tree 0 leads to node 9"},
        Damage{"child_outside", [](Forest& f) { f.right[1] = 2; }, "node 1 leads to node 2"},
        Damage{"leaf_outside", [](Forest& f) { f.left[0] = ~4; }, "node 0 leads to leaf 4"},
        Damage{"leaf_far_outside", [](Forest& f) { f.left[0] = std::numeric_limits<std::int32_t>::min(); },
               "leads to leaf 2147483647"},
        Damage{"cycle_to_itself", [](Forest& f) { f.right[1] = 1; }, "node 1 leads back to node 1"},
        Damage{"cycle_to_parent", [](Forest& f) { f.left[1] = 0; }, "node 1 leads back to node 0"},
        Damage{"two_parents", [](Forest& f) { f.left[0] = 1; }, "which has another parent"},
        Damage{"shared_leaf", [](Forest& f) { f.left[1] = ~0; }, "leaf 0, which has another parent"},
        Damage{"shared_root", [](Forest& f) { f.roots[1] = 0; }, "node 0, which has another parent"},
        Damage{"orphan_leaf", [](Forest& f) { f.roots.pop_back(); }, "nothing leads to leaf 3"}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace cleft
