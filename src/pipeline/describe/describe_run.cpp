#include "pipeline/describe/describe_run.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "objects/files/synapse_file.hpp"
#include "pipeline/report/report_input.hpp"
#include "pipeline/run/labels_recipe.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/run_record.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

using nlohmann::json;

template <class Record>
std::string finished_text(const std::optional<Record>& record) {
  return record ? "done, " + printable(record->stage.finished.value_or("time unknown"), 100) : "done";
}

/// How many blocks of an unfinished probability file are marked done.
std::string unfinished_text(const std::filesystem::path& file) {
  try {
    const BlocksDone blocks = count_blocks_done(file);
    const double percent =
        blocks.all > 0 ? 100 * narrow<double>(blocks.done) / narrow<double>(blocks.all) : 0;
    return fmt::format("unfinished, {} of {} blocks done ({:.0f} %)", blocks.done, blocks.all,
                       std::floor(percent));
  } catch (const Error&) {
    return "begun";  // a running job may have it open in a state that cannot be read
  }
}

/// The probability of another run that this one segments (run.probability); nothing where it has its own.
std::optional<std::filesystem::path> other_probability(const RunFiles& files) {
  try {
    return load_config(files.configuration).run.probability;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string predict_text(const RunFiles& files, const RunRecord& run) {
  if (const auto other = other_probability(files)) return "not here: run.probability is " + other->string();
  if (is_there(files.probability)) return finished_text(run.predict);
  const auto unfinished = unfinished_name(files.probability);
  if (is_there(unfinished)) return unfinished_text(unfinished);
  return run.predict ? finished_text(run.predict) + ", probability not kept" : "not begun";
}

std::string segment_text(const RunFiles& files, const RunRecord& run) {
  return is_there(files.synapses) && is_there(files.table) ? finished_text(run.segment) : "not done";
}

/// A name from run.yaml; "not known" where run.yaml has none, or this version of cleft cannot read it.
template <class Name>
std::string named(const Name& name) {
  try {
    return printable(name());
  } catch (const Error&) {
    return "not known";
  }
}

std::string volume_text(const RunFiles& files) {
  return named([&] { return to_string(volume_path(load_config(files.configuration))); });
}

std::string model_text(const RunFiles& files) {
  return named([&] { return model_path(load_config(files.configuration)).string(); });
}

std::string run_line(std::string_view name, const std::string& text) {
  return text.empty() ? "" : fmt::format("  {:<12} {}\n", name, printable(text));
}

/// The recipe of the labels that are there; nothing where they cannot be read.
std::optional<json> labels_recipe(const RunFiles& files) {
  try {
    return read_synapse_recipe(files.synapses);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// "40 x 110 x 120 (z, y, x), 0.53 million voxels, 1.62 um3".
std::string extent_text(const json& recipe) {
  try {
    const auto& lengths = recipe.at("probability").at("extent");
    const Extent extent{lengths.at(0), lengths.at(1), lengths.at(2)};
    const auto voxels = narrow<double>(voxel_count(extent));
    std::string text = fmt::format("{}, {:.3g} million voxels", to_string(extent), voxels / 1e6);
    const auto& size = recipe.at("voxel_size");
    if (!size.is_array()) return text;
    const double nm3 = size.at(0).get<double>() * size.at(1).get<double>() * size.at(2).get<double>();
    text += fmt::format(" of {}, {:.4g} um3", to_string(VoxelSize{size.at(0), size.at(1), size.at(2)}),
                        voxels * nm3 / 1e9);
    return recipe.at("probability").contains("mask") ? text + ", a part of it masked" : text;
  } catch (const json::exception&) {
    return "not known";
  }
}

std::string thresholds_text(const json& recipe) {
  try {
    const auto& sigma = recipe.at("sigma");
    const auto number = [](const json& value) { return value.get<double>(); };
    const std::string of_cores =
        recipe.contains(cores_of_ratio)
            ? fmt::format(" (by ranks; cores were measured at {}, the core columns are empty)",
                          number(recipe.at(cores_of_ratio)))
            : "";
    return fmt::format(
        "core_ratio {}{}, reference_ratio {}, sigma {:.4g} x {:.4g} x {:.4g} voxels, {} to {} voxels",
        number(recipe.at("core_ratio")), of_cores, number(recipe.at("reference_ratio")), number(sigma.at(0)),
        number(sigma.at(1)), number(sigma.at(2)), recipe.at("size").at(0).get<std::int64_t>(),
        recipe.at("size").at(1).get<std::int64_t>());
  } catch (const json::exception&) {
    return "not known";
  }
}

/// "distance, at least 50 nm apart: 3 components are now 7 parts"; empty where nothing was to be split.
std::string split_text(const json& recipe, const RunRecord& run) {
  try {
    if (!recipe.contains("split")) return "";
    const auto& split = recipe.at("split");
    std::string text = split.at(0).get<std::string>();
    if (split.size() > 1) text += fmt::format(", at least {} nm apart", split.at(1).get<double>());
    if (run.segment)
      text += fmt::format(": {} now {}",
                          counted(run.segment->split_components, "component") +
                              (run.segment->split_components == 1 ? " is" : " are"),
                          counted(run.segment->split_parts, "part"));
    if (run.segment && !run.segment->left_whole.empty())
      text += fmt::format("; {} left whole", counted(std::ssize(run.segment->left_whole), "larger one"));
    if (recipe.contains(left_whole_below))
      text += fmt::format(" (run.memory_per_rank: {}MiB splits more)",
                          (recipe.at(left_whole_below).get<std::int64_t>() >> 20U) + 1);
    return text;
  } catch (const json::exception&) {
    return "not known";
  }
}

std::string synapses_text(const RunFiles& files, const RunRecord& run, const json& recipe) {
  std::string text = named([&] {
    const ObjectCounts counts = count_objects(files.synapses);
    if (counts.candidates == 0) return std::to_string(counts.synapses);
    return fmt::format("{}, and {} beside them", counts.synapses, counted(counts.candidates, "candidate"));
  });
  if (!run.segment) return text;
  const auto& dropped = run.segment->dropped;
  if (!dropped && recipe.contains(cores_of_ratio))
    return text + " (how many components were dropped was not counted)";
  if (!dropped || dropped->all() == 0) return text;
  return text + fmt::format(" (dropped: {} without a core, {} too small, {} too large)",
                            counted(dropped->no_core, "component"), dropped->too_small, dropped->too_large);
}

/// What was accepted in the place of other inputs, by the last stage that says so.
std::vector<std::string> accepted_inputs(const RunRecord& run) {
  if (run.segment && !run.segment->stage.accepted_inputs.empty()) return run.segment->stage.accepted_inputs;
  return run.predict ? run.predict->stage.accepted_inputs : std::vector<std::string>{};
}

std::string soundness_text(Soundness soundness, const std::string& why) {
  switch (soundness) {
    case Soundness::missing:
      return "missing";
    case Soundness::sound:
      return "as written";
    case Soundness::unknown:
      return "of cleft 0.1.0, which wrote no checksums";
    case Soundness::damaged:
      return "DAMAGED" + (why.empty() ? "" : ": " + why);
  }
  throw InternalError("soundness out of range");
}

std::string name_of(const std::filesystem::path& file) {
  return file.filename().string();
}

/// Whether labels and their table are what was written; nothing where there are none.
/// \param damaged  The names of those that are not are added.
std::string results_check(const std::filesystem::path& synapses, const std::filesystem::path& csv,
                          std::vector<std::string>& damaged) {
  if (!is_there(synapses)) return "";
  std::string why;
  const Soundness labels = check_synapse_file(synapses, &why);
  std::string of_labels = fmt::format("{} {}", name_of(synapses), soundness_text(labels, why));
  if (labels == Soundness::damaged) {
    damaged.push_back(name_of(synapses));
    return of_labels;
  }
  Soundness table = Soundness::damaged;
  try {
    table = check_table(csv, synapses);
  } catch (const Error& error) {  // it is a folder, or cannot be read
    why = error.what();
  }
  if (table == Soundness::damaged) damaged.push_back(name_of(csv));
  return fmt::format("{}; {} {}", of_labels, name_of(csv), soundness_text(table, why));
}

/// Whether a review's file was made from the results that are there now: the same recipe, and the same table.
bool is_of_results_now(const RunFiles& files, json recipe) {
  const json review = recipe.value("review", json::object());
  recipe.erase("review");
  return recipe == read_synapse_recipe(files.synapses) &&
         review.value("table", "") == checksum_of_table(files);
}

/// How objects of a review's file were judged: "12 accepted, 1 unsure, 30 without a verdict", and whether the
/// run has other results by now.
std::string review_text(const RunFiles& files) {
  return named([&] {
    std::map<std::string, std::int64_t> counts;
    for (const std::string& verdict :
         read_object_verdicts(files.reviewed).value_or(std::vector<std::string>{}))
      ++counts[verdict];
    const bool is_now = is_of_results_now(files, read_synapse_recipe(files.reviewed));
    return fmt::format("{} accepted, {} unsure, {} without a verdict{}", counts["accept"], counts["unsure"],
                       counts[""], is_now ? "" : "; of other results than are there now");
  });
}

/// The line about a review's files; empty where there are none.
std::string reviewed_check(const RunFiles& files, std::vector<std::string>& damaged) {
  std::vector<std::string> now;
  std::string text = results_check(files.reviewed, files.reviewed_table, now);
  if (text.empty()) return "";
  if (now.empty()) text += "; " + review_text(files);
  damaged.insert(damaged.end(), now.begin(), now.end());
  return text;
}

/// Whether the probability is what was written; nothing where there is none, or it is too large to read.
/// \param damaged  Its name is added where it is not.
std::string probability_check(const RunFiles& files, bool verify, std::vector<std::string>& damaged) {
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(files.probability, missing);
  if (missing) return "";
  if (bytes > max_bytes_always_checked && !verify) return "not read (--verify reads all of it)";
  try {
    const BlocksDone sound = count_sound_blocks(files.probability);
    if (sound.done == sound.all) return "as written";
    damaged.push_back(name_of(files.probability));
    return fmt::format("DAMAGED in {} of {}", sound.all - sound.done, counted(sound.all, "block"));
  } catch (const Error& error) {
    damaged.push_back(name_of(files.probability));
    return std::string("DAMAGED: ") + error.what();
  }
}

}  // namespace

Description describe_run(const std::filesystem::path& directory, bool verify) {
  const RunFiles files(directory);
  if (!is_there(files.configuration))
    throw InputError({.subject = directory.string(),
                      .found = "a directory without run.yaml",
                      .expected = "a run directory that detect made, or a file"});
  const RunRecord run = read_run_record(files.record);
  Description description;
  std::string& text = description.text;
  text = printable(directory.string()) + "\n" + run_line("volume", volume_text(files)) +
         run_line("model", model_text(files)) + run_line("predict", predict_text(files, run)) +
         run_line("segment", segment_text(files, run));
  if (const auto recipe = labels_recipe(files))
    text += run_line("extent", extent_text(*recipe)) + run_line("thresholds", thresholds_text(*recipe)) +
            run_line("split", split_text(*recipe, run)) +
            run_line("synapses", synapses_text(files, run, *recipe));
  for (const std::string& input : accepted_inputs(run)) text += run_line("accepted", input);
  text += run_line("results", results_check(files.synapses, files.table, description.damaged));
  text += run_line("reviewed", reviewed_check(files, description.damaged));
  text += run_line("probability", probability_check(files, verify, description.damaged));
  text += run_line("settings", printable(files.configuration.string()));
  return description;
}

}  // namespace cleft
