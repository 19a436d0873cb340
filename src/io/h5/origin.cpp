#include "io/h5/origin.hpp"

#include "base/error.hpp"

namespace cleft {
namespace {

constexpr auto attribute = "origin";

}  // namespace

void write_origin(h5::Object& result, const nlohmann::json& origin) {
  result.set_attribute(attribute, origin.dump());
}

nlohmann::json read_origin(const h5::Object& result) {
  auto origin = nlohmann::json::parse(result.scalar_attribute<std::string>(attribute), nullptr, false);
  if (!origin.is_object())
    throw InputError(
        {result.name(), "does not say what it was made from", "a JSON object in its attribute 'origin'"});
  return origin;
}

std::vector<std::string> differing_parts(const nlohmann::json& a, const nlohmann::json& b) {
  std::vector<std::string> names;
  const auto all = [&] {
    auto joined = a;
    joined.update(b);
    return joined;
  }();
  for (const auto& [name, value] : all.items())
    if (!a.contains(name) || !b.contains(name) || a[name] != b[name]) names.push_back(name);
  return names;
}

}  // namespace cleft
