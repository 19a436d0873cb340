#include "ilastik/vigra_forest.hpp"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "forest/predict/forest_voter.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::add_stump;
using testing::HasSubstr;

constexpr VigraForestFacts two_by_two{.feature_count = 2, .class_count = 2, .weighted = false};

/// Feature 1 below 0.5: leaf (0.75, 0.25), else feature 0 below -1: leaf (0, 1), else leaf (0.5, 0.5).
VigraTree sample_tree() {
  return {{2, 2, 0, 0, 7, 9, 1, 0x40000000, 2, 0, 5, 14, 16, 0, 0x40000000, 7, 0x40000000, 10},
          {1, 0.5, 3, 0.75, 0.25, 1, -1, 1, 0, 1, 1, 0.5, 0.5}};
}

Forest forest_of(const VigraTree& tree, const VigraForestFacts& facts = two_by_two) {
  Forest forest;
  forest.channel_count = facts.feature_count;
  forest.class_count = facts.class_count;
  append_vigra_tree(forest, tree, facts, {0, 1}, "tree");
  return forest;
}

std::vector<float> predict_one(const Forest& forest, float a, float b) {
  std::vector<float> result(static_cast<std::size_t>(forest.class_count));
  const std::array<const float*, 2> channels{&a, &b};
  std::vector<float*> out;
  for (float& p : result) out.push_back(&p);
  vote_reference(forest, channels, 1, out);
  return result;
}

TEST(VigraTree, IsWalkedAsItsArraysSay) {
  const Forest forest = forest_of(sample_tree());
  validate(forest, "forest");
  EXPECT_EQ(predict_one(forest, 0, 0.25F), (std::vector<float>{0.75F, 0.25F}));
  EXPECT_EQ(predict_one(forest, -2, 0.5F), (std::vector<float>{0, 1}));
  EXPECT_EQ(predict_one(forest, -1, 0.5F), (std::vector<float>{0.5F, 0.5F}));
}

TEST(VigraTree, CountsALeafAsOftenAsItHasSamplesWhereVotesAreWeighted) {
  VigraForestFacts facts = two_by_two;
  facts.weighted = true;
  Forest forest = forest_of(sample_tree(), facts);
  append_vigra_tree(forest, sample_tree(), facts, {1, 0}, "tree");  // the same with its classes exchanged
  EXPECT_EQ(forest.leaf_weights, (std::vector<double>{3, 1, 1, 3, 1, 1}));
  EXPECT_EQ(predict_one(forest, 0, 0), (std::vector<float>{0.5F, 0.5F}));
}

TEST(VigraTree, GivesLabelsThatWereNeverTrainedProbabilityZero) {
  Forest forest;
  forest.channel_count = 2;
  forest.class_count = 4;
  append_vigra_tree(forest, sample_tree(), two_by_two, {3, 1}, "tree");
  EXPECT_EQ(predict_one(forest, 0, 0), (std::vector<float>{0, 0.25F, 0, 0.75F}));
}

struct Broken {
  const char* what;
  void (*damage)(VigraTree&);
  const char* message;
};

class BrokenVigraTree : public testing::TestWithParam<Broken> {};

TEST_P(BrokenVigraTree, IsRefused) {
  VigraTree tree = sample_tree();
  GetParam().damage(tree);
  EXPECT_THAT([&] { forest_of(tree); }, testing::ThrowsMessage<InputError>(testing::AllOf(
                                            HasSubstr("tree: "), HasSubstr(GetParam().message))));
}

