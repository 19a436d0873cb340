#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

namespace cleft {

/// The types of numbers that a dataset may hold. Truth values count as uint8.
enum class ElementType { uint8, uint16, uint32, uint64, int8, int16, int32, int64, float32, float64 };

/// "uint8", ...
std::string to_string(ElementType type);
/// Bytes of one element.
std::size_t size_of(ElementType type);

constexpr bool holds_floats(ElementType type) {
  return type == ElementType::float32 || type == ElementType::float64;
}

/// The ElementType that T is.
/// \tparam T  An integer of 8 to 64 bits, float or double.
template <class T>
constexpr ElementType element_type_of() {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
  if constexpr (std::is_floating_point_v<T>)
    return sizeof(T) == 4 ? ElementType::float32 : ElementType::float64;
  else if constexpr (std::is_signed_v<T>)
    return sizeof(T) == 1   ? ElementType::int8
           : sizeof(T) == 2 ? ElementType::int16
           : sizeof(T) == 4 ? ElementType::int32
                            : ElementType::int64;
  else
    return sizeof(T) == 1   ? ElementType::uint8
           : sizeof(T) == 2 ? ElementType::uint16
           : sizeof(T) == 4 ? ElementType::uint32
                            : ElementType::uint64;
}

/// Calls visit(T{}) with a value of the C++ type that `type` stands for, and returns what it returns.
template <class Visit>
decltype(auto) visit_type(ElementType type, const Visit& visit) {
  switch (type) {
    case ElementType::uint8:
      return visit(std::uint8_t{});
    case ElementType::uint16:
      return visit(std::uint16_t{});
    case ElementType::uint32:
      return visit(std::uint32_t{});
    case ElementType::uint64:
      return visit(std::uint64_t{});
    case ElementType::int8:
      return visit(std::int8_t{});
    case ElementType::int16:
      return visit(std::int16_t{});
    case ElementType::int32:
      return visit(std::int32_t{});
    case ElementType::int64:
      return visit(std::int64_t{});
    case ElementType::float32:
      return visit(float{});
    case ElementType::float64:
      break;
  }
  return visit(double{});
}

}  // namespace cleft
