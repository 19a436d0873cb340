#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/enum_words.hpp"
#include "cli/number_text.hpp"

namespace cleft {

/// An option whose values are the words of an enum.
/// \param set  Called with the value when the option is given.
template <HasWords Enum>
CLI::Option* add_word_option(CLI::App& command, const std::string& name, const std::string& help,
                             const std::function<void(Enum)>& set) {
  std::vector<std::string> words;
  for (const auto& entry : EnumWords<Enum>::list) words.emplace_back(entry.word);
  return command
      .add_option_function<std::string>(
          name, [set](const std::string& word) { set(*parse_enum<Enum>(word)); }, help)
      ->check(one_of_the_words(words))
      ->type_name(CLI::detail::join(words, "|"));
}

}  // namespace cleft