INSTANTIATE_TEST_SUITE_P(
    Hostile, BrokenVigraTree,
    testing::Values(
        Broken{"empty", [](VigraTree& damaged) { damaged.topology.clear(); }, "does not begin with"},
        Broken{"other_features", [](VigraTree& damaged) { damaged.topology[0] = 3; },
               "2 features and 2 classes"},
        Broken{"other_classes", [](VigraTree& damaged) { damaged.topology[1] = 200; },
               "2 features and 2 classes"},
        Broken{"hyperplane", [](VigraTree& damaged) { damaged.topology[2] = 1; },
               "node 2 is a hyperplane node"},
        Broken{"hypersphere", [](VigraTree& damaged) { damaged.topology[9] = 2; },
               "node 9 is a hypersphere node"},
        Broken{"unknown_kind", [](VigraTree& damaged) { damaged.topology[2] = 77; }, "node 2 is of kind 77"},
        Broken{"feature_beyond", [](VigraTree& damaged) { damaged.topology[6] = 2; }, "tests feature 2"},
        Broken{"feature_negative", [](VigraTree& damaged) { damaged.topology[6] = -1; }, "tests feature -1"},
        Broken{"child_beyond", [](VigraTree& damaged) { damaged.topology[5] = 18; }, "refers to node 18"},
        Broken{"child_negative", [](VigraTree& damaged) { damaged.topology[4] = -9; }, "refers to node -9"},
        Broken{"child_at_the_end", [](VigraTree& damaged) { damaged.topology[12] = 17; },
               "refers to node 17"},
        Broken{"cycle", [](VigraTree& damaged) { damaged.topology[11] = 2; }, "two ways lead to node 2"},
        Broken{"shared_leaf", [](VigraTree& damaged) { damaged.topology[11] = 7; },
               "two ways lead to node 7"},
        Broken{"parameter_beyond", [](VigraTree& damaged) { damaged.topology[3] = 12; },
               "refers to parameter 12"},
        Broken{"parameter_negative", [](VigraTree& damaged) { damaged.topology[3] = -1; },
               "refers to parameter -1"},
        Broken{"leaf_parameter_beyond", [](VigraTree& damaged) { damaged.topology[8] = 11; },
               "refers to parameter 11"},
        Broken{"largest_address",
               [](VigraTree& damaged) { damaged.topology[8] = std::numeric_limits<std::int32_t>::max(); },
               "refers to parameter 2147483647"},
        Broken{"no_number", [](VigraTree& damaged) { damaged.parameters[1] = std::nan(""); },
               "is not a number"},
        Broken{"probability_above_one", [](VigraTree& damaged) { damaged.parameters[3] = 1.5; },
               "the probability 1.5"},
        Broken{"negative_weight", [](VigraTree& damaged) { damaged.parameters[2] = -3; }, "holds -3"},
        Broken{"infinite_weight",
               [](VigraTree& damaged) { damaged.parameters[2] = std::numeric_limits<double>::infinity(); },
               "holds inf"},
        Broken{"cut_off", [](VigraTree& damaged) { damaged.topology.resize(6); }, "refers to node 2"}),
    [](const auto& tested) { return tested.param.what; });

TEST(VigraTree, ComesBackFromItsArraysAsItWas) {
  Forest forest;
  forest.channel_count = 3;
  forest.class_count = 3;
  std::mt19937 random(5);
  for (int t = 0; t < 20; ++t) test::add_random_tree(forest, random, 6);
  Forest back;
  back.channel_count = 3;
  back.class_count = 3;
  for (int t = 0; t < forest.tree_count(); ++t)
    append_vigra_tree(back, to_vigra_tree(forest, t), {3, 3, false}, {0, 1, 2}, "tree");
  validate(back, "back");
  std::uniform_real_distribution<float> grey(-2, 2);
  for (int i = 0; i < 500; ++i) {
    const std::array<float, 3> values{grey(random), grey(random), grey(random)};
    const std::array<const float*, 3> channels{&values[0], &values[1], &values[2]};
    std::array<float, 6> out{};
    const std::array<float*, 3> first{&out[0], &out[1], &out[2]}, second{&out[3], &out[4], &out[5]};
    vote_reference(forest, channels, 1, first);
    vote_reference(back, channels, 1, second);
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(out[c], out[3 + c], 1e-6);
  }
}

