#include "cli/run_cli.hpp"

#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/process_memory.hpp"
#include "base/log.hpp"
#include "base/stopped.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/number_text.hpp"
#include "cli/usage.hpp"
#include "parallel/agree.hpp"
#include "parallel/session.hpp"

namespace cleft {
namespace {

constexpr int stopped_exit_code = 85;

/// Every command of the program, in the order of the help.
void add_commands(CLI::App& app, Action& action) {
  add_import(app, action);
  add_phantom(app, action);
  add_train(app, action);
  add_detect(app, action);
  add_evaluate(app, action);
  add_tune(app, action);
  add_report(app, action);
  add_review(app, action);
  add_figure(app, action);
  add_export_model(app, action);
  add_info(app, action);
  add_config(app, action);
}

struct LogOption {
  log::Format format = log::Format::text;
  log::Level level = log::Level::usual;
};

/// `--log` can stand before or after the command.
void add_log_option(CLI::App& command, LogOption& log) {
  command
      .add_option_function<std::string>(
          "--log",
          [&log](const std::string& name) {
            log = {name == "json" ? log::Format::json : log::Format::text,
                   name == "debug" ? log::Level::debug : log::Level::usual};
          },
          "How lines on standard error look: text for people, json (one object per line) for machines; "
          "debug: "
          "text that also tells how the work is cut into blocks")
      ->check(one_of_the_words({"text", "json", "debug"}))
      ->default_str("text")
      ->type_name("text|json|debug")
      ->trigger_on_parse();
}

/// If standard output cannot be flushed (a full disk) the printed result is lost, and that is a failure.
void check_standard_output() {
  std::cout.flush();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout)
    throw IoError({.subject = "standard output", .found = "cannot be written to", .expected = ""});
}

int report(const Communicator& comm, const Failure& failure) {
  if (comm.is_root()) log::error("{}", failure.line);
  return exit_code(failure.kind);
}

/// What a line without a command, or with the command `help`, means: `cleft help detect` is
/// `cleft detect --help`. In CLI11's order, the last word first; nothing when the line is another one.
std::optional<std::vector<std::string>> words_of_help(const CLI::App& app, int argc,
                                                      const char* const* argv) {
  if (argc < 2) return std::vector<std::string>{"--help"};
  if (std::string(argv[1]) != "help") return std::nullopt;
  if (argc == 2) return std::vector<std::string>{"--help"};
  std::vector<std::string> words{argv[2]};
  const auto named = [&](const CLI::App* command) { return command->get_name() == argv[2]; };
  if (!app.get_subcommands(named).empty()) words.insert(words.begin(), "--help");
  return words;
}

/// The command that the line asks for; nothing when it asks for help or the version, which is then printed.
/// Each rank parses the same line and comes to the same result.
Action parse(const Communicator& comm, int argc, const char* const* argv) {
  CLI::App app("Finds synapses in electron-microscopy volumes, over MPI.", "cleft");
  app.set_version_flag("--version", fmt::format("cleft {} ({})", version(), source_revision()));
  app.footer("Example:\n  mpirun -n 8 cleft detect run.yaml\n'cleft COMMAND --help' explains a command.");
  Action action;
  add_commands(app, action);
  LogOption log;
  add_log_option(app, log);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    add_log_option(*command, log);
  auto words = words_of_help(app, argc, argv);
  try {
    if (words)
      app.parse(*words);
    else
      app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    if (comm.is_root()) app.exit(asked, std::cout, std::cerr);
    return {};
  } catch (const CLI::ParseError& e) {
    log::configure(comm.rank(), comm.size(), log.format, log.level);
    throw usage_error(app, e);
  }
  log::configure(comm.rank(), comm.size(), log.format, log.level);
  refuse_options_as_values(app);
  if (!action)
    throw InputError(
        {.subject = "cleft", .found = "no command", .expected = "one of those that 'cleft --help' lists"});
  return action;
}

}  // namespace

int run_action(const Communicator& comm, const Action& action) {
  try {
    action(comm);
    all_or_throw(comm, check_standard_output);
    return 0;
  } catch (const Stopped& stopped) {  // on every rank
    if (comm.is_root()) log::info("{}; the same command goes on", stopped.what());
    return stopped_exit_code;
  } catch (const CollectiveError& e) {
    return report(comm, failure_of(e));
  } catch (const std::exception& e) {
    const Failure failure = failure_of(e);
    if (comm.size() == 1) return report(comm, failure);
    log::error("rank {}: {}", comm.rank(), failure.line);
    Session::abort(exit_code(failure.kind));
  }
}

int run_cli(const Communicator& comm, int argc, const char* const* argv) {
  log::configure(comm.rank(), comm.size(), log::Format::text);
  return_large_arrays();
  Action action;
  try {
    action = parse(comm, argc, argv);
  } catch (const std::exception& e) {
    return report(comm, failure_of(e));
  }
  return action ? run_action(comm, action) : 0;
}

}  // namespace cleft
