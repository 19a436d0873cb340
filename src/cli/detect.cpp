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
    bool verify = false, accept_input = false;
  };
  static const std::map<std::string, DetectStages> stages{
      {"all", DetectStages::all}, {"predict", DetectStages::predict}, {"segment", DetectStages::segment}};
  auto* command = app.add_subcommand("detect", "Find the synapses of a volume with a trained model");
  const auto arguments = std::make_shared<Arguments>();
  add_config_arguments(*command, arguments->config);
  command
      ->add_option("--stage", arguments->stage,
                   "predict: probabilities only; segment: from stored probabilities, nothing is predicted; "
                   "all: what is "
                   "not done yet")
      ->check(one_of_the_words({"all", "predict", "segment"}))
      ->type_name("all|predict|segment")
      ->capture_default_str();
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
      run_detect(comm, load_config(comm, arguments->config),
                 {.stages = stages.at(arguments->stage),
                  .verify = arguments->verify,
                  .other_input = arguments->accept_input ? OtherInput::accept : OtherInput::refuse});
    };
  });
}

}  // namespace cleft
