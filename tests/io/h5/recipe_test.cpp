#include "io/h5/recipe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::ThrowsMessage;

class RecipeTest : public testing::Test {
 protected:
  test::TempDirectory dir;
  const std::filesystem::path file = dir / "a.h5";
};

TEST_F(RecipeTest, IsReadBackAsItWasWritten) {
  const json recipe{
      {"model", "00ff"}, {"volume", {{"path", "raw \"1\".h5"}, {"bytes", 5}}}, {"sigma", {0.5, 1, 1}}};
  h5::write_file(file, [&](h5::File& result) {
    auto values = result.write<int>("/values", {1, 2});
    write_recipe(values, recipe);
    write_recipe(result, {{"other", true}});
  });
  const auto result = h5::File::open_read(file);
  EXPECT_EQ(read_recipe(result.dataset("/values")), recipe);
  EXPECT_EQ(read_recipe(result), (json{{"other", true}}));
}

TEST_F(RecipeTest, OfAResultOfCleft010IsReadLikewise) {
  h5::write_file(file, [&](h5::File& result) {
    result.write<int>("/values", {1}).set_attribute("origin", R"({"model": "a"})");
    result.set_attribute("origin", R"({"model": "old"})");
    write_recipe(result, {{"model", "new"}});
  });
  const auto result = h5::File::open_read(file);
  EXPECT_EQ(read_recipe(result.dataset("/values")), (json{{"model", "a"}}));
  EXPECT_EQ(read_recipe(result), (json{{"model", "new"}})) << "what has both was written since";
}

TEST_F(RecipeTest, AResultThatSaysNothingOfItsRecipeIsRefusedByName) {
  for (const std::string text : {"", "[1, 2]", "{\"model\": ", "\"a\""}) {
    h5::write_file(file, [&](h5::File& result) { result.set_attribute("recipe", text); });
    EXPECT_THAT([&] { read_recipe(h5::File::open_read(file)); },
                ThrowsMessage<InputError>(HasSubstr("a.h5:/: does not say what it was made from")))
        << text;
  }
  h5::write_file(file, [](h5::File& result) { result.write<int>("/values", {1}); });
  EXPECT_THROW(read_recipe(h5::File::open_read(file)), InputError);
}

}  // namespace
}  // namespace cleft
