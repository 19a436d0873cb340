#include "pipeline/evaluate/result_recipe.hpp"

#include <array>
#include <cstdint>
#include <string_view>

#include "base/error.hpp"
#include "base/text/numbers.hpp"
#include "objects/files/synapse_file.hpp"

namespace cleft {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what, const json& value) {
  throw InputError(
      {file.string(),
       "has a recipe with the " + what + " " + value.dump(-1, ' ', false, json::error_handler_t::replace),
       "what cleft detect writes there"});
}

/// Where a box begins of which the recipe has the text: "z 6:38, y 20:100, x 17:111".
GlobalVoxel begin_of_box(const std::filesystem::path& file, const json& box) {
  const std::string text = box.is_string() ? box.get<std::string>() : "";
  std::array<std::int64_t, 3> begin{};
  std::size_t at = 0;
  for (std::size_t axis = 0; axis < begin.size(); ++axis) {
    constexpr std::array<std::string_view, 3> names{"z ", "y ", "x "};
    const std::size_t from = text.find(names.at(axis), at);
    const std::size_t colon = from == std::string::npos ? from : text.find(':', from);
    const auto number = colon == std::string::npos
                            ? std::nullopt
                            : number_from<std::int64_t>(text.substr(from + 2, colon - from - 2));
    if (!number) refuse(file, "box", box);
    begin.at(axis) = *number;
    at = colon;
  }
  return {begin[0], begin[1], begin[2]};
}

/// [fingerprint, dataset], and behind it, where they say something, the axes and where it begins.
RecordedMask mask_of(const std::filesystem::path& file, const json& mask) {
  RecordedMask recorded{.as_stored = mask, .dataset = "", .axes = ""};
  try {
    recorded.dataset = mask.at(1).get<std::string>();
    for (std::size_t i = 2; i < mask.size(); ++i) {
      if (mask[i].is_string())
        recorded.axes = mask[i].get<std::string>();
      else
        recorded.begin = {mask[i].at(0), mask[i].at(1), mask[i].at(2)};
    }
  } catch (const json::exception&) {
    refuse(file, "mask", mask);
  }
  return recorded;
}

}  // namespace

std::optional<ResultRecipe> read_result_recipe(const std::filesystem::path& file) {
  json probability;
  try {
    const json recipe = read_synapse_recipe(file);
    if (recipe.contains("probability")) probability = recipe["probability"];
  } catch (const InputError&) {  // it has none
    return std::nullopt;
  }
  if (!probability.is_object()) return std::nullopt;
  ResultRecipe result;
  if (probability.contains("box")) result.begin = begin_of_box(file, probability["box"]);
  if (probability.contains("mask")) result.mask = mask_of(file, probability["mask"]);
  return result;
}

}  // namespace cleft
