#include "io/volume/element_type.hpp"

#include <array>
#include <string_view>

namespace cleft {
namespace {

constexpr std::array<std::string_view, 10> type_names{"uint8", "uint16", "uint32", "uint64",  "int8",
                                                      "int16", "int32",  "int64",  "float32", "float64"};

}  // namespace

std::string to_string(ElementType type) {
  return std::string(type_names.at(static_cast<std::size_t>(type)));
}

std::size_t size_of(ElementType type) {
  return visit_type(type, [](auto value) { return sizeof(value); });
}

}  // namespace cleft
