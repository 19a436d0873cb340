#include "cli/usage.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text/nearest.hpp"
#include "base/text/numbers.hpp"

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

/// No option begins with a digit: "-8,8,8" is a value, if a wrong one.
bool looks_like_option(const std::string& text) {
  return text.size() > 1 && text[0] == '-' &&
         std::string_view("0123456789.").find(text[1]) == std::string_view::npos && !is_number(text);
}

/// Options that other programs have for what cleft does in another way.
struct Foreign {
  std::string_view option, instead;
};
constexpr std::string_view ranks = "mpirun -n 4 cleft ..., which starts cleft on 4 ranks";
constexpr std::string_view threads = "--set run.threads_per_rank=4, or the key run.threads_per_rank";
constexpr std::array<Foreign, 13> foreign_options{{
    {"--threads", threads},
    {"--nthreads", threads},
    {"--num-threads", threads},
    {"-t", threads},
    {"-j", threads},
    {"--jobs", threads},
    {"-n", ranks},
    {"-np", ranks},
    {"--np", ranks},
    {"--ranks", ranks},
    {"--memory", "--set run.memory_per_rank=4GiB, or the key run.memory_per_rank"},
    {"--mem", "--set run.memory_per_rank=4GiB, or the key run.memory_per_rank"},
    {"-o", "the key that names the output: model, or run.directory"},
}};

/// What stands for an option of other programs; nothing when it is none. "-j4" is "-j" with its value.
std::string_view instead_of(std::string_view option) {
  for (const auto& [known, instead] : foreign_options) {
    const bool with_value = known.size() == 2 && option.size() > 2 && option.starts_with(known) &&
                            option.find_first_not_of("0123456789", 2) == std::string_view::npos;
    if (option == known || with_value) return instead;
  }
  return {};
}

/// What was probably meant where a word is one too many; empty when nobody knows.
std::string advice_on(const std::string& word) {
  if (is_number(word)) return "numbers of one option with commas between them, as in 45,4.6,4.6";
  for (const std::string_view ending : {".tif", ".tiff", ".png", ".TIF", ".TIFF", ".PNG"})
    if (word.ends_with(ending)) return "a folder, or a pattern in quotes such as 'stack/*.tif'";
  return "";
}

InputError unknown_word(const CLI::App& app, const std::string& word) {
  const CLI::App& command = recognised_command(app);
  const std::string name = command_name(app, command);
  if (looks_like_option(word)) {
    const std::string bare = word.substr(0, word.find('='));
    if (const auto instead = instead_of(bare); !instead.empty())
      return InputError({.subject = bare,
                         .found = fmt::format("not an option of '{}'", name),
                         .expected = std::string(instead)});
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
                     .found = fmt::format("one argument too many for '{0}', see '{0} --help'", name),
                     .expected = advice_on(word)});
}

}  // namespace

InputError usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.remaining(true);
  if (!unknown.empty()) return unknown_word(app, unknown.front());
  const std::string name = command_name(app, recognised_command(app)), what = error.what();
  // CLI11 ends with the value that it cannot take.
  const bool has_comma = has_comma_in_number(std::string_view(what).substr(what.rfind(' ') + 1));
  return InputError({.subject = name,
                     .found = fmt::format("{}{}, see '{} --help'", what,
                                          has_comma ? fmt::format(" ({})", comma_advice) : "", name),
                     .expected = ""});
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