/// A project's classifier group, made anew for each test and damaged by it.
class VigraForests : public testing::Test {
 protected:
  void write(const std::function<void(h5::Group&)>& fill) {
    h5::write_file(path_, [&](h5::File& file) {
      h5::Group group = file.create_group("ClassifierForests");
      fill(group);
    });
  }
  Forest read(std::int32_t labels) const {
    return read_vigra_forests(h5::File::open_read(path_).group("ClassifierForests"), labels);
  }
  void expect_refused(std::int32_t labels, const std::string& message) const {
    EXPECT_THAT([&] { read(labels); }, testing::ThrowsMessage<InputError>(HasSubstr(message)));
  }

  test::TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "forests.h5";
};

TEST_F(VigraForests, OfUnequalSizeCountByTheirTrees) {
  write([](h5::Group& group) {
    add_stump(group, "Forest0000", 0.5, {1, 0}, 1);
    add_stump(group, "Forest0001", 0.5, {0.25, 0.75}, 3);
    group.write("known_labels", std::vector<std::uint32_t>{1, 2});
  });
  const Forest forest = read(2);
  EXPECT_EQ(forest.sub_forest_ends, (std::vector<std::int32_t>{1, 4}));
  EXPECT_TRUE(forest.leaf_weights.empty());
  // (1 * 1 + 3 * 0.25) / 4
  EXPECT_EQ(predict_one(forest, 0, 0), (std::vector<float>{0.4375F, 0.5625F}));
}

TEST_F(VigraForests, WithoutKnownLabelsHaveTheFirst) {
  write([](h5::Group& group) { add_stump(group, "Forest0000", 0.5, {1, 0}, 2); });
  EXPECT_EQ(read(3).class_count, 3);
}

TEST_F(VigraForests, ThatContradictThemselvesAreRefused) {
  write([](h5::Group&) {});
  expect_refused(2, "holds no forest");
  write([](h5::Group& group) {
    add_stump(group, "Forest0000", 0.5, {1, 0}, 2);
    group.write("known_labels", std::vector<std::uint32_t>{1, 4});
  });
  expect_refused(2, "names label 4; expected labels from 1 to 2");
  write([](h5::Group& group) {
    add_stump(group, "Forest0000", 0.5, {1, 0}, 2);
    group.write("known_labels", std::vector<std::uint32_t>{2, 2});
  });
  expect_refused(2, "trained 1 distinct labels; expected 2");
  write([](h5::Group& group) {
    add_stump(group, "Forest0000", 0.5, {1, 0}, 2);
    group.remove("Forest0000/_options/tree_count_");
    group.write("Forest0000/_options/tree_count_", std::vector<double>{7});
  });
  expect_refused(2, "holds 2 trees; expected 7, as it says");
  write([](h5::Group& group) {
    add_stump(group, "Forest0000", 0.5, {1, 0}, 2);
    group.remove("Forest0000/_ext_param/class_count_");
    group.write("Forest0000/_ext_param/class_count_", std::vector<double>{1e300});
  });
  expect_refused(2, "a whole number from 1");
  write([](h5::Group& group) {
    add_stump(group, "Forest0000", 0.5, {1, 0}, 2);
    add_stump(group, "Forest0001", 0.5, {1, 0, 0}, 2);
  });
  expect_refused(3, "2 and 2, as Forest0000");
}

TEST_F(VigraForests, AreReadAsTheyWereWritten) {
  Forest forest;
  forest.channel_count = 2;
  forest.class_count = 2;
  std::mt19937 random(3);
  for (int t = 0; t < 12; ++t) test::add_random_tree(forest, random, 4);
  write([&](h5::Group& group) { write_vigra_forest(group.create_group("Forest0000"), forest, 100); });
  const Forest back = read(2);
  EXPECT_EQ(back.tree_count(), 12);
  EXPECT_EQ(back.node_count(), forest.node_count());
  EXPECT_EQ(back.leaf_count(), forest.leaf_count());
}

}  // namespace
}  // namespace cleft
