#include "pipeline/detect/detect.hpp"

#include <map>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"
#include "cli/number_text.hpp"

namespace cleft {

void add_detect(CLI::App& app, Action& action) {
  struct Arguments {
    ConfigArguments config;
    std::string stage = "all";
    bool accept_input = false;
  };
  static const std::map<std::string, DetectStages> stages{
      {"all", DetectStages::all}, {"predict", DetectStages::predict}, {"segment", DetectStages::segment}};
  auto* command = app.add_subcommand("detect", "Find the synapses of a volume with a trained model");
  const auto arguments = std::make_shared<Arguments>();
  add_config_arguments(*command, arguments->config);
  command
      ->add_option(
          "--stage", arguments->stage,
          "predict: probabilities only; segment: from stored probabilities, so that other thresholds can be "
          "tried; all: what is not done yet")
      ->check(one_of_the_words({"all", "predict", "segment"}))
      ->type_name("all|predict|segment")
      ->capture_default_str();
  command->add_flag("--accept-input", arguments->accept_input,
                    "Go on with what was made from another volume or mask than is there now");
  command->footer(
      "What is done and still valid is not done again; what a killed run left half done goes on.\n"
      "Example:\n  mpirun -n 8 cleft detect run.yaml\n"
      "  mpirun -n 8 cleft detect run.yaml --stage segment --set threshold.core_ratio=5");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      run_detect(comm, load_config(comm, arguments->config), stages.at(arguments->stage), {},
                 arguments->accept_input ? OtherInput::accept : OtherInput::refuse);
    };
  });
}

}  // namespace cleft
