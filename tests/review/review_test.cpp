#include "review/review.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "review/review_test.hpp"

namespace cleft {
namespace {

using test::review_of;
using test::table_of;
using testing::ElementsAre;
using testing::Optional;
using enum Verdict;

const VoxelSize voxels_of_10_nm{10, 10, 10};

MergedReview merged(const std::vector<Review>& reviews, const std::vector<Synapse>& table = table_of(4),
                    const std::optional<VoxelSize>& size = voxels_of_10_nm) {
  return merge_reviews(reviews, table, size);
}

TEST(MergeReviews, of_one_person_is_what_that_person_said) {
  const auto all =
      merged({review_of("a", ChooseBy::all, {1, 2, 3, 4}, {{1, accept}, {3, unsure}}, {{1, 2, 3}})});
  EXPECT_EQ(all.of(1), accept);
  EXPECT_EQ(all.of(2), std::nullopt);
  EXPECT_EQ(all.of(3), unsure);
  EXPECT_TRUE(all.conflicts.empty());
  EXPECT_THAT(all.missed, ElementsAre(GlobalVoxel{1, 2, 3}));
}

TEST(MergeReviews, what_two_people_say_differently_is_unsure_and_named) {
  const auto all = merged({review_of("a", ChooseBy::largest, {1}, {{1, accept}, {2, reject}, {4, accept}}),
                           review_of("b", ChooseBy::largest, {1}, {{1, reject}, {2, reject}, {3, accept}}),
                           review_of("c", ChooseBy::largest, {1}, {{1, accept}, {4, unsure}})});
  EXPECT_EQ(all.of(1), unsure) << "two against one is no agreement";
  EXPECT_EQ(all.of(2), reject);
  EXPECT_EQ(all.of(3), accept);
  EXPECT_EQ(all.of(4), unsure);
  ASSERT_EQ(all.conflicts.size(), 2U);
  EXPECT_EQ(all.conflicts[0].id, 1U);
  EXPECT_EQ(all.conflicts[0].said, "accept in a, reject in b, accept in c");
  EXPECT_EQ(all.conflicts[1].id, 4U);
}

TEST(MergeReviews, marks_of_two_people_near_each_other_are_one) {
  const auto all = merged({review_of("a", ChooseBy::largest, {}, {}, {{50, 0, 0}, {50, 0, 1}, {50, 0, 1}}),
                           review_of("b", ChooseBy::largest, {}, {}, {{58, 0, 0}, {50, 0, 10}, {49, 8, 0}})});
  // 8 voxels of 10 nm are 80 nm; 9 are more; 1 along z and 8 along y are 80.6 nm.
  EXPECT_THAT(all.missed, ElementsAre(GlobalVoxel{49, 8, 0}, GlobalVoxel{50, 0, 0}, GlobalVoxel{50, 0, 1},
                                      GlobalVoxel{50, 0, 10}));
  EXPECT_EQ(all.missed_by_several, 1);
}

TEST(MergeReviews, marks_without_a_voxel_size_are_one_at_the_same_voxel_only) {
  const auto all = merged({review_of("a", ChooseBy::largest, {}, {}, {{5, 0, 0}}),
                           review_of("b", ChooseBy::largest, {}, {}, {{5, 0, 1}, {5, 0, 0}})},
                          table_of(4), std::nullopt);
  EXPECT_THAT(all.missed, ElementsAre(GlobalVoxel{5, 0, 0}, GlobalVoxel{5, 0, 1}));
}

TEST(MergeReviews, a_sample_is_all_or_random_and_of_synapses) {
  const auto table = table_of(4, 2);
  EXPECT_THAT(merged({review_of("a", ChooseBy::sample, {2, 3}, {})}, table).sample,
              Optional(ElementsAre(2, 3)));
  EXPECT_THAT(merged({review_of("a", ChooseBy::all, {1, 2, 3, 4, 5, 6}, {})}, table).sample,
              Optional(ElementsAre(1, 2, 3, 4)));
  EXPECT_THAT(merged({review_of("a", ChooseBy::largest, {1, 2, 3, 4, 5}, {})}, table).sample,
              Optional(ElementsAre(1, 2, 3, 4)))
      << "the largest were all of them";
  const auto largest = merged({review_of("a", ChooseBy::largest, {1, 2, 3}, {})}, table);
  EXPECT_FALSE(largest.sample);
  EXPECT_EQ(largest.why_no_sample, "the 3 objects with pictures were the largest");
}

TEST(MergeReviews, samples_of_several_people_are_one_and_what_is_none_adds_nothing) {
  const auto all =
      merged({review_of("a", ChooseBy::largest, {1, 2}, {}), review_of("b", ChooseBy::sample, {3}, {}),
              review_of("c", ChooseBy::sample, {2, 3}, {})},
             table_of(9));
  EXPECT_THAT(all.sample, Optional(ElementsAre(2, 3)));
  EXPECT_TRUE(all.why_no_sample.empty());
}

}  // namespace
}  // namespace cleft
