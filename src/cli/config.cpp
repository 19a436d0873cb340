#include <iostream>
#include <memory>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"
#include "config/show.hpp"
#include "parallel/agree.hpp"
#include "pipeline/describe/check_usable.hpp"

namespace cleft {

void add_config(CLI::App& app, Action& action) {
  struct Arguments {
    ConfigArguments config;
    bool show = false;
  };
  auto* command = app.add_subcommand(
      "config", "Check a configuration and the files it names, or show it with all defaults filled in");
  const auto arguments = std::make_shared<Arguments>();
  add_config_arguments(*command, arguments->config);
  command->add_flag(
      "--show", arguments->show,
      "Print the configuration with every key, its meaning, the values it takes and its default");
  command->footer(
      "Says which commands a configuration can be used for, and what is missing for the others; fails if it "
      "can be "
      "used for none.\nExample:\n  cleft config run.yaml\n  cleft config --show run.yaml --set "
      "threshold.core_ratio=5");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      const Config config = load_config(comm, arguments->config);
      if (arguments->show && comm.is_root()) std::cout << show_config(config) << std::flush;
      if (arguments->show) return;
      all_or_throw(comm, [&] {
        if (comm.is_root()) log::info("{}: {}", config.file.string(), check_usable(config));
      });
    };
  });
}

}  // namespace cleft
