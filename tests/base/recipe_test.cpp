#include "base/recipe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(DifferingParts, AreNamedWhicheverSideHasThem) {
  const json a{{"model", "1"}, {"sigma", {1, 2}}, {"only_a", 0}, {"same", {{"x", 1}}}};
  const json b{{"model", "2"}, {"sigma", {1, 3}}, {"only_b", nullptr}, {"same", {{"x", 1}}}};
  EXPECT_THAT(differing_parts(a, b), ElementsAre("model", "only_a", "only_b", "sigma"));
  EXPECT_THAT(differing_parts(b, a), ElementsAre("model", "only_a", "only_b", "sigma"));
  EXPECT_THAT(differing_parts(a, a), IsEmpty());
}

}  // namespace
}  // namespace cleft
