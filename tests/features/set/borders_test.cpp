// What features are at the borders of a volume, and what a section of its own means: properties that follow
// from the definition, whatever the filters are.
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "features/convolve.hpp"
#include "features/feature_test_support.hpp"

namespace cleft {
namespace {

FeatureSet all_features(Dimensions dimensions, int sections = 0) {
  FeatureSelection selection = test::selection_of(test::all_kinds, {0.7, 1.6}, dimensions);
  selection.sections = sections;
  return {selection, std::nullopt};
}

/// `image` continued by `margin` voxels beyond each border as a mirror there would show it.
Array3<float> mirrored(const Array3<float>& image, const Extent& margin) {
  const Extent inner = image.extent();
  Array3<float> result(inner + 2 * margin);
  const auto source = [](std::int64_t at, std::int64_t border, std::int64_t n) {
    std::int64_t i = at - border;
    while (i < 0 || i >= n) i = i < 0 ? -i : 2 * (n - 1) - i;
    return i;
  };
  for (std::int64_t z = 0; z < result.extent().z; ++z)
    for (std::int64_t y = 0; y < result.extent().y; ++y)
      for (std::int64_t x = 0; x < result.extent().x; ++x)
        result(z, y, x) =
            image(source(z, margin.z, inner.z), source(y, margin.y, inner.y), source(x, margin.x, inner.x));
  return result;
}

/// Compares features at the borders with those inside an image that really goes on as its mirror.
void expect_borders_are_mirrors(const FeatureSet& set, const Array3<float>& image) {
  const Extent halo = set.halo();
  const Array3<float> wide = mirrored(image, halo);
  const Box inside{GlobalVoxel{} + halo, GlobalVoxel{} + halo + image.extent()};
  const auto at_borders = test::features_of(set, image.view()),
             inner = test::features_of(set, wide.view(), inside, halo);
  const auto names = set.channel_names();
  for (std::size_t c = 0; c < names.size(); ++c)
    EXPECT_EQ(test::differences(at_borders.images[c].view(), inner.images[c].view()), 0) << names[c];
}

TEST(Borders, AreMirrorsForFiltersOfTheImage) {
  std::vector<FeatureKind> kinds = test::all_kinds;
  std::erase(kinds, FeatureKind::structure_tensor_eigenvalues);
  for (const Dimensions dimensions : {Dimensions::three, Dimensions::two})
    expect_borders_are_mirrors({test::selection_of(kinds, {0.7, 1.6}, dimensions), std::nullopt},
                               test::random_volume({9, 10, 11}));
}

/// The tensor averages products of slopes, and it is those that are mirrored: the product of a slope across
/// the border and one along it would change its sign in a mirrored image. Where slopes have one direction
/// there is no such product.
TEST(Borders, AreMirrorsForTheStructureTensorOfStripes) {
  const FeatureSet set(test::selection_of({FeatureKind::structure_tensor_eigenvalues}, {0.7, 1.6}),
                       std::nullopt);
  const Array3<float> profile = test::random_volume({1, 1, 12}, 3);
  for (const int axis : {0, 1, 2}) {
    Array3<float> stripes({12, 12, 12});
    for (std::int64_t n = 0; n < stripes.size(); ++n)
      stripes.data()[n] = profile(0, 0, (voxel_at(n, stripes.extent()) - GlobalVoxel{})[axis]);
    expect_borders_are_mirrors(set, stripes);
  }
}

/// A mirror shows no slope across itself.
TEST(Borders, OfARampAreFlatAcrossAndSteepAlong) {
  Array3<float> ramp({12, 12, 12});
  for (std::int64_t z = 0; z < 12; ++z)
    for (std::int64_t y = 0; y < 12; ++y)
      for (std::int64_t x = 0; x < 12; ++x) ramp(z, y, x) = static_cast<float>(3 * z + 4 * y + 12 * x);
  const FeatureSet set(test::selection_of({FeatureKind::gaussian_gradient_magnitude}, {0.7}), std::nullopt);
  const auto slope = test::features_of(set, ramp.view());
  const Array3<float>& s = slope.images[0];
  EXPECT_NEAR(s(6, 6, 6), 13, 1e-3);
  EXPECT_NEAR(s(6, 6, 0), 5, 1e-3);  // what is left of (3, 4, 12) without x
  EXPECT_NEAR(s(6, 6, 11), 5, 1e-3);
  EXPECT_NEAR(s(0, 6, 11), 4, 1e-3);
  EXPECT_NEAR(s(6, 11, 0), 3, 1e-3);
  EXPECT_NEAR(s(0, 0, 0), 0, 1e-3);
}

TEST(Borders, ReflectIndicesAsOftenAsNeeded) {
  const std::vector<std::int64_t> expected{2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2};
  for (std::int64_t i = -4; i <= 8; ++i)
    EXPECT_EQ(reflected(i, 4), expected[static_cast<std::size_t>(i + 4)]) << i;
  for (std::int64_t i = -3; i <= 3; ++i) {
    EXPECT_EQ(reflected(i, 1), 0);
    EXPECT_EQ(reflected(i, 2), std::abs(i) % 2);
  }
}

TEST(FeaturesPerSection, AreThoseOfEachSectionAsAnImageOfItsOwn) {
  const Array3<float> volume = test::random_volume({5, 14, 17});
  const FeatureSet set = all_features(Dimensions::two);
  EXPECT_EQ(set.halo().z, 0);
  const auto together = test::features_of(set, volume.view());
  for (std::int64_t z = 0; z < 5; ++z) {
    const auto section = Array3<float>::copy_of(volume.view().part({z, 0, 0}, {1, 14, 17}));
    const auto alone = test::features_of(set, section.view());
    for (std::size_t c = 0; c < together.images.size(); ++c)
      EXPECT_EQ(
          test::differences(together.images[c].view().part({z, 0, 0}, {1, 14, 17}), alone.images[c].view()),
          0)
          << "section " << z << ", channel " << c;
  }
}

TEST(FeaturesPerSection, OfANeighbourAreTheNeighboursOwn) {
  const Array3<float> volume = test::random_volume({5, 9, 12});
  const FeatureSet set = all_features(Dimensions::two, 2), own = all_features(Dimensions::two);
  const auto found = test::features_of(set, volume.view()), plain = test::features_of(own, volume.view());
  for (std::size_t f = 0; f < set.features().size(); ++f)
    for (const int dz : {-2, -1, 0, 1, 2})
      for (int i = 0; i < set.channels_of(f); ++i) {
        const auto& at = found.images[static_cast<std::size_t>(set.first_channel(f, dz) + i)];
        const auto& of = plain.images[static_cast<std::size_t>(own.first_channel(f, 0) + i)];
        for (std::int64_t z = 0; z < 5; ++z) {
          const std::int64_t neighbour =
              std::vector<std::int64_t>{2, 1, 0, 1, 2, 3, 4, 3, 2}[static_cast<std::size_t>(z + dz + 2)];
          EXPECT_EQ(test::differences(at.view().part({z, 0, 0}, {1, 9, 12}),
                                      of.view().part({neighbour, 0, 0}, {1, 9, 12})),
                    0)
              << "feature " << f << ", section " << z << (dz < 0 ? " " : " +") << dz;
        }
      }
}

/// Values that a filter of finite reach cannot see do not change it: moved by whole voxels, an object keeps
/// its features.
TEST(Features, MoveWithTheImage) {
  const FeatureSet set(test::selection_of(test::all_kinds, {1.0}), std::nullopt);
  const Extent halo = set.halo(), patch{6, 7, 8}, shift{1, 2, 5};
  const Array3<float> spot = test::random_image(patch, 4);
  const auto with_spot_at = [&](const Extent& at) {
    Array3<float> image(patch + 4 * halo);
    for (std::int64_t z = 0; z < patch.z; ++z)
      for (std::int64_t y = 0; y < patch.y; ++y)
        for (std::int64_t x = 0; x < patch.x; ++x) image(z + at.z, y + at.y, x + at.x) = spot(z, y, x);
    return test::features_of(set, image.view());
  };
  const auto here = with_spot_at(halo + halo), there = with_spot_at(halo + halo - shift);
  const Extent seen = patch + 2 * (halo - shift);
  for (std::size_t c = 0; c < here.images.size(); ++c) {
    const LocalVoxel first = LocalVoxel{} + halo + shift;
    EXPECT_EQ(test::differences(here.images[c].view().part(first, seen),
                                there.images[c].view().part(first - shift, seen)),
              0)
        << c;
  }
}

}  // namespace
}  // namespace cleft
