#include "phantom/stroke_classes.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "phantom/phantom.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PhantomOptions options_of(const Extent& extent, std::uint64_t seed = 1) {
  PhantomOptions options;
  options.extent = extent;
  options.seed = seed;
  return options;
}

std::vector<PhantomClass> missing_in(const Array3<std::uint8_t>& labels) {
  std::vector<PhantomClass> missing;
  for (const auto c : {PhantomClass::membrane, PhantomClass::synapse, PhantomClass::rest})
    if (std::count(labels.voxels().begin(), labels.voxels().end(), static_cast<std::uint8_t>(c)) == 0)
      missing.push_back(c);
  return missing;
}

TEST(StrokeClasses, AreThoseOfTheWholePhantom) {
  std::size_t lacking = 0, whole = 0;
  for (const Extent& extent :
       {Extent{4, 12, 12}, Extent{9, 40, 300}, Extent{16, 64, 64}, Extent{32, 128, 128}})
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const PhantomOptions options = options_of(extent, seed);
      const auto found = look_for_strokes(options, 1 << 24);
      EXPECT_TRUE(found.certain);
      EXPECT_EQ(found.missing, missing_in(Phantom(options).make(whole_box(extent)).labels));
      ++(found.missing.empty() ? whole : lacking);
    }
  EXPECT_GT(lacking, 0U);
  EXPECT_GT(whole, 0U);
}

TEST(StrokeClasses, OfALargePhantomAreNotLookedFor) {
  for (const Extent& extent : {Extent{100000, 1 << 20, 1 << 20}, Extent{6, 100, 101}})
    EXPECT_FALSE(look_for_strokes(options_of(extent), 60000).certain);
  EXPECT_TRUE(look_for_strokes(options_of({100, 100, 100}), 60000).certain);
}

TEST(StrokeClasses, NobodyMissesThemWhereNoneWereAskedFor) {
  PhantomOptions options = options_of({4, 12, 12});
  options.label_sections = 0;
  EXPECT_THAT(look_for_strokes(options, 1 << 20).missing, IsEmpty());
  options.label_sections = 2;
  options.strokes = 0;
  options.synapse_density = 0;
  EXPECT_THAT(look_for_strokes(options, 1 << 20).missing,
              ElementsAre(PhantomClass::membrane, PhantomClass::synapse, PhantomClass::rest));
}

}  // namespace
}  // namespace cleft
