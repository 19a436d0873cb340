#include "pipeline/review/run_probability.hpp"

#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"
#include "pipeline/detect/detect_jobs.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {
namespace {

void check_probability_of(const FinishedRun& run, const std::filesystem::path& file) {
  std::error_code unknown;
  if (std::filesystem::file_size(file, unknown) <= max_bytes_always_checked) {
    const BlocksDone sound = count_sound_blocks(file);
    if (sound.done < sound.all)
      throw InputError({file.string(),
                        fmt::format("is damaged in {} of {} blocks", sound.all - sound.done, sound.all),
                        "what cleft detect wrote; it makes it again"});
  }
  if (!run.recipe.contains("probability")) return;
  const auto words = differences_of_probability(read_probability_recipe(file), run.recipe["probability"]);
  if (!words.empty())
    throw InputError(
        {file.string(),
         fmt::format("was made from another {} than {}", fmt::join(words, ", "), run.files.synapses.string()),
         "the probability that the labels were made of"});
}

}  // namespace

std::optional<RunProbability> find_run_probability(const Communicator& comm, const FinishedRun& run) {
  RunProbability found;
  all_or_throw(comm, [&] {
    found.file = probability_to_segment(run.config);
    if (!comm.is_root() || !is_there(found.file)) return;
    check_probability_of(run, found.file);
    found.classes = stored_classes(found.file);
  });
  found.classes = broadcast_archive(comm, std::move(found.classes));
  return found.classes.empty() ? std::nullopt : std::optional(std::move(found));
}

}  // namespace cleft
