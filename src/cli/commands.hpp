#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "parallel/communicator.hpp"

namespace cleft {

/// What the command line asked for, run once MPI and the log are ready. Collective over the communicator it
/// is given.
using Action = std::function<void(const Communicator&)>;

// One function per command, each in cli/<command>.cpp. It adds the subcommand with its options, their
// defaults, help and an example (as the footer) to `app`; when the subcommand is on the line, parsing sets
// `action`. It touches no file.

void add_import(CLI::App& app, Action& action);
void add_phantom(CLI::App& app, Action& action);
void add_config(CLI::App& app, Action& action);
void add_info(CLI::App& app, Action& action);
void add_train(CLI::App& app, Action& action);
void add_detect(CLI::App& app, Action& action);
void add_tune(CLI::App& app, Action& action);
void add_evaluate(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_review(CLI::App& app, Action& action);
void add_figure(CLI::App& app, Action& action);
void add_export_model(CLI::App& app, Action& action);

}  // namespace cleft
