#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "config/config.hpp"

namespace cleft {

/// What commands that work from a configuration take.
struct ConfigArguments {
  std::filesystem::path file;
  std::vector<std::string> sets;
};

/// Adds the file and `--set` to a command.
/// \pre `arguments` lives until the command has run.
void add_config_arguments(CLI::App& command, ConfigArguments& arguments);

/// Rank 0 reads the file; all ranks get the same configuration. Collective over `comm`.
/// \throws CollectiveError on every rank, as load_config.
Config load_config(const Communicator& comm, const ConfigArguments& arguments);

}  // namespace cleft
