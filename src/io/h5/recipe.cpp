#include "io/h5/recipe.hpp"

#include "base/error.hpp"
#include "base/recipe.hpp"

namespace cleft {
namespace {

constexpr auto recipe_attribute = "recipe";
constexpr auto attribute_of_0_1_0 = "origin";

}  // namespace

void write_recipe(h5::Object& result, const nlohmann::json& recipe) {
  result.set_attribute(recipe_attribute, recipe_text(recipe));
}

nlohmann::json read_recipe(const h5::Object& result) {
  const bool is_old = !result.has_attribute(recipe_attribute) && result.has_attribute(attribute_of_0_1_0);
  const auto text = result.scalar_attribute<std::string>(is_old ? attribute_of_0_1_0 : recipe_attribute);
  auto recipe = nlohmann::json::parse(text, nullptr, false);
  if (!recipe.is_object())
    throw InputError(
        {result.name(), "does not say what it was made from", "a JSON object in its attribute 'recipe'"});
  return recipe;
}

}  // namespace cleft
