#include "io/volume/label_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "io/volume/mask_reader.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::uint64_t background = cremi_background, invalid = cremi_invalid;

class LabelValues : public testing::Test {
 protected:
  template <class T>
  VolumeReader stored(const std::vector<T>& values) {
    h5::write_file(dir / "l.h5", [&](h5::File& file) { file.write("l", values, {1, 1, values.size()}); });
    return VolumeReader({dir / "l.h5", "/l"});
  }
  template <class T>
  std::vector<std::uint64_t> labels(const std::vector<T>& values) {
    const VolumeReader reader = stored(values);
    Array3<std::uint64_t> read(reader.extent());
    read_label_values(reader, whole_box(reader.extent()), read.view());
    return {read.voxels().begin(), read.voxels().end()};
  }
  template <class T>
  std::vector<int> mask(const std::vector<T>& values) {
    const VolumeReader reader = stored(values);
    Array3<std::uint8_t> read(reader.extent());
    read_mask_values(reader, whole_box(reader.extent()), read.view());
    return {read.voxels().begin(), read.voxels().end()};
  }
  test::TempDirectory dir;
};

TEST_F(LabelValues, SpecialValuesAreFoundInWhatConversionsMakeOfThem) {
  EXPECT_THAT(labels<std::uint64_t>({0, 7, background, invalid}), ElementsAre(0, 7, background, invalid));
  EXPECT_THAT(labels<std::uint32_t>({0, 7, 0xffffffffU, 0xfffffffeU}),
              ElementsAre(0, 7, background, invalid));
  EXPECT_THAT(labels<std::int64_t>({0, 7, -1, -2}), ElementsAre(0, 7, background, invalid));
  EXPECT_THAT(labels<std::int32_t>({0, 7, -1, -2}), ElementsAre(0, 7, background, invalid));
  EXPECT_THAT(labels<double>({0, 7, 4294967295.0, 4294967294.0}), ElementsAre(0, 7, background, invalid));
}

TEST_F(LabelValues, OfNarrowTypesTheyAreLabels) {
  EXPECT_THAT(labels<std::uint8_t>({0, 255, 254}), ElementsAre(0, 255, 254));
  EXPECT_THAT(labels<std::uint16_t>({0, 65535, 65534}), ElementsAre(0, 65535, 65534));
  EXPECT_THAT(labels<std::uint64_t>({0xffffffffULL, 0xfffffffeULL}),
              ElementsAre(0xffffffffULL, 0xfffffffeULL));
}

TEST_F(LabelValues, WhatCannotBeToldApartIsRefused) {
  EXPECT_THAT(
      [&] {
        labels<float>({0, 4294967296.0F});
      },
      ThrowsMessage<InputError>(HasSubstr("holds 4294967296 (float32) at z 0, y 0, x 1")));
  EXPECT_THROW(labels<float>({0, 18446744073709551616.0F}), InputError);
  EXPECT_THROW(labels<double>({0, 18446744073709551616.0}), InputError);
  EXPECT_THROW(labels<std::int64_t>({0, -3}), InputError);
  EXPECT_THROW(labels<std::int8_t>({0, -1}), InputError);
  EXPECT_THROW(labels<float>({0, 0.5F}), InputError);
}

TEST_F(LabelValues, AMaskIsAnySegmentation) {
  EXPECT_THAT(mask<std::uint8_t>({0, 1, 255}), ElementsAre(0, 1, 1));
  EXPECT_THAT(mask<std::uint16_t>({0, 300, 65535}), ElementsAre(0, 1, 1));
  EXPECT_THAT(mask<std::uint32_t>({0, 256, 0xffffffffU, 0xfffffffeU}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(mask<std::uint64_t>({0, 70000, background, invalid}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(mask<std::int8_t>({0, -1, 5}), ElementsAre(0, 1, 1));
  EXPECT_THAT(mask<std::int32_t>({0, -1, -2, -3, 256}), ElementsAre(0, 0, 0, 1, 1));
  EXPECT_THAT(mask<float>({0, 12}), ElementsAre(0, 1));
  EXPECT_THROW(mask<float>({0, 0.25F}), InputError);
}

TEST_F(LabelValues, AMaskOfSpecialValuesAloneIsNotTakenForNothing) {
  const auto check = [&](const auto& values) { check_mask_means_something(stored(values)); };
  using Wide = std::vector<std::int32_t>;
  using Unsigned = std::vector<std::uint32_t>;
  EXPECT_THAT(
      [&] {
        check(Wide({0, -1, 0}));
      },
      ThrowsMessage<InputError>(testing::AllOf(
          HasSubstr("l.h5:/l: holds -1 (int32) at z 0, y 0, x 1, and beside it nothing that is inside"),
          HasSubstr("expected another number for what is inside, such as 1"))));
  EXPECT_THAT(
      [&] {
        check(Unsigned({0, 0xffffffffU}));
      },
      ThrowsMessage<InputError>(HasSubstr("holds 4294967295 (uint32) at z 0, y 0, x 1")));
  EXPECT_THROW(check(std::vector<std::uint64_t>({0, background})), InputError);
  EXPECT_THROW(check(std::vector<double>({0, 4294967295.0})), InputError);
  EXPECT_NO_THROW(check(Unsigned({0, 0xffffffffU, 4})));
  EXPECT_THROW(check(std::vector<std::int64_t>({-2, 0, -1})), InputError);
  for (const Wide& meant : {Wide{0, -1, 7}, Wide{0, 0, 0}, Wide{0, -3, -1}}) EXPECT_NO_THROW(check(meant));
  testing::internal::CaptureStderr();
  check(std::vector<std::int8_t>({0, 5, 7}));
  check(std::vector<std::uint8_t>({0, 255}));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStderr();
  check(std::vector<std::int8_t>({0, -1}));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("negative numbers are taken as inside"));
  EXPECT_THAT(
      [&] {
        check(std::vector<std::int16_t>({1, 0, -1}));
      },
      ThrowsMessage<InputError>(HasSubstr("holds -1 (int16) at z 0, y 0, x 2 beside numbers above 0")));
}

TEST_F(LabelValues, OutsideOfWhatAMaskCoversIsOutside) {
  h5::write_file(dir / "m.h5", [&](h5::File& file) {
    file.write("m", std::vector<std::int16_t>{1, 0, -4, 300, 5, 6}, {1, 2, 3});
  });
  const MaskReader reader({{dir / "m.h5", "/m"}, {1, 0, -1}});
  EXPECT_EQ(reader.box(), (Box{{1, 0, -1}, {2, 2, 2}}));
  Array3<std::uint8_t> read({2, 2, 4});
  reader.read(whole_box(read.extent()), read.view());
  EXPECT_THAT(std::vector<int>(read.voxels().begin(), read.voxels().end()),
              ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0));
  EXPECT_EQ(count_inside(read.view()), 3);
}

}  // namespace
}  // namespace cleft
