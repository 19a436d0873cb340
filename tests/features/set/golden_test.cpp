#include <algorithm>
#include <cmath>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

struct Golden {
  const char* file;
  Dimensions dimensions;
  friend void PrintTo(const Golden& tested, std::ostream* out) { *out << tested.file; }
};

/// Exact values of every default feature on real data, from an independent implementation.
class GoldenFeatures : public testing::TestWithParam<Golden> {
 protected:
  void SetUp() override {
    const auto path = std::filesystem::path(CLEFT_SHARED_DIR) / "golden" / GetParam().file;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: shared data not present";
    const h5::File file = h5::File::open_read(path);
    const h5::Dataset raw = file.dataset("raw"), features = file.dataset("features");
    const auto shape = raw.shape();
    volume = Array3<float>({static_cast<std::int64_t>(shape[0]), static_cast<std::int64_t>(shape[1]),
                            static_cast<std::int64_t>(shape[2])});
    const auto grey = raw.read<float>();
    std::copy(grey.begin(), grey.end(), volume.data());
    expected = features.read<float>();
    names = features.attribute<std::string>("channels");
  }

  FeatureSet set() const {
    FeatureOptions options;
    options.dimensions = GetParam().dimensions;
    return {options, std::nullopt};
  }

  Array3<float> volume;
  std::vector<float> expected;
  std::vector<std::string> names;
};

TEST_P(GoldenFeatures, HaveTheSameNamesInTheSameOrder) {
  EXPECT_EQ(set().channel_names(), names);
}

TEST_P(GoldenFeatures, AreReproducedToTheLastBit) {
  const test::Channels found = test::features_of(set(), volume.view());
  ASSERT_EQ(expected.size(), found.images.size() * static_cast<std::size_t>(volume.size()));
  for (std::size_t c = 0; c < found.images.size(); ++c) {
    const auto* channel = expected.data() + c * static_cast<std::size_t>(volume.size());
    const View3<const float> right(channel, volume.extent());
    EXPECT_EQ(test::differences(found.images[c].view(), right), 0) << names[c];
  }
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenFeatures,
                         testing::Values(Golden{"features_3d.h5", Dimensions::three},
                                         Golden{"features_2d.h5", Dimensions::two}),
                         [](const auto& tested) {
                           return std::string(tested.param.dimensions == Dimensions::two ? "In2D" : "In3D");
                         });

}  // namespace
}  // namespace cleft
