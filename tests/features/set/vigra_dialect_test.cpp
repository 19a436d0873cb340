#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

constexpr const char* python = "/usr/bin/python3";  // the one that Debian's python3-vigra belongs to

FeatureSet old_set(const std::vector<double>& sigmas, Dimensions dimensions) {
  FeatureSelection selection = test::selection_of(test::all_kinds, sigmas, dimensions);
  selection.dialect = FilterDialect::ilastik_1_2;
  return {selection, std::nullopt};
}

/// Noise, but for a corner of equal voxels, where derivatives are nothing but what rounding leaves.
Array3<float> partly_flat_volume(const Extent& extent) {
  Array3<float> volume = test::random_volume(extent, 7);
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y / 2; ++y)
      for (std::int64_t x = 0; x < extent.x / 2; ++x) volume(z, y, x) = 90.0F;
  return volume;
}

struct Case {
  const char* name;
  Extent volume;
  Dimensions dimensions;
  std::vector<double> sigmas;
  friend void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }
};

class OldDialectSets : public testing::TestWithParam<Case> {
 protected:
  /// All channels, one after the other, as VIGRA's filters compute them.
  std::vector<float> computed_by_vigra(const Array3<float>& volume) const {
    const test::TempDirectory directory;
    const auto grey = volume.voxels();
    std::string bytes(grey.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), grey.data(), bytes.size());
    test::write_bytes(directory / "volume.raw", bytes);
    const std::string command =
        fmt::format("{} -B '{}/tests/features/set/vigra_features.py' '{}' {} {} {} {} '{}' {}", python,
                    CLEFT_SOURCE_DIR, (directory / "volume.raw").string(), volume.extent().z,
                    volume.extent().y, volume.extent().x, GetParam().dimensions == Dimensions::two ? 2 : 3,
                    (directory / "features.raw").string(), fmt::join(GetParam().sigmas, " "));
    EXPECT_EQ(std::system(command.c_str()), 0);
    const std::string result = test::file_bytes(directory / "features.raw");
    std::vector<float> features(result.size() / sizeof(float));
    std::memcpy(features.data(), result.data(), features.size() * sizeof(float));
    return features;
  }
};

TEST_P(OldDialectSets, IsWhatVigraComputesToTheLastBit) {
  if (std::system(fmt::format("{} -c 'import vigra' 2>/dev/null", python).c_str()) != 0)
    GTEST_SKIP() << "skipped: no python3-vigra";
  const Array3<float> volume = partly_flat_volume(GetParam().volume);
  const std::vector<float> expected = computed_by_vigra(volume);
  const FeatureSet set = old_set(GetParam().sigmas, GetParam().dimensions);
  const test::Channels found = test::features_of(set, volume.view());
  ASSERT_EQ(expected.size(), found.images.size() * static_cast<std::size_t>(volume.size()));
  const auto names = set.channel_names();
  for (std::size_t c = 0; c < names.size(); ++c) {
    const float* channel = expected.data() + c * static_cast<std::size_t>(volume.size());
    const View3<const float> right(channel, volume.extent());
    EXPECT_EQ(test::differences(found.images[c].view(), right), 0) << names[c];
  }
}

/// For where there is no python3-vigra: its results at one voxel.
TEST(OldDialect, IsWhatVigraComputedOnce) {
  const std::vector<float> in_3d{0x1.e9d4e8p+6F,  0x1.d46dfcp+6F,  // Gaussian smoothing at sigma 0.7 and 1.6
                                 -0x1.021012p+6F, 0x1.6f95bcp+0F,  // Laplacian
                                 0x1.992aa6p+4F,  0x1.fc2efep+2F,  // gradient magnitude
                                 -0x1.3fb3ep+3F,  0x1.bae4p-3F,    // difference of Gaussians
                                 0x1.35cf56p+9F,  0x1.3767c6p+3F,  0x1.21028ap+1F,  // structure tensor at 0.7
                                 0x1.c00c2ep+5F,  0x1.3bd7d4p+1F,  0x1.405394p-1F,  // at 1.6
                                 -0x1.e1102p+2F,  -0x1.740c4p+4F,  -0x1.0df8p+5F,   // Hessian at 0.7
                                 0x1.b1c536p+1F,  -0x1.8a97fap-3F, -0x1.c2a1b2p+0F};
  const std::vector<float> in_2d{0x1.12298ep+7F,  0x1.d2c4a4p+6F,  -0x1.a0bb58p+6F, -0x1.1154b4p+3F,
                                 0x1.b144f6p+4F,  0x1.666ebcp+1F,  -0x1.bd49ep+3F,  -0x1.6abf8p+1F,
                                 0x1.5e3124p+9F,  0x1.fcefaep+4F,  0x1.276b4ep+3F,  0x1.69e54ep+0F,
                                 -0x1.4f5c6ep+5F, -0x1.f21a42p+5F, -0x1.c1c39ap+0F, -0x1.b23882p+2F};
  const Array3<float> volume = partly_flat_volume({8, 9, 10});
  for (const auto& [dimensions, expected] : {std::pair{Dimensions::three, in_3d}, {Dimensions::two, in_2d}}) {
    const FeatureSet set = old_set({0.7, 1.6}, dimensions);
    const test::Channels found = test::features_of(set, volume.view());
    const auto names = set.channel_names();
    ASSERT_EQ(expected.size(), names.size());
    for (std::size_t c = 0; c < names.size(); ++c)
      EXPECT_EQ(found.images[c](3, 4, 5), expected[c]) << names[c];
  }
}

INSTANTIATE_TEST_SUITE_P(
    Volumes, OldDialectSets,
    testing::Values(Case{"In3D", {15, 17, 23}, Dimensions::three, {0.3, 0.7, 1.0, 1.6, 3.5}},
                    Case{"In2D", {2, 19, 26}, Dimensions::two, {0.3, 0.7, 1.0, 1.6, 3.5}},
                    Case{"WiderThanATile", {5, 9, 140}, Dimensions::three, {0.3, 1.0}},
                    Case{"WidestScales", {2, 37, 41}, Dimensions::two, {5.0, 10.0}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace cleft
