#include "features/passes/pointwise.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"

namespace cleft::features {
namespace {

/// Three images whose rows are of a length that no vector divides, seen through strided views.
class Pointwise : public testing::Test {
 protected:
  static constexpr Extent extent{3, 4, 45};
  View3<const float> image(std::size_t i) const { return storage[i].view().part({0, 1, 2}, extent); }

  /// Compares an operation on every target with a formula for one voxel.
  template <class Operation, class Formula>
  void expect_same(Operation operation, Formula formula) const {
    Array3<float> expected(extent);
    for (std::int64_t z = 0; z < extent.z; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y)
        for (std::int64_t x = 0; x < extent.x; ++x)
          expected(z, y, x) = formula(image(0)(z, y, x), image(1)(z, y, x), image(2)(z, y, x));
    test::on_every_target([&] {
      Array3<float> found(extent);
      operation(found.view());
      EXPECT_EQ(test::differences(found.view(), expected.view()), 0);
    });
  }

  std::vector<Array3<float>> storage = make();

 private:
  static std::vector<Array3<float>> make() {
    std::vector<Array3<float>> images;
    for (std::uint64_t seed = 0; seed < 3; ++seed) images.push_back(test::random_image({3, 6, 50}, seed));
    return images;
  }
};

TEST_F(Pointwise, MultipliesVoxels) {
  expect_same([&](View3<float> out) { multiply(image(0), image(1), out); },
              [](float a, float b, float) { return a * b; });
}

TEST_F(Pointwise, SubtractsVoxels) {
  expect_same([&](View3<float> out) { subtract(image(0), image(1), out); },
              [](float a, float b, float) { return a - b; });
}

TEST_F(Pointwise, AddsFromTheFirstTermOn) {
  const std::vector<View3<const float>> all{image(0), image(1), image(2)};
  expect_same([&](View3<float> out) { add_up(all, out); },
              [](float a, float b, float c) { return (a + b) + c; });
  expect_same([&](View3<float> out) { add_up(std::span(all).first(2), out); },
              [](float a, float b, float) { return a + b; });
}

TEST_F(Pointwise, SumsSquaresFromTheFirstComponentOn) {
  const std::vector<View3<const float>> all{image(0), image(1), image(2)};
  expect_same([&](View3<float> out) { magnitude(all, out); },
              [](float a, float b, float c) { return std::sqrt((a * a + b * b) + c * c); });
  expect_same([&](View3<float> out) { magnitude(std::span(all).first(2), out); },
              [](float a, float b, float) { return std::sqrt(a * a + b * b); });
}

}  // namespace
}  // namespace cleft::features
