#include "cli/usage.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text/nearest.hpp"

namespace cleft {
namespace {

/// The command that was recognised on the line, or `app` itself.
const CLI::App& recognised_command(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

/// "cleft" or "cleft detect".
std::string command_name(const CLI::App& app, const CLI::App& command) {
  return &app == &command ? app.get_name() : app.get_name() + " " + command.get_name();
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

bool is_number(const std::string& text) {
  double number = 0;
  return CLI::detail::lexical_cast(text, number);
}

bool looks_like_option(const std::string& text) {
  return text.size() > 1 && text[0] == '-' && !is_number(text);
}

InputError unknown_word(const CLI::App& app, const std::string& word) {
  const CLI::App& command = recognised_command(app);
  const std::string name = command_name(app, command);
  if (looks_like_option(word)) {
    const std::string bare = word.substr(0, word.find('='));
    return InputError({.subject = bare,
                       .found = fmt::format("not an option of '{}'", name),
                       .expected = fmt::format("one that '{1} --help' lists; the nearest is {0}",
                                               nearest(bare, option_names(command)), name)});
  }
  if (&command == &app)
    return InputError({.subject = word,
                       .found = fmt::format("not a command of {}", name),
                       .expected = fmt::format("one that '{1} --help' lists; the nearest is {0}",
                                               nearest(word, command_names(app)), name)});
  return InputError({.subject = word,
                     .found = fmt::format("one argument too many for '{}'", name),
                     .expected = fmt::format("what '{} --help' shows", name)});
}

}  // namespace

InputError usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.remaining(true);
  if (!unknown.empty()) return unknown_word(app, unknown.front());
  const std::string name = command_name(app, recognised_command(app));
  return InputError(
      {.subject = name, .found = error.what(), .expected = fmt::format("what '{} --help' shows", name)});
}

void refuse_options_as_values(const CLI::App& app) {
  const CLI::App& command = recognised_command(app);
  for (const CLI::Option* option : command.get_options())
    for (const std::string& value : option->results())
      if (looks_like_option(value))
        throw InputError({.subject = option->get_name(),
                          .found = fmt::format("'{}' where its value should be", value),
                          .expected = fmt::format("a value (a file named so is written './{}')", value)});
}

}  // namespace cleft
