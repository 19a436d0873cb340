#include "base/recipe.hpp"

namespace cleft {

std::vector<std::string> differing_parts(const nlohmann::json& a, const nlohmann::json& b) {
  std::vector<std::string> names;
  auto either = a;
  either.update(b);
  for (const auto& [name, value] : either.items())
    if (!a.contains(name) || !b.contains(name) ||
        (a[name] != b[name] && recipe_text(a[name]) != recipe_text(b[name])))
      names.push_back(name);
  return names;
}

std::string recipe_text(const nlohmann::json& recipe) {
  return recipe.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace cleft
