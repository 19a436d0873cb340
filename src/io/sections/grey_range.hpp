#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "io/volume/element_type.hpp"

namespace cleft {

/// Values that become 0 and 255; those between them go linearly, those beyond are cut.
struct GreyRange {
  double low = 0, high = 255;
};

/// Scales values of any type to 8 bits, rounded to the nearest.
/// \param values   Of `type`, in native byte order.
/// \param subject  Whose values they are, for messages.
/// \pre    low < high; `out` has room for a byte for each value.
/// \throws InputError when a value is no number.
void scale_to_bytes(ElementType type, std::span<const std::byte> values, const GreyRange& range,
                    const std::string& subject, std::span<std::byte> out);

}  // namespace cleft
