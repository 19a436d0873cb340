#include "components/label_owners.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

using Counts = std::vector<std::uint64_t>;

TEST(LabelOwnersTest, RangesFollowOneAnother) {
  const LabelOwners owners(Counts{3, 0, 5, 2});
  EXPECT_EQ(owners.ranks(), 4);
  EXPECT_EQ(owners.count(), 10U);
  EXPECT_EQ(owners.begin(0), 0U);
  EXPECT_EQ(owners.end(0), 3U);
  EXPECT_EQ(owners.begin(1), owners.end(1));
  EXPECT_EQ(owners.begin(3), 8U);
}

TEST(LabelOwnersTest, EachLabelHasTheOwnerWhoseRangeItIsIn) {
  for (const auto& counts :
       {Counts{3, 0, 5, 2}, Counts{0, 0, 4}, Counts{4, 0, 0}, Counts{7}, Counts{0, 1, 0, 1, 0}}) {
    const LabelOwners owners(counts);
    Label label = 0;
    for (int rank = 0; rank < owners.ranks(); ++rank)
      for (; label < owners.end(rank); ++label) EXPECT_EQ(owners.owner_of(label), rank);
    EXPECT_EQ(label, owners.count());
  }
}

TEST(LabelOwnersTest, NoLabelsAtAll) {
  EXPECT_EQ(LabelOwners(Counts{0, 0}).count(), 0U);
}

TEST(LabelOwnersTest, LabelsBeyond32Bits) {
  const std::uint64_t many = std::uint64_t{1} << 40;
  const LabelOwners owners(Counts{many, many});
  EXPECT_EQ(owners.owner_of(many - 1), 0);
  EXPECT_EQ(owners.owner_of(many), 1);
}

}  // namespace
}  // namespace cleft
