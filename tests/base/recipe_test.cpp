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

TEST(Recipe, of_paths_that_are_no_text_is_json_and_known_again) {
  const nlohmann::json recipe{{"volume", "/s\xe4ge/raw.h5"}};
  const auto stored = nlohmann::json::parse(recipe_text(recipe));
  EXPECT_TRUE(differing_parts(stored, recipe).empty());
  EXPECT_EQ(differing_parts(stored, {{"volume", "/other/raw.h5"}}).size(), 1U);
}

}  // namespace
}  // namespace cleft
