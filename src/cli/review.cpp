#include "pipeline/review/review.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text/numbers.hpp"
#include "cli/commands.hpp"
#include "cli/number_text.hpp"

namespace cleft {
namespace {

struct ReviewArguments {
  ReviewOptions options;
  LabelOutput labels;
  std::string rejected_class;
  bool accept_input = false;
};

ReviewOptions options_of(const ReviewArguments& arguments) {
  ReviewOptions options = arguments.options;
  if (arguments.accept_input) options.other = OtherInput::accept;
  if (arguments.labels.file.empty()) return options;
  options.labels = arguments.labels;
  if (!arguments.rejected_class.empty()) options.labels->rejected_class = arguments.rejected_class;
  return options;
}

/// Larger balls would be no places, but tissue.
std::string check_radius(const std::string& text) {
  constexpr double most = 1000;
  const auto nm = number_from<double>(text);
  return nm && *nm >= 0 && *nm <= most ? "" : fmt::format("'{}' is no number from 0 to {}", text, most);
}

void add_inputs(CLI::App& command, ReviewArguments& a) {
  command.add_option("RUN", a.options.directory, "The run directory of a finished detect")
      ->required()
      ->type_name("DIRECTORY");
  command
      .add_option(
          "REVIEW", a.options.reviews,
          "Files that the report's page saved (review.json, each at most 64 MiB), of one person or of "
          "several")
      ->required()
      ->type_name("FILE");
  command
      .add_option(
          "--set", a.options.sets,
          "Replace a value of the run's configuration, such as volume.path of a volume that has moved; "
          "can be given several times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--accept-input", a.accept_input,
                   "Take the volume that is there now, although it is not the one that the run was made of");
}

void add_labels(CLI::App& command, ReviewArguments& a) {
  auto* labels =
      command
          .add_option("--labels", a.labels.file,
                      "Also make training labels of the decisions, as a volume /labels in this file, "
                      "for a second entry of labels in a configuration")
          ->type_name("FILE.h5");
  command.add_flag("--force", a.labels.force, "Replace that file")->needs(labels);
  command
      .add_option(
          "--rejected-class", a.rejected_class,
          "Class of rejected objects [of each voxel the most likely one but the foreground, where the run "
          "has stored all classes; else labels.rest_class]")
      ->type_name("NAME")
      ->needs(labels);
  command
      .add_option("--missed-radius-nm", a.labels.missed_radius_nm,
                  "Voxels whose centre is at most so far from a missed place are labelled as the foreground")
      ->check(CLI::Validator(check_radius, ""))
      ->capture_default_str()
      ->needs(labels);
  command
      .add_option("--max-voxels", a.labels.max_voxels,
                  "Label at most so many voxels of a class, as many of each object as of every other")
      ->check(a_whole_number_at_least(1))
      ->capture_default_str()
      ->needs(labels);
  command.add_option("--seed", a.labels.seed, "Of the voxels that are drawn")
      ->check(a_whole_number_at_least(0))
      ->capture_default_str()
      ->needs(labels);
}

}  // namespace

void add_review(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "review", "Bring decisions to effect: a run's files without what people rejected, labels to train on");
  const auto arguments = std::make_shared<ReviewArguments>();
  add_inputs(*command, *arguments);
  add_labels(*command, *arguments);
  command->footer(
      "Writes RUN/synapses_reviewed.csv and .h5: as synapses.csv and .h5, without rejected objects, with "
      "the\n"
      "column verdict; ids stay. What several people say differently of an object is listed and counts as\n"
      "unsure. A precision is printed where the objects with pictures were all or a random sample\n"
      "(report.choose), of a sample with the exact 95 % interval (Clopper & Pearson 1934). Marks that lie "
      "in\n"
      "objects of the run are listed: in a synapse they are not missed, a candidate is accepted by them.\n"
      "Example:\n  cleft review results review.json\n"
      "  mpirun -n 4 cleft review results anna.json ben.json --labels reviewed.h5");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) { run_review(comm, options_of(*arguments)); };
  });
}

}  // namespace cleft
