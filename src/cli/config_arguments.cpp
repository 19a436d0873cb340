#include "cli/config_arguments.hpp"

#include "base/error.hpp"
#include "config/load.hpp"
#include "config/show.hpp"
#include "parallel/agree.hpp"

namespace cleft {

void add_config_arguments(CLI::App& command, ConfigArguments& arguments) {
  command
      .add_option("CONFIG", arguments.file,
                  "The configuration, a YAML file ('cleft config --show' explains its keys)")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--set", arguments.sets,
                  "Replace a value of the configuration; paths start at the current folder; can be given "
                  "several times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

Config load_config(const Communicator& comm, const ConfigArguments& arguments) {
  std::string text;
  all_or_throw(comm, [&] {
    if (comm.is_root()) text = read_text(arguments.file);
  });
  text = comm.broadcast(text);
  Config config;
  all_or_throw(comm, [&] { config = parse_config(text, arguments.file, arguments.sets); });
  // Each rank fills in variables and the current folder by itself.
  const std::string mine = show_config(config), of_root = comm.broadcast(mine);
  all_or_throw(comm, [&] {
    if (mine != of_root)
      throw ConfigError(
          {arguments.file.string(),
           "a path in it is another one on another rank, where a variable or the current folder "
           "differs",
           "absolute paths, or the same environment on every rank"});
  });
  return config;
}

}  // namespace cleft
