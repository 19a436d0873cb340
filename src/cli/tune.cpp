#include "pipeline/tune/tune.hpp"

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"
#include "cli/truth_arguments.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

struct TuneArguments {
  ConfigArguments config;
  TruthArguments truth;
  std::vector<std::string> sweep;
  std::string out, csv;
  bool unsupervised = false, force = false;
};

TuneOptions options_of(const TuneArguments& arguments) {
  TuneOptions options{.truth = {},
                      .unsupervised = arguments.unsupervised,
                      .axes = arguments.sweep,
                      .out = {},
                      .force = arguments.force,
                      .csv = {}};
  if (!arguments.unsupervised) options.truth = options_of(arguments.truth);
  if (!arguments.out.empty()) options.out = arguments.out;
  if (!arguments.csv.empty()) options.csv = arguments.csv;
  return options;
}

void add_options(CLI::App& command, TuneArguments& a) {
  auto* unsupervised = command.add_flag(
      "--unsupervised", a.unsupervised,
      "There is no truth: guess core_ratio and sizes from where the number of objects changes the least");
  for (const char* name : {"--truth", "--truth-points", "--review"})
    unsupervised->excludes(command.get_option(name));
  command
      .add_option("--sweep", a.sweep,
                  "Try these values of a key of threshold, filter or components in place of the "
                  "usual ones; can be given several times")
      ->type_name("KEY=A,B,...")
      ->allow_extra_args(false)
      ->excludes(unsupervised);
  command.add_option("--csv", a.csv, "Write all settings that were judged to this file")
      ->type_name("FILE.csv")
      ->excludes(unsupervised);
  auto* out =
      command.add_option("--out", a.out, "Write the configuration with the chosen settings to this file")
          ->type_name("FILE.yaml");
  command.add_flag("--force", a.force, "Replace that file")->needs(out);
}

}  // namespace

void add_tune(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("tune",
                                     "Choose threshold, filter, connectivity and splitting for a model from "
                                     "its stored probability and a truth");
  const auto arguments = std::make_shared<TuneArguments>();
  add_config_arguments(*command, arguments->config);
  add_truth_arguments(*command, arguments->truth);
  add_options(*command, *arguments);
  command->footer(
      "Needs the stored probability ('cleft detect CONFIG --stage predict'). Configured settings are kept\n"
      "unless others have a higher object F1 by more than the best of many would have by luck.\n"
      "Example:\n  cleft tune run.yaml --truth truth.h5/synapses --sections 0:5 --out tuned.yaml\n"
      "  mpirun -n 4 cleft tune run.yaml --truth-points points.csv --sweep threshold.sigma_nm=0,20,40\n"
      "  cleft tune run.yaml --review review.json --out tuned.yaml\n"
      "  cleft tune run.yaml --unsupervised --out guessed.yaml");
  command->callback([&action, arguments] {
    if (!arguments->unsupervised && !arguments->truth.names_truth())
      throw CLI::RequiredError("--truth, --truth-points, --review or --unsupervised");
    action = [arguments](const Communicator& comm) {
      const Config config = load_config(comm, arguments->config);
      TuneOptions options;
      all_or_throw(comm, [&] { options = options_of(*arguments); });
      run_tune(comm, config, options);
    };
  });
}

}  // namespace cleft
