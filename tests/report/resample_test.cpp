#include "report/resample.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

std::vector<float> resampled(const std::vector<float>& values, std::int64_t rows, std::int64_t columns,
                             std::int64_t height, std::int64_t width) {
  Resampler resampler(rows, columns, height, width);
  for (std::int64_t row = 0; row < rows; ++row)
    resampler.add_row(std::span(values).subspan(to_size(row * columns), to_size(columns)));
  return resampler.picture();
}

/// The same from the definition: a sum over all voxels of the area that they share with the pixel.
float plain_pixel(const std::vector<float>& values, std::int64_t rows, std::int64_t columns, double height,
                  double width, std::int64_t y, std::int64_t x) {
  double sum = 0;
  const auto shared = [](double a0, double a1, double b0, double b1) {
    return std::max(0.0, std::min(a1, b1) - std::max(a0, b0));
  };
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t column = 0; column < columns; ++column) {
      const auto r = narrow<double>(row) * height / narrow<double>(rows);
      const auto c = narrow<double>(column) * width / narrow<double>(columns);
      sum += values[to_size(row * columns + column)] *
             shared(r, r + height / narrow<double>(rows), narrow<double>(y), narrow<double>(y + 1)) *
             shared(c, c + width / narrow<double>(columns), narrow<double>(x), narrow<double>(x + 1));
    }
  return static_cast<float>(sum);
}

TEST(Resample, is_the_mean_over_each_pixel) {
  const std::int64_t rows = 7, columns = 11;
  std::vector<float> values;
  for (int i = 0; i < rows * columns; ++i) values.push_back(static_cast<float>(i * 37 % 101));
  for (const auto& [height, width] :
       {std::pair(7, 11), std::pair(3, 4), std::pair(14, 5), std::pair(20, 30), std::pair(1, 1)}) {
    const auto picture = resampled(values, rows, columns, height, width);
    ASSERT_EQ(picture.size(), to_size(height * width));
    for (std::int64_t y = 0; y < height; ++y)
      for (std::int64_t x = 0; x < width; ++x)
        EXPECT_NEAR(picture[to_size(y * width + x)], plain_pixel(values, rows, columns, height, width, y, x),
                    1e-3);
  }
}

TEST(Resample, leaves_a_picture_of_the_same_size_as_it_is) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(resampled(values, 2, 3, 2, 3), values);
}

TEST(Resample, counts_nan_as_zero) {
  const std::vector<float> values{std::numeric_limits<float>::quiet_NaN(), 4};
  EXPECT_EQ(resampled(values, 1, 2, 1, 1), (std::vector<float>{2}));
}

}  // namespace
}  // namespace cleft
