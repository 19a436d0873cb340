#include <iostream>
#include <memory>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/config_arguments.hpp"
#include "config/resolve.hpp"
#include "config/show.hpp"
#include "parallel/agree.hpp"

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
      if (arguments->show) return;
      bool with_labels = false;
      all_or_throw(comm, [&] { with_labels = check_complete(config); });
      log::info("{}: can be used for {}", config.file.string(),
                with_labels ? "train and detect" : "detect (train needs labels, too)");
    };
  });
}

}  // namespace cleft
