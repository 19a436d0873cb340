#pragma once

#include <array>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/box.hpp"

namespace cleft {

/// An option that takes three comma-separated numbers, z,y,x.
/// \param set  Called with them when the option is given.
template <class T>
CLI::Option* add_per_axis(CLI::App& command, const std::string& name, const std::string& help,
                          const std::function<void(const PerAxis<T>&)>& set) {
  return command
      .add_option_function<std::array<T, 3>>(
          name,
          [set](const std::array<T, 3>& given) {
            set({given[0], given[1], given[2]});
          },
          help)
      ->delimiter(',')
      ->type_name("z,y,x");
}

}  // namespace cleft
