#include "pipeline/report/report.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace cleft {

void add_report(CLI::App& app, Action& action) {
  struct Arguments {
    std::filesystem::path run;
    std::vector<std::string> sets;
    bool accept_input = false;
  };
  auto* command =
      app.add_subcommand("report", "Show what a run found: a page with table, pictures and surfaces");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("RUN", arguments->run, "The run directory of a finished detect")
      ->required()
      ->type_name("DIRECTORY");
  command
      ->add_option("--set", arguments->sets,
                   "Replace a value of the run's configuration, such as report.max_objects; can be given "
                   "several times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_flag("--accept-input", arguments->accept_input,
                    "Show the volume that is there now, although it is not the one that the run was made of");
  command->footer(
      "Writes RUN/report: open its index.html in a browser; no server and no network are needed. An earlier\n"
      "report is replaced, any other folder never. Keys of the section report say how ('cleft config "
      "--show'\n"
      "lists them); no result changes. With report.make: true detect writes the report at its end.\n"
      "Example:\n  mpirun -n 4 cleft report results\n"
      "  cleft report results --set report.choose=sample --set report.max_objects=200");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      run_report(comm, arguments->run, arguments->sets,
                 arguments->accept_input ? OtherInput::accept : OtherInput::refuse);
    };
  });
}

}  // namespace cleft
