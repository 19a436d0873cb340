#include "pipeline/describe/describe_run.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "config/load.hpp"
#include "config/resolve.hpp"
#include "io/h5/file.hpp"
#include "pipeline/run/provenance.hpp"
#include "pipeline/run/run_directory.hpp"

namespace cleft {
namespace {

/// run.json may have been edited, or be of a later version: what is not understood is not known.
std::string finished_text(const nlohmann::json& run, const std::string& stage) {
  const auto section = run.find(stage);
  if (section == run.end()) return "done";
  const auto finished = section->is_object() ? section->find("finished") : section->end();
  const bool known = finished != section->end() && finished->is_string();
  return "done, " + (known ? finished->get<std::string>() : "time unknown");
}

/// How many blocks of an unfinished probability file are marked done.
std::string unfinished_text(const std::filesystem::path& file) {
  try {
    const auto marks = h5::File::open_read(file).dataset("/manifest").read<std::uint8_t>();
    const auto done = std::count_if(marks.begin(), marks.end(), [](auto mark) { return mark != 0; });
    return fmt::format("unfinished, {} of {} blocks done", done, marks.size());
  } catch (const Error&) {
    return "begun";  // a running job may have it open in a state that cannot be read
  }
}

std::string predict_text(const RunFiles& files, const nlohmann::json& run) {
  if (std::filesystem::exists(files.probability)) return finished_text(run, "predict");
  const auto unfinished = unfinished_name(files.probability);
  if (std::filesystem::exists(unfinished)) return unfinished_text(unfinished);
  return run.contains("predict") ? finished_text(run, "predict") + ", probability not kept" : "not begun";
}

std::string segment_text(const RunFiles& files, const nlohmann::json& run) {
  if (!std::filesystem::exists(files.synapses) || !std::filesystem::exists(files.table)) return "not done";
  const auto rows = h5::File::open_read(files.synapses).dataset("/objects").element_count();
  return fmt::format("{}, {} synapses", finished_text(run, "segment"), rows);
}

/// What run.yaml names: as far as it does, and this version of cleft can read it.
template <class Name>
std::string named(const Name& name) {
  try {
    return name();
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

}  // namespace

std::string describe_run(const std::filesystem::path& directory) {
  const RunFiles files(directory);
  if (!std::filesystem::exists(files.configuration))
    throw InputError({.subject = directory.string(),
                      .found = "a directory without run.yaml",
                      .expected = "a run directory that detect made, or a file"});
  const Provenance provenance(files.provenance);
  const auto& run = provenance.content();
  return fmt::format(
      "{}\n  volume       {}\n  model        {}\n  predict      {}\n  segment      {}\n  settings     {}\n",
      directory.string(), volume_text(files), model_text(files), predict_text(files, run),
      segment_text(files, run), files.configuration.string());
}

}  // namespace cleft
