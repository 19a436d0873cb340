#include <iostream>
#include <memory>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"
#include "config/show.hpp"

namespace cleft {

void add_config(CLI::App& app, Action& action) {
  struct Arguments {
    ConfigArguments config;
    bool show = false;
  };
  auto* command =
      app.add_subcommand("config", "Check a configuration, or show it with all defaults filled in");
  const auto arguments = std::make_shared<Arguments>();
  add_config_arguments(*command, arguments->config);
  command->add_flag(
      "--show", arguments->show,
      "Print the configuration with every key, its meaning, the values it takes and its default");
  command->footer("Example:\n  cleft config --show run.yaml --set threshold.core_ratio=5");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      const Config config = load_config(comm, arguments->config);
      if (arguments->show && comm.is_root()) std::cout << show_config(config) << std::flush;
      if (!arguments->show) log::info("{}: can be used", config.file.string());
    };
  });
}

}  // namespace cleft
