#include "pipeline/train/train.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"
#include "features/set/feature_options.hpp"

namespace cleft {

void add_train(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("train", "Train a forest on labelled voxels and write the model file");
  struct Arguments {
    ConfigArguments config;
    bool force = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  add_config_arguments(*command, arguments->config);
  command->add_flag(
      "--force", arguments->force,
      "Replace a model that other labels or settings made; results that it led to can then not be "
      "segmented again");
  std::string scales;
  for (const auto& [name, sigma] : named_scales) scales += fmt::format(" {} {},", name, sigma);
  scales.back() = '.';
  command->footer(
      "Reads volume, classes, labels, features and forest of the configuration and writes its model.\n"
      "Scales of features, sigma in voxels:" +
      scales + "\nExample:\n  mpirun -n 2 cleft train run.yaml --set forest.trees=200");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      run_train(comm, load_config(comm, arguments->config), {.force = arguments->force});
    };
  });
}

}  // namespace cleft
