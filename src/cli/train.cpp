#include "pipeline/train/train.hpp"

#include <memory>

#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"

namespace cleft {

void add_train(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("train", "Train a forest on labelled voxels and write the model file");
  const auto arguments = std::make_shared<ConfigArguments>();
  add_config_arguments(*command, *arguments);
  command->footer(
      "Reads volume, classes, labels, features and forest of the configuration and writes its model.\n"
      "Example:\n  mpirun -n 2 cleft train run.yaml --set forest.trees=200");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) { run_train(comm, load_config(comm, *arguments)); };
  });
}

}  // namespace cleft
