#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "forest/files/model_file.hpp"
#include "ilastik/project.hpp"
#include "parallel/agree.hpp"
#include "pipeline/describe/describe_file.hpp"
#include "pipeline/describe/describe_model.hpp"
#include "pipeline/describe/describe_project.hpp"
#include "pipeline/describe/describe_run.hpp"

namespace cleft {
namespace {

/// Prints all that is known of a run before what is wrong with it ends the program.
/// \throws InputError when a file of it is damaged.
void tell_of_run(const std::string& directory, bool verify) {
  const RunDescription run = describe_run(directory, verify);
  std::cout << run.text << std::flush;
  if (!run.damaged.empty())
    throw InputError({directory, fmt::format("holds damaged results: {}", fmt::join(run.damaged, ", ")),
                      "what cleft wrote; cleft detect makes it again"});
}

std::string describe(const std::string& what, bool follow_links) {
  if (is_model_file(what)) return describe_model(what);
  if (is_ilastik_project(what)) return describe_project(what);
  VolumePath path = VolumePath::parse(what);
  path.options.follow_links = follow_links;
  path.options.follow_key = "--follow-links";
  return describe_datasets(path);
}

}  // namespace

void add_info(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "info", "Say what is in a volume, a model file, an ilastik project or a run directory");
  struct Arguments {
    std::string what;
    bool verify = false, follow_links = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  command
      ->add_option(
          "WHAT", arguments->what,
          "An HDF5 file, a dataset in one (file.h5/raw), a model file, an ilastik project or a run directory")
      ->required()
      ->type_name("PATH");
  command->add_flag(
      "--verify", arguments->verify,
      "Of a run directory: read all of the probability, too, and compare it with its checksums");
  command->add_flag("--follow-links", arguments->follow_links,
                    "Also look where links and virtual datasets lead out of the file's folder");
  command->footer("Example:\n  cleft info raw.h5/raw");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      all_or_throw(comm, [&] {
        if (!comm.is_root()) return;
        std::error_code unknown;  // a circle of links is refused where it is opened
        if (std::filesystem::is_directory(arguments->what, unknown))
          tell_of_run(arguments->what, arguments->verify);
        else
          std::cout << describe(arguments->what, arguments->follow_links) << std::flush;
      });
    };
  });
}

}  // namespace cleft
