#include "threshold/two_level.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

constexpr Extent extent{5, 6, 7};

struct Probabilities {
  Array3<std::uint8_t> stored{extent};
  Array3<float> smoothed{extent};

  explicit Probabilities(std::uint64_t seed) {
    Random random(seed);
    for (auto& v : stored.voxels()) v = static_cast<std::uint8_t>(random.below(256));
    for (auto& v : smoothed.voxels()) v = static_cast<float>(random.uniform());
  }
  TwoLevelMasks masks(const ThresholdOptions& options) const {
    return two_level_masks(smoothed.view(), stored.view(), options);
  }
};

TEST(TwoLevel, ComparesTheSmoothedForegroundWithItsComplement) {
  const Probabilities p(1);
  const ThresholdOptions options{.core_ratio = 3, .reference_ratio = 0.5};
  const auto masks = p.masks(options);
  for (std::size_t i = 0; i < p.smoothed.voxels().size(); ++i) {
    const float f = p.smoothed.voxels()[i], b = 1.0F - f;
    EXPECT_EQ(masks.core.voxels()[i], f > 3.0F * b ? 1 : 0);
    EXPECT_EQ(masks.reference.voxels()[i], f > 0.5F * b ? 1 : 0);
  }
}

TEST(TwoLevel, ComparesWithTheStoredComplementWhenTheBackgroundIsRaw) {
  const Probabilities p(2);
  const ThresholdOptions options{.core_ratio = 2, .reference_ratio = 1, .background = Background::raw};
  const auto masks = p.masks(options);
  for (std::size_t i = 0; i < p.smoothed.voxels().size(); ++i) {
    const float f = p.smoothed.voxels()[i], b = 1.0F - static_cast<float>(p.stored.voxels()[i]) / 255.0F;
    EXPECT_EQ(masks.core.voxels()[i], f > 2.0F * b ? 1 : 0);
    EXPECT_EQ(masks.reference.voxels()[i], f > b ? 1 : 0);
  }
}

TEST(TwoLevel, TakesFloatProbabilitiesAsTheyAre) {
  Array3<float> stored({1, 1, 2}), smoothed({1, 1, 2});
  stored(0, 0, 0) = 0.75F;
  smoothed(0, 0, 0) = 0.5F;  // 0.5 > 1.9 * 0.25
  stored(0, 0, 1) = 0.75F;
  smoothed(0, 0, 1) = 0.25F;  // not 0.25 > 1 * 0.25
  const ThresholdOptions options{.core_ratio = 1.9, .reference_ratio = 1, .background = Background::raw};
  const auto masks = two_level_masks<float>(smoothed.view(), stored.view(), options);
  EXPECT_EQ(masks.core(0, 0, 0), 1);
  EXPECT_EQ(masks.reference(0, 0, 1), 0);
}

TEST(TwoLevel, TheRatioItselfIsOutside) {
  Array3<float> smoothed({1, 1, 1});
  Array3<std::uint8_t> stored({1, 1, 1});
  smoothed(0, 0, 0) = 0.75F;  // exactly three times 0.25
  const auto masks = two_level_masks<std::uint8_t>(smoothed.view(), stored.view(),
                                                   {.core_ratio = 3, .reference_ratio = 2.999999});
  EXPECT_EQ(masks.core(0, 0, 0), 0);
  EXPECT_EQ(masks.reference(0, 0, 0), 1);
}

TEST(TwoLevel, CertaintyIsInsideAtAnyRatio) {
  Array3<float> smoothed({1, 1, 2});
  Array3<std::uint8_t> stored({1, 1, 2});
  smoothed(0, 0, 0) = 1.0F;
  smoothed(0, 0, 1) = 1.0F + 0x1p-23F;  // smoothing may round above 1: the background is then below 0
  const auto masks = two_level_masks<std::uint8_t>(smoothed.view(), stored.view(),
                                                   {.core_ratio = 1e30, .reference_ratio = 1});
  for (std::int64_t x = 0; x < 2; ++x) {
    EXPECT_EQ(masks.core(0, 0, x), 1);
    EXPECT_EQ(masks.reference(0, 0, x), 1);
  }
}

TEST(TwoLevel, TheCoreMaskIsASubsetForAnyRatiosInOrder) {
  Random random(3);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const double reference = random.uniform() * 4, core = reference * (1 + 1e-7 * random.uniform());
    for (const Background background : {Background::smoothed, Background::raw}) {
      const auto masks = Probabilities(seed).masks(
          {.core_ratio = core, .reference_ratio = reference, .background = background});
      for (std::size_t i = 0; i < masks.core.voxels().size(); ++i)
        EXPECT_LE(masks.core.voxels()[i], masks.reference.voxels()[i]);
    }
  }
}

TEST(TwoLevel, SigmaInNmIsDividedByTheVoxelSizeOfEachAxis) {
  ThresholdOptions options;
  options.sigma_nm = PerAxis<double>{16, 16, 16};
  const auto sigma = sigma_in_voxels(options, VoxelSize{47.5, 4.6, 8});
  EXPECT_DOUBLE_EQ(sigma.z, 16 / 47.5);
  EXPECT_DOUBLE_EQ(sigma.y, 16 / 4.6);
  EXPECT_DOUBLE_EQ(sigma.x, 2);
}

TEST(TwoLevel, SigmaInVoxelsNeedsNoVoxelSizeAndSigmaInNmDoes) {
  ThresholdOptions options;
  options.sigma = {1, 2, 3};
  EXPECT_EQ(sigma_in_voxels(options, std::nullopt), (PerAxis<double>{1, 2, 3}));
  options.sigma_nm = PerAxis<double>{16, 16, 16};
  EXPECT_THROW(sigma_in_voxels(options, std::nullopt), ConfigError);
}

}  // namespace
}  // namespace cleft
