#include "pipeline/run/run_files.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "objects/files/synapse_file.hpp"
#include "probability/files/stored_probability.hpp"

namespace cleft {

RunFiles::RunFiles(std::filesystem::path run_directory)
    : directory(std::move(run_directory)),
      configuration(directory / "run.yaml"),
      record(directory / "run.json"),
      probability(directory / "probability.h5"),
      synapses(directory / "synapses.h5"),
      table(directory / "synapses.csv"),
      previous_table(directory / "synapses.previous.csv"),
      reviewed(directory / "synapses_reviewed.h5"),
      reviewed_table(directory / "synapses_reviewed.csv"),
      report(directory / "report"),
      lock(directory / ".lock") {}

std::filesystem::path RunFiles::kept_table(int number) const {
  return directory / (number == 1 ? "synapses.kept.csv" : fmt::format("synapses.kept-{}.csv", number));
}

std::filesystem::path RunFiles::kept_reviewed_table(int number) const {
  return directory /
         (number == 1 ? "synapses_reviewed.kept.csv" : fmt::format("synapses_reviewed.kept-{}.csv", number));
}

VolumePath RunFiles::label_volume() const {
  return {synapses, labels_dataset};
}

VolumePath RunFiles::probability_volume() const {
  return {probability, probability_dataset};
}

std::vector<std::filesystem::path> RunFiles::outputs() const {
  return {configuration, record, probability, synapses, table, previous_table};
}

std::vector<std::filesystem::path> RunFiles::results_there() const {
  std::vector<std::filesystem::path> found;
  for (const auto& result : {probability, unfinished_name(probability), synapses, table})
    if (is_there(result)) found.push_back(result);
  return found;
}

}  // namespace cleft
