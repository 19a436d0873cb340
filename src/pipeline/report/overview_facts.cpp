#include "pipeline/report/overview_facts.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/checksum.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/text/counted.hpp"
#include "base/version.hpp"
#include "pipeline/report/report_objects.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// A member of the recipe, or a default where it has none or one of another type.
template <class T>
T in_recipe(const json& recipe, const char* path, T otherwise) {
  try {
    return recipe.at(json::json_pointer(path)).get<T>();
  } catch (const json::exception&) {
    return otherwise;
  }
}

std::string model_fingerprint(const FinishedRun& run) {
  auto text = in_recipe<std::string>(run.recipe, "/probability/model", "");
  constexpr std::size_t digits = 16;
  // An ilastik project of two stages has one for each of them.
  if (text.size() != digits) text = fmt::format("{:016x}", checksum(std::as_bytes(std::span(text))));
  return text;
}

std::string volume_text(const FinishedRun& run) {
  std::string text = to_string(run.volume.path) + ", " + to_string(run.volume.extent) + " voxels";
  if (run.volume.voxel_size) text += " of " + to_string(*run.volume.voxel_size);
  return text;
}

std::string thresholds_text(const json& recipe) {
  const auto sigma = in_recipe<std::vector<double>>(recipe, "/sigma", {});
  const auto size = in_recipe<std::vector<std::int64_t>>(recipe, "/size", {});
  return fmt::format("core_ratio {:.4g}, reference_ratio {:.4g}, sigma {:.4g} voxels (z, y, x), {} voxels",
                     in_recipe(recipe, "/core_ratio", 0.0), in_recipe(recipe, "/reference_ratio", 0.0),
                     fmt::join(sigma, " x "), fmt::join(size, " to "));
}

std::vector<Fact> provenance(const FinishedRun& run) {
  std::vector<Fact> facts{{"volume", volume_text(run)}};
  if (run.recipe.contains("probability") && run.recipe["probability"].contains("mask"))
    facts.push_back({"mask", run.config.volume.mask.path ? run.config.volume.mask.path->string()
                                                         : "that of the ilastik project"});
  facts.push_back({"model", (run.config.model ? run.config.model->string() + ", " : std::string()) +
                                "fingerprint " +
                                in_recipe<std::string>(run.recipe, "/probability/model", "not known")});
  facts.push_back({"thresholds", thresholds_text(run.recipe)});
  if (run.recipe.contains("split"))
    facts.push_back(
        {"touching synapses", "told apart by " + in_recipe<std::string>(run.recipe, "/split/0", "")});
  facts.push_back({"table", "synapses.csv, checksum " + run.table_checksum});
  for (const auto* section : {"predict", "segment"}) {
    const bool is_predict = std::string_view(section) == "predict";
    const auto* stage = is_predict ? (run.record.predict ? &run.record.predict->stage : nullptr)
                                   : (run.record.segment ? &run.record.segment->stage : nullptr);
    if (stage == nullptr) continue;
    for (const std::string& input : stage->accepted_inputs)
      facts.push_back({fmt::format("accepted by {}", section), input});
  }
  facts.push_back({"cleft", fmt::format("{} ({})", version(), source_revision())});
  return facts;
}

std::vector<Fact> dropped(const FinishedRun& run) {
  const auto& segment = run.record.segment;
  if (!segment) return {{"components", "not known: run.json says nothing of segment"}};
  std::vector<Fact> facts;
  const auto components = [](std::int64_t count) { return counted(count, "component"); };
  if (segment->dropped) {
    facts.push_back({"without a core that is large enough", components(segment->dropped->no_core)});
    facts.push_back({"too small", components(segment->dropped->too_small)});
    facts.push_back({"too large", components(segment->dropped->too_large)});
  } else {
    facts.push_back({"components", "not counted: another core_ratio was followed by decisive ratios alone"});
  }
  if (segment->split_components > 0)
    facts.push_back({"told apart", fmt::format("{} into {}", components(segment->split_components),
                                               counted(segment->split_parts, "part"))});
  if (!segment->left_whole.empty())
    facts.push_back(
        {"too large to be told apart", components(narrow<std::int64_t>(segment->left_whole.size()))});
  return facts;
}

