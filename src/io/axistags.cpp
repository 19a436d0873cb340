#include "io/axistags.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace cleft {

using nlohmann::json;

std::vector<AxisTag> parse_axistags(const std::string& json_text, const std::string& subject) {
  const InputError unusable({subject, "is not a list of axes", R"(JSON like {"axes": [{"key": "z"}, ...]})"});
  const json parsed = json::parse(json_text, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("axes") || !parsed["axes"].is_array()) throw unusable;
  std::vector<AxisTag> tags;
  for (const json& axis : parsed["axes"]) {
    if (!axis.is_object() || !axis.contains("key") || !axis["key"].is_string()) throw unusable;
    const auto key = axis["key"].get<std::string>();
    if (key.size() != 1) throw InputError({subject, "has an axis \"" + key + "\"", "z, y, x, c or t"});
    const auto resolution = axis.find("resolution");
    tags.push_back(
        {key.front(), resolution != axis.end() && resolution->is_number() ? resolution->get<double>() : 0.0});
  }
  return tags;
}

std::string axis_letters(const std::vector<AxisTag>& tags) {
  std::string letters;
  for (const AxisTag& tag : tags) letters += tag.key;
  return letters;
}

}  // namespace cleft
