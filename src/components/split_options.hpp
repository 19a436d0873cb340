#pragma once

#include "base/enum_words.hpp"

namespace cleft {

/// What touching objects are told apart by.
enum class Split {
  none,      ///< a component is one object
  cores,     ///< its cores of synaptic size
  distance,  ///< the places that lie deepest in it
};

template <>
struct EnumWords<Split> {
  static constexpr auto list = std::to_array<EnumWord<Split>>(
      {{Split::none, "none"}, {Split::cores, "cores"}, {Split::distance, "distance"}});
};

/// How components become objects, in the `components` section of the configuration.
struct SplitOptions {
  Split by = Split::none;
  double distance_nm = 50;  ///< between the deepest places of two objects, at least; with Split::distance

  friend bool operator==(const SplitOptions&, const SplitOptions&) = default;
};

}  // namespace cleft