StageFacts facts_of(const std::string& name, const StageRecord& stage) {
  return {.name = name,
          .seconds = {},
          .ranks = stage.ranks,
          .threads_per_rank = stage.threads_per_rank,
          .memory_per_rank = stage.memory_per_rank,
          .peak_memory_of_ranks = stage.peak_memory_of_ranks,
          .finished = stage.finished.value_or("")};
}

std::string seconds_text(double seconds) {
  return seconds < 60 ? fmt::format("{:.1f} s", seconds) : duration_text(seconds);
}

std::vector<StageFacts> stages(const FinishedRun& run) {
  std::vector<StageFacts> all;
  if (const auto& predict = run.record.predict) {
    StageFacts facts = facts_of("predict", predict->stage);
    facts.seconds.push_back({"time", seconds_text(predict->seconds)});
    if (predict->seconds > 0)
      facts.seconds.push_back(
          {"speed",
           fmt::format("{:.2f} million voxels/s", narrow<double>(predict->voxels) / 1e6 / predict->seconds)});
    facts.seconds.push_back({"blocks", fmt::format("{}, {} found done", counted(predict->blocks, "block"),
                                                   predict->blocks_resumed)});
    facts.bytes_read = predict->bytes_read;
    facts.bytes_written = predict->bytes_written;
    all.push_back(facts);
  }
  if (const auto& segment = run.record.segment) {
    StageFacts facts = facts_of("segment", segment->stage);
    const std::vector<std::pair<const char*, double>> parts{{"thresholding", segment->threshold_seconds},
                                                            {"joining over blocks", segment->merge_seconds},
                                                            {"telling apart", segment->split_seconds},
                                                            {"measuring", segment->combine_seconds},
                                                            {"writing", segment->write_seconds}};
    for (const auto& [name, seconds] : parts) facts.seconds.push_back({name, seconds_text(seconds)});
    facts.bytes_read = segment->bytes_read;
    facts.bytes_written = segment->bytes_written;
    all.push_back(facts);
  }
  return all;
}

}  // namespace

OverviewFacts overview_facts(const FinishedRun& run) {
  OverviewFacts facts;
  facts.run_name = page_run(run).name;
  facts.extent = run.volume.extent;
  facts.voxel_size = run.volume.voxel_size;
  facts.core_ratio = in_recipe(run.recipe, "/core_ratio", 0.0);
  facts.searched_voxels = voxel_count(run.volume.extent);
  if (run.record.segment) {
    if (run.record.segment->searched_voxels > 0) facts.searched_voxels = run.record.segment->searched_voxels;
    facts.block = run.record.segment->block;
  }
  std::vector<Box> boxes;
  for (const Synapse& row : run.table)
    if (row.accepted != 0) boxes.push_back(row.bounds);
  facts.seams = seam_statistic(boxes, facts.extent, facts.block);
  facts.dropped = dropped(run);
  facts.provenance = provenance(run);
  facts.stages = stages(run);
  facts.configuration = run.configuration;
  return facts;
}

PageRun page_run(const FinishedRun& run) {
  const auto name = std::filesystem::absolute(run.files.directory).lexically_normal();
  PageRun page{.name = (name.has_filename() ? name : name.parent_path()).filename().string(),
               .table_checksum = run.table_checksum,
               .model_fingerprint = model_fingerprint(run),
               .extent = run.volume.extent,
               .voxel_size = run.volume.voxel_size,
               .offset_nm = run.offset_nm(),
               .classes = run.config.classes,
               .foreground = in_recipe(run.recipe, "/foreground", run.config.threshold.foreground),
               .core_ratio = in_recipe(run.recipe, "/core_ratio", 0.0),
               .reference_ratio = in_recipe(run.recipe, "/reference_ratio", 0.0),
               .sections = run.config.report.sections,
               .surfaces = why_no_surfaces(run).empty(),
               .surfaces_why = why_no_surfaces(run)};
  return page;
}

}  // namespace cleft
