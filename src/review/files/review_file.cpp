#include "review/files/review_file.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"
#include "base/text/numbers.hpp"

namespace cleft {
namespace {

using nlohmann::json;

constexpr std::size_t largest_file = std::size_t{64} << 20U;
constexpr auto what_saves = "what the report's page saves";

/// A value of somebody's file, short enough for a line.
std::string shown(const json& value) {
  constexpr std::size_t most = 60;
  const std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() > most ? text.substr(0, most - 3) + "..." : text;
}

/// What a word of JSON stands for; nothing when it is no text, or another one.
template <HasWords Enum>
std::optional<Enum> value_of(const json& word) {
  return word.is_string() ? parse_enum<Enum>(word.get<std::string>()) : std::nullopt;
}

class ReviewText {
 public:
  ReviewText(std::string name, const ReviewedRun& run) : name_(std::move(name)), run_(run) {
    for (const Synapse& row : run.rows) (row.accepted != 0 ? synapses_ : candidates_).insert(row.id);
  }

  Review read(const std::string& text) const;

 private:
  [[noreturn]] void fail(const std::string& found, const std::string& expected = what_saves) const {
    throw InputError({name_, found, expected});
  }
  json parse(const std::string& text) const;
  void check_members(const json& object, const std::string& of,
                     std::initializer_list<const char*> names) const;
  void check_run(const json& run) const;
  bool is_in_table(std::uint64_t id) const { return synapses_.contains(id) || candidates_.contains(id); }
  void read_chosen(const json& chosen, Review& review) const;
  void read_decisions(const json& decisions, Review& review) const;
  GlobalVoxel place_of(const json& place) const;

  std::string name_;
  const ReviewedRun& run_;
  std::set<std::uint64_t> synapses_, candidates_;
};

/// Beyond what JSON is, no member may be there twice: which of the two would count is nobody's to say.
json ReviewText::parse(const std::string& text) const {
  constexpr int deepest = 8;
  std::vector<std::set<std::string>> members;
  const auto watch = [&](int depth, json::parse_event_t event, const json& parsed) {
    if (depth > deepest) fail("is nested more deeply than a review is");
    if (event == json::parse_event_t::object_start) members.emplace_back();
    if (event == json::parse_event_t::object_end) members.pop_back();
    if (event == json::parse_event_t::key && !members.back().insert(parsed.get<std::string>()).second)
      fail(fmt::format("has the member {} twice", shown(parsed)));
    return true;
  };
  json content = json::parse(text, watch, false);
  if (content.is_discarded()) fail("is no JSON");
  return content;
}

void ReviewText::check_members(const json& object, const std::string& of,
                               std::initializer_list<const char*> names) const {
  if (!object.is_object()) fail(of + " is no object of JSON");
  for (const char* name : names)
    if (!object.contains(name)) fail(fmt::format("{} has no member \"{}\"", of, name));
  for (const auto& [name, value] : object.items())
    if (std::ranges::find(names, std::string_view(name)) == names.end())
      fail(fmt::format("{} has a member {}", of, shown(name)),
           fmt::format("only {}", fmt::join(names, ", ")));
}

void ReviewText::check_run(const json& run) const {
  check_members(run, "its run", {"table", "model"});
  if (run["table"] != run_.table)
    fail(fmt::format("is of another run's table ({})", shown(run["table"])),
         fmt::format("a review of {}, whose table is {}", run_.directory, run_.table));
  if (run["model"] != run_.model)
    fail(fmt::format("is of another model ({})", shown(run["model"])),
         fmt::format("a review of {}, whose model is {}", run_.directory, run_.model));
}

void ReviewText::read_chosen(const json& chosen, Review& review) const {
  check_members(chosen, "its chosen", {"how", "ids"});
  const auto how = value_of<ChooseBy>(chosen["how"]);
  if (!how) fail(fmt::format("has chosen.how {}", shown(chosen["how"])), "largest, sample or all");
  review.how = *how;
  if (!chosen["ids"].is_array()) fail("has chosen.ids that are no list");
  for (const json& id : chosen["ids"]) {
    if (!id.is_number_unsigned() || !is_in_table(id.get<std::uint64_t>()))
      fail(fmt::format("has chosen object {}", shown(id)), "ids of the table of " + run_.directory);
    if (!review.chosen.empty() && id.get<std::uint64_t>() <= review.chosen.back())
      fail("has chosen.ids that do not ascend");
    review.chosen.push_back(id.get<std::uint64_t>());
  }
  if (review.how != ChooseBy::all) return;
  for (const std::uint64_t id : synapses_)
    if (!std::ranges::binary_search(review.chosen, id))
      fail(fmt::format("says that all synapses were chosen, but {} was not", id));
}

void ReviewText::read_decisions(const json& decisions, Review& review) const {
  if (!decisions.is_object()) fail("has decisions that are no object of JSON");
  for (const auto& [name, word] : decisions.items()) {
    const auto id = number_from<std::uint64_t>(name);
    if (!id || std::to_string(*id) != name || !is_in_table(*id))
      fail(fmt::format("decides on {}", shown(name)), "ids of the table of " + run_.directory);
    const auto verdict = value_of<Verdict>(word);
    if (!verdict)
      fail(fmt::format("has the verdict {} on object {}", shown(word), name), "accept, reject or unsure");
    review.verdicts.emplace(*id, *verdict);
  }
}

GlobalVoxel ReviewText::place_of(const json& place) const {
  const auto is_voxel = [](const json& part) { return part.is_number_unsigned(); };
  if (place.is_array() && place.size() == 3 && std::ranges::all_of(place, is_voxel)) {
    const std::uint64_t z = place[0], y = place[1], x = place[2];
    const auto within = [](std::uint64_t at, std::int64_t length) {
      return at < static_cast<std::uint64_t>(length);
    };
    if (within(z, run_.extent.z) && within(y, run_.extent.y) && within(x, run_.extent.x))
      return {static_cast<std::int64_t>(z), static_cast<std::int64_t>(y), static_cast<std::int64_t>(x)};
  }
  fail(fmt::format("has the missed place {}", shown(place)),
       "three voxels z, y, x within " + to_string(run_.extent));
}

Review ReviewText::read(const std::string& text) const {
  const json content = parse(text);
  if (!content.is_object() || !content.contains("format") || content["format"] != "cleft review")
    fail("is no review: its format is not \"cleft review\"");
  if (!content.contains("version") || content["version"] != 1)
    fail(fmt::format("has version {}", content.contains("version") ? shown(content["version"]) : "none"),
         "version 1, which this cleft reads");
  check_members(content, "it", {"format", "version", "run", "chosen", "decisions", "missed"});
  check_run(content["run"]);
  Review review{.name = name_, .chosen = {}, .verdicts = {}};
  read_chosen(content["chosen"], review);
  read_decisions(content["decisions"], review);
  if (!content["missed"].is_array()) fail("has missed places that are no list");
  for (const json& place : content["missed"]) review.missed.push_back(place_of(place));
  return review;
}

}  // namespace

Review read_review(const std::filesystem::path& file, const ReviewedRun& run) {
  const std::string text = read_regular_file(file, "a review.json", largest_file);
  return ReviewText(file.string(), run).read(text);
}

}  // namespace cleft
