#include "pipeline/evaluate/result_recipe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;

class ResultRecipeTest : public testing::Test {
 protected:
  std::optional<ResultRecipe> of(const json& probability) const {
    h5::write_file(dir / "s.h5", [&](h5::File& file) { write_recipe(file, {{"probability", probability}}); });
    return read_result_recipe(dir / "s.h5");
  }
  test::TempDirectory dir;
};

TEST_F(ResultRecipeTest, TellsTheBoxAndTheMask) {
  const auto plain = of({{"volume", "v"}});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->begin, GlobalVoxel{});
  EXPECT_FALSE(plain->mask);
  const json fingerprint{{"bytes", 7}, {"content", "c0"}};
  const auto full =
      of({{"box", "z 6:38, y 20:100, x 17:111"}, {"mask", {fingerprint, "/m", "zyx", {1, -2, 3}}}});
  ASSERT_TRUE(full && full->mask);
  EXPECT_EQ(full->begin, (GlobalVoxel{6, 20, 17}));
  EXPECT_EQ(full->mask->as_stored[0], fingerprint);
  EXPECT_EQ(full->mask->dataset, "/m");
  EXPECT_EQ(full->mask->axes, "zyx");
  EXPECT_EQ(full->mask->begin, (GlobalVoxel{1, -2, 3}));
  const auto without_axes = of({{"mask", {fingerprint, "/m", {1, 2, 3}}}});
  EXPECT_EQ(without_axes->mask->axes, "");
  EXPECT_EQ(without_axes->mask->begin, (GlobalVoxel{1, 2, 3}));
  EXPECT_EQ(of({{"mask", {fingerprint, "/m"}}})->mask->begin, GlobalVoxel{});
}

TEST_F(ResultRecipeTest, SomebodyElsesFileHasNone) {
  h5::write_file(dir / "s.h5", [](h5::File& file) { file.write("labels", std::vector<int>(4), {1, 2, 2}); });
  EXPECT_FALSE(read_result_recipe(dir / "s.h5"));
  EXPECT_FALSE(read_result_recipe(dir / "nothing.h5"));
  EXPECT_FALSE(of("text"));
}

TEST_F(ResultRecipeTest, WhatMakesNoSenseIsRefused) {
  for (const json& odd :
       {json{{"box", 3}}, json{{"box", "z 6:38, y 20:100"}}, json{{"box", "z a:b, y 0:1, x 0:1"}},
        json{{"mask", "m"}}, json{{"mask", {1}}}, json{{"mask", {1, "/m", {1, 2}}}}})
    EXPECT_THROW(of(odd), InputError) << odd;
}

}  // namespace
}  // namespace cleft
