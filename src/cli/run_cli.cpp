#include "cli/run_cli.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/usage.hpp"
#include "parallel/agree.hpp"
#include "parallel/session.hpp"

namespace cleft {
namespace {

/// Every command of the program, in the order of the help.
void add_commands(CLI::App& app, Action& action) {
  add_phantom(app, action);
  add_train(app, action);
  add_detect(app, action);
  add_evaluate(app, action);
  add_info(app, action);
  add_config(app, action);
}

/// `--log` can stand before or after the command.
void add_log_option(CLI::App& command, log::Format& format) {
  command
      .add_option_function<std::string>(
          "--log",
          [&format](const std::string& name) {
            format = name == "json" ? log::Format::json : log::Format::text;
          },
          "How lines on standard error look: text for people, json (one object per line) for machines")
      ->check(CLI::IsMember({"text", "json"}))
      ->default_str("text")
      ->type_name("text|json")
      ->trigger_on_parse();
}

/// The exit code and the one line that an exception means to the user.
struct Failure {
  int exit_code;
  std::string line;
};

Failure describe(const std::exception& e) {
  if (const auto* error = dynamic_cast<const Error*>(&e)) return {exit_code(error->kind()), error->what()};
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr)
    return {exit_code(ErrorKind::io),
            "memory: exhausted; expected more memory per rank or a smaller run.memory_per_rank"};
  if (dynamic_cast<const std::filesystem::filesystem_error*>(&e) != nullptr)
    return {exit_code(ErrorKind::io), e.what()};
  return {exit_code(ErrorKind::internal), std::string("internal error: ") + e.what()};
}

/// Reports an error that all ranks have: one line, and each rank goes on to end the program by itself.
int report_agreed(const Communicator& comm, const Failure& failure) {
  if (comm.is_root()) log::error("{}", failure.line);
  return failure.exit_code;
}

/// Reports an error that this rank alone may have. Other ranks may be waiting for it, so the job ends here.
int report_alone(const Communicator& comm, const Failure& failure) {
  if (comm.size() == 1) return report_agreed(comm, failure);
  log::error("rank {}: {}", comm.rank(), failure.line);
  Session::abort(failure.exit_code);
}

/// What the line asks for; nothing when it asked for help or the version, which has then been printed.
/// Each rank parses the same line and comes to the same result.
Action parse(const Communicator& comm, int argc, const char* const* argv) {
  CLI::App app("Finds synapses in electron-microscopy volumes, over MPI.", "cleft");
  app.set_version_flag("--version", fmt::format("cleft {} ({})", version(), source_revision()));
  app.footer("Example:\n  mpirun -n 8 cleft detect run.yaml\n'cleft COMMAND --help' explains a command.");
  Action action;
  add_commands(app, action);
  log::Format format = log::Format::text;
  add_log_option(app, format);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    add_log_option(*command, format);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    if (comm.is_root()) app.exit(asked, std::cout, std::cerr);
    return {};
  } catch (const CLI::ParseError& e) {
    log::configure(comm.rank(), format);
    throw usage_error(app, e);
  }
  log::configure(comm.rank(), format);
  refuse_options_as_values(app);
  if (!action)
    throw InputError(
        {.subject = "cleft", .found = "no command", .expected = "one of those that 'cleft --help' lists"});
  return action;
}

}  // namespace

int run_cli(const Communicator& comm, int argc, const char* const* argv) {
  log::configure(comm.rank(), log::Format::text);
  Action action;
  try {
    action = parse(comm, argc, argv);
  } catch (const Error& e) {
    return report_agreed(comm, describe(e));
  }
  try {
    if (action) action(comm);
    return 0;
  } catch (const CollectiveError& e) {
    return report_agreed(comm, describe(e));
  } catch (const std::exception& e) {
    return report_alone(comm, describe(e));
  }
}

}  // namespace cleft
