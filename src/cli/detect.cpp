#include "pipeline/detect/detect.hpp"

#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"
#include "cli/word_option.hpp"
#include "pipeline/report/report.hpp"

namespace cleft {

void add_detect(CLI::App& app, Action& action) {
  struct Arguments {
    ConfigArguments config;
    DetectStages stages = DetectStages::all;
    bool verify = false, accept_input = false;
  };
  auto* command = app.add_subcommand("detect", "Find the synapses of a volume with a trained model");
  const auto arguments = std::make_shared<Arguments>();
  add_config_arguments(*command, arguments->config);
  add_word_option<DetectStages>(
      *command, "--stage",
      "predict: probabilities only; segment: from stored probabilities, nothing is predicted; all: what is "
      "not done yet",
      [arguments](DetectStages stages) { arguments->stages = stages; })
      ->default_str(std::string(to_string(arguments->stages)));
  command->add_flag(
      "--verify", arguments->verify,
      "Read and check all that is done already, also a large probability that is not needed any "
      "more");
  command->add_flag("--accept-input", arguments->accept_input,
                    "Go on with what was made from another volume or mask than is there now");
  command->footer(
      "What is done and still valid is not done again; what a killed run left half done goes on; what is\n"
      "damaged is made again from what is whole (a probability.h5 that cannot be opened at all is refused:\n"
      "remove it). Other thresholds segment again and keep the earlier table as synapses.previous.csv, or\n"
      "where it was edited as synapses.kept.csv, which nothing replaces; into another directory from the\n"
      "same probability with run.probability.\n"
      "Example:\n  mpirun -n 8 cleft detect run.yaml\n"
      "  mpirun -n 8 cleft detect run.yaml --set threshold.core_ratio=5\n"
      "  mpirun -n 8 cleft detect run.yaml --set run.directory=trial --set run.probability=results");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      const Config config = load_config(comm, arguments->config);
      const OtherInput other = arguments->accept_input ? OtherInput::accept : OtherInput::refuse;
      run_detect(comm, config,
                 {.stages = arguments->stages, .verify = arguments->verify, .other_input = other});
      if (config.report.make && arguments->stages != DetectStages::predict)
        write_report(comm, config, other, ReportAgain::no);
    };
  });
}

}  // namespace cleft
