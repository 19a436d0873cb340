#include "io/volume/element_type.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(ElementTypes, HaveTheirNamesAndSizes) {
  const auto check = [](auto value, const char* name) {
    const ElementType type = element_type_of<decltype(value)>();
    EXPECT_EQ(to_string(type), name);
    EXPECT_EQ(size_of(type), sizeof(value));
    EXPECT_TRUE(visit_type(type, [](auto v) { return std::is_same_v<decltype(v), decltype(value)>; }));
  };
  check(std::uint8_t{}, "uint8");
  check(std::uint16_t{}, "uint16");
  check(std::uint32_t{}, "uint32");
  check(std::uint64_t{}, "uint64");
  check(std::int8_t{}, "int8");
  check(std::int16_t{}, "int16");
  check(std::int32_t{}, "int32");
  check(std::int64_t{}, "int64");
  check(float{}, "float32");
  check(double{}, "float64");
}

}  // namespace
}  // namespace cleft
