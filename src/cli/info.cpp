#include <iostream>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "parallel/agree.hpp"
#include "pipeline/describe/describe_any.hpp"

namespace cleft {

void add_info(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "info", "Say what is in a volume, a model file, an ilastik project or a run directory");
  struct Arguments {
    std::string what;
    DescribeOptions options;
  };
  const auto arguments = std::make_shared<Arguments>();
  command
      ->add_option(
          "WHAT", arguments->what,
          "An HDF5 file, a dataset in one (file.h5/raw), a model file, an ilastik project or a run directory")
      ->required()
      ->type_name("PATH");
  command->add_flag(
      "--verify", arguments->options.verify,
      "Of a run directory: read all of the probability, too, and compare it with its checksums");
  command->add_flag("--follow-links", arguments->options.follow_links,
                    "Also look where links and virtual datasets lead out of the file's folder");
  command->footer("Example:\n  cleft info raw.h5/raw");
  command->callback([&action, arguments] {
    action = [arguments](const Communicator& comm) {
      all_or_throw(comm, [&] {
        if (!comm.is_root()) return;
        // All that is known is printed before what is wrong with a run ends the program.
        const Description description = describe_any(arguments->what, arguments->options);
        std::cout << description.text << std::flush;
        if (!description.damaged.empty())
          throw InputError({arguments->what,
                            fmt::format("holds damaged results: {}", fmt::join(description.damaged, ", ")),
                            "what cleft wrote; cleft detect makes it again"});
      });
    };
  });
}

}  // namespace cleft
