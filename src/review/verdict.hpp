#pragma once

#include <cstdint>

#include "base/enum_words.hpp"

namespace cleft {

/// What a person says of an object.
enum class Verdict : std::uint8_t {
  accept,  ///< it is a synapse
  reject,  ///< it is none
  unsure,  ///< it was looked at, and may be either
};

template <>
struct EnumWords<Verdict> {
  static constexpr auto list = std::to_array<EnumWord<Verdict>>(
      {{Verdict::accept, "accept"}, {Verdict::reject, "reject"}, {Verdict::unsure, "unsure"}});
};

}  // namespace cleft
