#include "pipeline/detect/input_identity.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/files/file_stamp.hpp"
#include "base/files/fingerprint.hpp"
#include "base/log.hpp"
#include "base/recipe.hpp"
#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {
namespace {

using nlohmann::json;

json to_json(const InputIdentity& identity) {
  return {{"fingerprint", identity.fingerprint},
          {"state", identity.state},
          {"sampled", identity.sampled},
          {"changed", identity.changed}};
}

InputIdentity identity_from(const json& content) {
  return {content["fingerprint"], content["state"].get<std::string>(), content["sampled"].get<bool>(),
          content["changed"].get<std::int64_t>()};
}

bool is_of_0_1_0(const json& fingerprint) {
  return fingerprint.is_object() && fingerprint.contains("modified");
}

/// Whether a fingerprint is of a dataset, which says how it is laid out, or else of whole files.
bool is_of_dataset(const json& fingerprint) {
  return fingerprint.is_object() && fingerprint.contains("layout");
}

/// Whether a fingerprint of an earlier kind is that of an input as it is now: of cleft 0.1.0, or one of whole
/// files where it is now of a dataset alone.
bool is_still(const json& fingerprint, const json& now, const VolumePath& input) {
  if (is_of_0_1_0(fingerprint)) return fingerprint == file_fingerprint_of_0_1_0(input.file);
  if (is_of_dataset(fingerprint) || !is_of_dataset(now)) return false;
  const VolumeReader reader(input, 0);
  return fingerprint == reader.source().fingerprint_of_files().value;
}

/// The fingerprint in the part "volume" or "mask" of a recipe; null where there is none.
json fingerprint_in(const json& recipe, const std::string& part) {
  if (!recipe.contains(part)) return {};
  const json& value = recipe[part];
  return value.is_array() && !value.empty() ? value.front() : value;
}

void set_fingerprint(json& recipe, const std::string& part, const json& fingerprint) {
  json& value = recipe[part];
  (value.is_array() ? value.front() : value) = fingerprint;
}

/// "22349 bytes then, 22400 now", or what else differs first.
std::string difference(const json& stored, const json& now) {
  if (!stored.is_object() || !now.is_object())
    return stored.is_null() ? "there was none then" : "there is none now";
  const auto text = [](const json& fingerprint, const char* key) {
    const auto& value = fingerprint[key];
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  const bool of_other_kinds = is_of_dataset(stored) != is_of_dataset(now);
  for (const char* key : {"type", "axes", "layout", "bytes"}) {
    if (!stored.contains(key) || !now.contains(key) || stored[key] == now[key]) continue;
    if (std::string_view(key) == "layout")
      return fmt::format("{} then, {} now: written again, perhaps with the same values", text(stored, key),
                         text(now, key));
    if (std::string_view(key) == "bytes" && of_other_kinds) continue;
    const char* const unit = std::string_view(key) == "bytes" ? " bytes" : "";
    return fmt::format("{}{} then, {}{} now", text(stored, key), unit, text(now, key), unit);
  }
  if (is_of_0_1_0(stored))
    return "another path, size or time of change, which is all that cleft 0.1.0 has noted";
  return of_other_kinds ? "its file has changed, and the whole file is what was noted then"
                        : "as many bytes, but another content";
}

}  // namespace

InputIdentity identify_input(const VolumePath& path) {
  const VolumeReader reader(path, 0);
  check_complete(reader);
  const auto files = reader.source().files();
  ArrayFingerprint fingerprint = reader.source().fingerprint();
  InputIdentity identity{std::move(fingerprint.value), reader.source().state(), fingerprint.sampled};
  for (const auto& file : files) identity.changed = std::max(identity.changed, stamp_of(file).seconds);
  return identity;
}

InputIdentities identify_inputs(const Communicator& comm, const VolumePath& volume,
                                const std::optional<VolumePath>& mask) {
  std::string text;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    json all{{"volume", to_json(identify_input(volume))}};
    if (mask) all["mask"] = to_json(identify_input(*mask));
    text = all.dump();
  });
  const json all = json::parse(comm.broadcast(text));
  InputIdentities identities{identity_from(all["volume"]), std::nullopt};
  if (all.contains("mask")) identities.mask = identity_from(all["mask"]);
  return identities;
}

Continuation go_on_with(const json& stored, json recipe, const VolumePath& volume,
                        const std::optional<VolumePath>& mask, OtherInput other) {
  Continuation continued{std::move(recipe), {}};
  const auto take = [&](const std::string& part, const VolumePath& input) {
    const json before = fingerprint_in(stored, part), now = fingerprint_in(continued.recipe, part);
    if (before.is_null() || now.is_null() || before == now) return;
    if (!is_still(before, now, input)) {
      if (other == OtherInput::refuse) return;
      log::warning("{}: is another {} than the results were begun with ({}); accepted, as told",
                   to_string(input), part, difference(before, now));
      continued.accepted.push_back(
          fmt::format("{} {} ({})", part, to_string(input), difference(before, now)));
    }
    set_fingerprint(continued.recipe, part, before);
  };
  take("volume", volume);
  if (mask) take("mask", *mask);
  return continued;
}

std::vector<std::string> differences_in_words(const json& stored, const json& recipe) {
  std::vector<std::string> words = differing_parts(stored, recipe);
  for (std::string& part : words) {
    if (part != "volume" && part != "mask") continue;
    const json before = fingerprint_in(stored, part), now = fingerprint_in(recipe, part);
    if (before != now) part += " (" + difference(before, now) + ")";
  }
  return words;
}

}  // namespace cleft
