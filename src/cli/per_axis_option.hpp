#pragma once

#include <functional>
#include <string>
#include <type_traits>

#include <CLI/CLI.hpp>

#include "base/box.hpp"
#include "cli/number_text.hpp"

namespace cleft {

/// An option that takes three comma-separated numbers, z,y,x.
/// \tparam T   double or std::int64_t.
/// \param set  Called with them when the option is given.
template <class T>
CLI::Option* add_per_axis(CLI::App& command, const std::string& name, const std::string& help,
                          const std::function<void(const PerAxis<T>&)>& set) {
  return command
      .add_option_function<std::string>(
          name,
          [name, set](const std::string& text) {
            const auto given = numbers_in<T>(text, ',');
            if (!given || given->size() != 3)
              throw CLI::ValidationError(name, not_three_numbers(text, std::is_integral_v<T>));
            set({given->at(0), given->at(1), given->at(2)});
          },
          help)
      ->type_name("z,y,x");
}

}  // namespace cleft
