#include "review/marks_in_objects.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "review/review_test.hpp"

namespace cleft {
namespace {

using test::review_of;
using test::table_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using enum Verdict;

/// Objects 1 to 4 are synapses, 5 to 8 candidates.
MergedReview taken(std::map<std::uint64_t, Verdict> verdicts, const std::vector<std::uint64_t>& object_at) {
  std::vector<GlobalVoxel> marks;
  for (std::size_t i = 0; i < object_at.size(); ++i) marks.push_back({static_cast<std::int64_t>(i), 0, 0});
  const std::vector<Review> reviews{review_of("a", ChooseBy::largest, {}, std::move(verdicts), marks)};
  MergedReview review = merge_reviews(reviews, table_of(4, 4), std::nullopt);
  take_marks_in_objects(review, object_at, table_of(4, 4));
  return review;
}

TEST(MarksInObjects, leave_what_lies_in_none) {
  const auto review = taken({{1, accept}}, {0, 0});
  EXPECT_EQ(review.missed.size(), 2U);
  EXPECT_THAT(review.marks_in_objects, IsEmpty());
}

TEST(MarksInObjects, of_synapses_are_not_missed_and_decide_nothing) {
  const auto review = taken({{1, accept}, {2, unsure}}, {1, 0, 2, 3});
  EXPECT_THAT(review.missed, ElementsAre(GlobalVoxel{1, 0, 0}));
  ASSERT_EQ(review.marks_in_objects.size(), 3U);
  EXPECT_EQ(review.marks_in_objects[0].place, (GlobalVoxel{0, 0, 0}));
  EXPECT_EQ(review.marks_in_objects[2].id, 3U);
  EXPECT_EQ(review.marks_in_objects[2].said, "lies in synapse 3, which the run has found: it is not missed");
  EXPECT_EQ(review.of(1), accept);
  EXPECT_EQ(review.of(2), unsure);
  EXPECT_EQ(review.of(3), std::nullopt);
}

TEST(MarksInObjects, accept_the_candidates_that_they_lie_in) {
  const auto review = taken({{6, accept}}, {5, 5, 6});
  EXPECT_THAT(review.missed, IsEmpty());
  EXPECT_EQ(review.of(5), accept);
  EXPECT_EQ(review.of(6), accept);
  EXPECT_EQ(review.marks_in_objects[1].said, "lies in candidate 5, which is accepted by that");
}

TEST(MarksInObjects, against_a_verdict_make_the_object_unsure) {
  const auto review = taken({{4, reject}, {7, reject}, {8, unsure}}, {4, 7, 8, 7});
  EXPECT_THAT(review.missed, IsEmpty());
  for (const std::uint64_t id : {4U, 7U, 8U}) EXPECT_EQ(review.of(id), unsure) << id;
  EXPECT_THAT(review.marks_in_objects[0].said,
              HasSubstr("in synapse 4, whose verdict is reject: that counts as unsure"));
  EXPECT_EQ(review.marks_in_objects[3].said, review.marks_in_objects[1].said) << "as before any mark";
}

}  // namespace
}  // namespace cleft
