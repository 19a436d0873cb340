#include "pipeline/convert/export_model.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.hpp"

namespace cleft {

void add_export_model(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("export-model",
                                     "Turn an ilastik project into a model file, or a model into a project");
  const auto job = std::make_shared<ExportModelJob>();
  command->add_option("FROM", job->from, "An ilastik project (.ilp) or a model file")
      ->required()
      ->type_name("PATH");
  command->add_option("TO", job->to, "The model file or project to write")->required()->type_name("PATH");
  command
      ->add_option("--project", job->project,
                   "With a model: the project whose copy TO becomes, with the model's forest and features")
      ->type_name("PATH");
  std::vector<std::string> dialects;
  for (const auto& entry : EnumWords<FilterDialect>::list) dialects.emplace_back(entry.word);
  command
      ->add_option_function<std::string>(
          "--structure-tensor",
          [job](const std::string& text) { job->dialect = parse_enum<FilterDialect>(text).value(); },
          "With a project: the dialect of its ilastik")
      ->check(CLI::IsMember(dialects))
      ->type_name(fmt::format("{}", fmt::join(dialects, "|")))
      ->default_str(std::string(to_string(job->dialect)));
  command->add_flag("--force", job->force, "Replace TO when it exists");
  command->footer(
      "Example:\n  cleft export-model my.ilp synapse.model.h5\n"
      "  cleft export-model synapse.model.h5 trained.ilp --project my.ilp");
  command->callback(
      [&action, job] { action = [job](const Communicator& comm) { run_export_model(comm, *job); }; });
}

}  // namespace cleft
