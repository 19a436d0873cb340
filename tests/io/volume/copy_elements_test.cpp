#include "io/volume/copy_elements.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

/// One element converted; nothing when it cannot be.
template <class To, class From>
std::optional<To> converted(From value, Conversion conversion = Conversion::exact) {
  To out{};
  const StridedElements one{&value, element_type_of<From>(), {1, 1, 1}};
  const auto misfit = copy_elements(one, conversion, View3<To>(&out, {1, 1, 1}));
  return misfit ? std::nullopt : std::optional(out);
}

TEST(CopyElements, ConvertsIntegersThatFit) {
  EXPECT_EQ(converted<std::uint8_t>(std::uint16_t{255}), 255);
  EXPECT_EQ(converted<std::uint8_t>(std::uint16_t{256}), std::nullopt);
  EXPECT_EQ(converted<std::uint8_t>(std::int8_t{-1}), std::nullopt);
  EXPECT_EQ(converted<std::uint64_t>(std::int64_t{-1}), std::nullopt);
  EXPECT_EQ(converted<std::uint64_t>(std::numeric_limits<std::uint64_t>::max()),
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(converted<std::int64_t>(std::uint64_t{1} << 63U), std::nullopt);
  EXPECT_EQ(converted<std::int64_t>(std::numeric_limits<std::int64_t>::min()),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(converted<std::uint16_t>(std::uint32_t{65536}), std::nullopt);
}

TEST(CopyElements, ConvertsFloatsThatAreWholeNumbers) {
  EXPECT_EQ(converted<std::uint8_t>(255.0), 255);
  EXPECT_EQ(converted<std::uint8_t>(-0.0F), 0);
  for (const double misfit : {0.5, 256.0, -1.0, 1e300, std::nan(""), HUGE_VAL, -HUGE_VAL})
    EXPECT_EQ(converted<std::uint8_t>(misfit), std::nullopt) << misfit;
  EXPECT_EQ(converted<std::uint64_t>(0x1p63), std::uint64_t{1} << 63U);
  EXPECT_EQ(converted<std::uint64_t>(0x1p64), std::nullopt);
  EXPECT_EQ(converted<std::int64_t>(-0x1p63), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(converted<std::int64_t>(0x1p63), std::nullopt);
  EXPECT_EQ(converted<std::int64_t>(0x1p63F), std::nullopt);
}

TEST(CopyElements, ConvertsToFloatWhatFloatHoldsExactly) {
  constexpr std::int32_t all_bits = 1 << 24;
  EXPECT_EQ(converted<float>(all_bits), 0x1p24F);
  EXPECT_EQ(converted<float>(all_bits + 1), std::nullopt);
  EXPECT_EQ(converted<float>(all_bits + 2), 0x1p24F + 2);
  EXPECT_EQ(converted<float>(-all_bits - 1), std::nullopt);
  EXPECT_EQ(converted<float>(std::numeric_limits<std::int32_t>::min()), -0x1p31F);
  EXPECT_EQ(converted<float>(std::numeric_limits<std::int64_t>::min()), -0x1p63F);
  EXPECT_EQ(converted<float>(std::numeric_limits<std::uint64_t>::max()), std::nullopt);
  EXPECT_EQ(converted<float>(std::uint64_t{1} << 63U), 0x1p63F);
  EXPECT_EQ(converted<float>(std::int16_t{-32768}), -32768.0F);
  EXPECT_EQ(converted<float>(0.25), 0.25F);
  EXPECT_EQ(converted<float>(0.1), std::nullopt);
  EXPECT_EQ(converted<float>(1e-50), std::nullopt);
  EXPECT_EQ(converted<float>(1e300), std::nullopt);
  EXPECT_EQ(converted<float>(HUGE_VAL), HUGE_VALF);
  EXPECT_TRUE(std::isnan(converted<float>(std::nan("")).value()));
  EXPECT_TRUE(std::signbit(converted<float>(-0.0).value()));
}

TEST(CopyElements, RoundsToFloatWhereThatIsAskedFor) {
  constexpr auto nearest = Conversion::nearest;
  EXPECT_EQ(converted<float>(0.1, nearest), 0.1F);
  EXPECT_EQ(converted<float>(4000000001U, nearest), 4000000000.0F);
  EXPECT_EQ(converted<float>((1 << 24) + 1, nearest), 0x1p24F);  // to even
  EXPECT_EQ(converted<float>((1 << 24) + 3, nearest), 0x1p24F + 4);
  EXPECT_EQ(converted<float>(1e300, nearest), std::nullopt);
  EXPECT_EQ(converted<std::uint8_t>(0.5, nearest), std::nullopt);  // labels are never rounded
}

/// float has 24 bits: that a 32-bit integer is exact can be told by double, which holds both.
TEST(CopyElements, TellsExactIntegersAsComparingInDoubleDoes) {
  std::uint32_t value = 1;
  for (int i = 0; i < 100000; ++i) {
    value = value * 1664525U + 1013904223U;
    for (const auto tried : {value, value >> (value % 17), value << (value % 17)}) {
      const auto rounded = static_cast<float>(tried);
      const bool exact = static_cast<double>(rounded) == static_cast<double>(tried);
      ASSERT_EQ(converted<float>(tried), exact ? std::optional(rounded) : std::nullopt) << tried;
    }
  }
}

TEST(CopyElements, TransposesWhateverTheOrderOfAxes) {
  const Extent extent{37, 5, 70};  // more than a tile along two axes
  std::vector<std::uint32_t> elements(static_cast<std::size_t>(voxel_count(extent)));
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<std::uint32_t>(i);
  const PerAxis<std::int64_t> orders[] = {{extent.y * extent.x, extent.x, 1},   // z, y, x
                                          {1, extent.z, extent.z * extent.y},   // x, y, z
                                          {extent.x, extent.x * extent.z, 1},   // y, z, x
                                          {1, extent.z * extent.x, extent.z}};  // y, x, z
  for (const auto& stride : orders) {
    Array3<std::uint64_t> out(extent);
    ASSERT_FALSE(
        copy_elements({elements.data(), ElementType::uint32, stride}, Conversion::exact, out.view()));
    for (std::int64_t z = 0; z < extent.z; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y)
        for (std::int64_t x = 0; x < extent.x; ++x)
          ASSERT_EQ(out(z, y, x), static_cast<std::uint64_t>(z * stride.z + y * stride.y + x * stride.x));
  }
}

TEST(CopyElements, NamesTheMisfitAndItsPlace) {
  std::vector<double> elements(40 * 50, 3);
  elements[33 * 50 + 41] = 2.5;
  Array3<std::uint8_t> out({1, 50, 40});  // the transpose
  const auto misfit =
      copy_elements({elements.data(), ElementType::float64, {0, 1, 50}}, Conversion::exact, out.view());
  ASSERT_TRUE(misfit);
  EXPECT_EQ(misfit->at, (LocalVoxel{0, 41, 33}));
  EXPECT_EQ(misfit->value, "2.5");
}

}  // namespace
}  // namespace cleft
