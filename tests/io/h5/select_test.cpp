#include "io/h5/select.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

h5::Handle space(const h5::Shape& shape) {
  return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), "a", "describe"};
}

TEST(ShapeOf, GoesFromZToX) {
  EXPECT_EQ(shape_of({2, 3, 4}), (h5::Shape{2, 3, 4}));
  EXPECT_EQ(begin_of({{5, 6, 7}, {8, 9, 10}}), (h5::Shape{5, 6, 7}));
  EXPECT_EQ(extent_of(shape_of({2, 3, 4})), (Extent{2, 3, 4}));
}

TEST(SelectBox, SelectsItsElements) {
  const auto selected = h5::select_box(space({4, 5, 6}), {1, 2, 3}, {3, 2, 1}, "a");
  EXPECT_EQ(H5Sget_select_npoints(selected.get()), 6);
  std::array<hsize_t, 3> first{}, last{};
  ASSERT_GE(H5Sget_select_bounds(selected.get(), first.data(), last.data()), 0);
  EXPECT_EQ(first, (std::array<hsize_t, 3>{1, 2, 3}));
  EXPECT_EQ(last, (std::array<hsize_t, 3>{3, 3, 3}));
}

TEST(SelectBox, WhatIsNoPartOfTheSpaceIsABug) {
  EXPECT_THAT(
      [] {
        h5::select_box(space({4, 5}), {2, 0}, {3, 5}, "raw.h5:/raw");
      },
      ThrowsMessage<InternalError>(HasSubstr("raw.h5:/raw: a part outside")));
  EXPECT_THAT(
      [] {
        h5::select_box(space({4, 5}), {0, 0, 0}, {1, 1, 1}, "raw.h5:/raw");
      },
      ThrowsMessage<InternalError>(HasSubstr("of another rank")));
}

}  // namespace
}  // namespace cleft
