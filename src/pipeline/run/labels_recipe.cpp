#include "pipeline/run/labels_recipe.hpp"

namespace cleft {

using nlohmann::json;

json as_asked_for(json recipe) {
  if (!recipe.is_object()) return recipe;
  for (const auto* key : {cores_of_ratio, left_whole_below}) recipe.erase(key);
  return recipe;
}

bool splits_more(const json& stored, std::int64_t memory_per_rank) {
  if (!stored.is_object()) return false;
  const auto found = stored.find(left_whole_below);
  return found != stored.end() && found->is_number_integer() && memory_per_rank >= found->get<std::int64_t>();
}

}  // namespace cleft
