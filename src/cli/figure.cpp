#include "pipeline/report/figure.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"

namespace cleft {
namespace {

std::string check_png(const std::string& text) {
  return std::filesystem::path(text).extension() == ".png" ? "" : "'" + text + "' does not end in .png";
}

}  // namespace

void add_figure(CLI::App& app, Action& action) {
  struct Arguments {
    FigureOptions options;
    std::string truth, output;
    bool accept_input = false;
  };
  auto* command = app.add_subcommand("figure", "Draw one section of a run, with what was found, as a PNG");
  const auto a = std::make_shared<Arguments>();
  command->add_option("RUN", a->options.run, "The run directory of a finished detect")
      ->required()
      ->type_name("DIRECTORY");
  command->add_option("-z,--section", a->options.section, "The section, counted from the volume's first, 0")
      ->required()
      ->type_name("SECTION");
  command
      ->add_option(
          "--truth", a->truth,
          "A truth volume: right, false and missed synapses have their own colours, matched over the "
          "whole volume as evaluate does")
      ->type_name("FILE[/DATASET]");
  command->add_option("-o,--output", a->output, "The picture [section-Z.png in the current folder]")
      ->type_name("FILE.png")
      ->check(CLI::Validator(check_png, ""));
  command->add_flag("--force", a->options.force, "Replace the picture if it is there");
  command->add_flag("--accept-input", a->accept_input,
                    "Show the volume that is there now, although it is not the one that the run was made of");
  command->footer(
      "Outlines, numbers as in synapses.csv, and a scale bar. Colours can be told apart with any colour "
      "vision.\n"
      "Example:\n  cleft figure results -z 5\n"
      "  cleft figure results -z 5 --truth phantom.h5/truth/synapses -o judged.png");
  command->callback([&action, a] {
    action = [a](const Communicator& comm) {
      FigureOptions options = a->options;
      if (!a->truth.empty()) options.truth = a->truth;
      options.output = a->output.empty() ? fmt::format("section-{}.png", options.section) : a->output;
      options.other = a->accept_input ? OtherInput::accept : OtherInput::refuse;
      run_figure(comm, options);
    };
  });
}

}  // namespace cleft
