#include "phantom/phantom.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "support/masks.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

PhantomOptions small(std::uint64_t seed = 1) {
  PhantomOptions options;
  options.extent = {60, 70, 80};
  options.seed = seed;
  options.label_sections = 5;
  return options;
}

/// Compares a block with the same voxels of a larger one.
template <class T>
void expect_part(const Array3<T>& part, const Box& at, const Array3<T>& whole, const Box& whole_at) {
  const Extent offset = at.begin - whole_at.begin;
  std::int64_t different = 0;
  for (std::int64_t z = 0; z < part.extent().z; ++z)
    for (std::int64_t y = 0; y < part.extent().y; ++y)
      for (std::int64_t x = 0; x < part.extent().x; ++x)
        different += part(z, y, x) != whole(z + offset.z, y + offset.y, x + offset.x) ? 1 : 0;
  EXPECT_EQ(different, 0) << to_string(at);
}

void expect_same_in_blocks(const PhantomOptions& options, const std::vector<Box>& boxes) {
  const PhantomBlock whole = Phantom(options).make(whole_box(options.extent));
  Phantom phantom(options);
  for (const Box& box : boxes) {
    const PhantomBlock block = phantom.make(box);
    expect_part(block.raw, box, whole.raw, whole.box);
    expect_part(block.synapses, box, whole.synapses, whole.box);
    expect_part(block.classes, box, whole.classes, whole.box);
    expect_part(block.labels, box, whole.labels, whole.box);
  }
}

TEST(Phantom, BlocksOfAnyShapeFitTogetherToTheBit) {
  expect_same_in_blocks(small(), {{{17, 3, 30}, {18, 70, 80}},   // one section
                                  {{0, 0, 0}, {60, 1, 80}},      // one row of each section
                                  {{31, 40, 41}, {32, 41, 42}},  // one voxel
                                  {{5, 10, 15}, {50, 33, 77}}});
}

TEST(Phantom, AnisotropicBlocksFitTogetherToo) {
  PhantomOptions options = small();
  options.extent = {6, 110, 120};
  options.voxel_size = {45, 5, 5};
  expect_same_in_blocks(options,
                        {{{0, 0, 0}, {1, 110, 120}}, {{1, 31, 17}, {5, 64, 120}}, {{5, 0, 64}, {6, 64, 65}}});
}

TEST(Phantom, VoxelsLongerThanATileAreMadeToo) {
  PhantomOptions options = small();
  options.extent = {3, 10, 11};
  options.label_sections = 3;
  options.voxel_size = {90, 70, 70};
  expect_same_in_blocks(options, {{{1, 2, 3}, {2, 9, 8}}});
}

TEST(Phantom, AnotherSeedIsAnotherVolume) {
  const Box box{{20, 20, 20}, {30, 60, 60}};
  const auto one = Phantom(small(1)).make(box), other = Phantom(small(2)).make(box);
  std::int64_t same_class = 0, same_grey = 0;
  for (std::size_t n = 0; n < one.raw.voxels().size(); ++n) {
    same_class += one.classes.voxels()[n] == other.classes.voxels()[n] ? 1 : 0;
    same_grey += one.raw.voxels()[n] == other.raw.voxels()[n] ? 1 : 0;
  }
  EXPECT_LT(same_class, one.raw.size() * 95 / 100);
  EXPECT_LT(same_grey, one.raw.size() / 10);
}

/// A volume large enough for its statistics, made once.
const PhantomBlock& large() {
  static const PhantomBlock block = [] {
    PhantomOptions options;
    options.extent = {72, 128, 128};
    options.voxel_size = {10, 10, 10};
    options.seed = 3;
    return Phantom(options).make(whole_box(options.extent));
  }();
  return block;
}

TEST(Phantom, ClassesAreAsDarkAsTheyAreInRealTissue) {
  std::array<double, 4> sum{}, count{};
  for (std::size_t n = 0; n < large().raw.voxels().size(); ++n) {
    sum[large().classes.voxels()[n]] += large().raw.voxels()[n];
    ++count[large().classes.voxels()[n]];
  }
  EXPECT_EQ(count[0], 0);
  const double membrane = sum[1] / count[1], synapse = sum[2] / count[2], rest = sum[3] / count[3];
  EXPECT_NEAR(membrane, 75, 15);
  EXPECT_NEAR(synapse, 45, 12);
  EXPECT_NEAR(rest, 150, 15);
  EXPECT_NEAR(count[1] / static_cast<double>(large().raw.size()), 0.14, 0.06);
  EXPECT_LT(count[2] / static_cast<double>(large().raw.size()), 0.02);
}

TEST(Phantom, SynapsesOfTheTruthAreTheSynapsesOfTheClasses) {
  for (std::size_t n = 0; n < large().raw.voxels().size(); ++n)
    ASSERT_EQ(large().synapses.voxels()[n] != 0,
              large().classes.voxels()[n] == static_cast<std::uint8_t>(PhantomClass::synapse));
}

TEST(Phantom, StrokesStayInsideTheirClassAndAreSparse) {
  std::array<std::int64_t, 4> strokes{};
  for (std::size_t n = 0; n < large().labels.voxels().size(); ++n) {
    const std::uint8_t label = large().labels.voxels()[n];
    ++strokes[label];
    if (label == 0) continue;
    ASSERT_EQ(label, large().classes.voxels()[n]);
  }
  for (const std::size_t label : {1U, 2U, 3U}) EXPECT_GT(strokes[label], 50) << label;
  EXPECT_LT(large().raw.size() - strokes[0], large().raw.size() / 100);
}

TEST(Phantom, StrokesAreInTheSectionsAskedForOnly) {
  const PhantomBlock block = Phantom(small()).make(whole_box(small().extent));
  for (std::int64_t z = 0; z < 60; ++z) {
    std::int64_t labelled = 0;
    for (std::int64_t y = 0; y < 70; ++y)
      for (std::int64_t x = 0; x < 80; ++x) labelled += block.labels(z, y, x) != 0 ? 1 : 0;
    EXPECT_EQ(labelled > 0, z % 12 == 6) << z;
  }
}

/// The smallest box around each synapse.
std::map<std::uint64_t, Box> synapse_bounds(const PhantomBlock& block) {
  std::map<std::uint64_t, Box> bounds;
  for (std::int64_t n = 0; n < block.synapses.size(); ++n) {
    const std::uint64_t id = block.synapses.voxels()[static_cast<std::size_t>(n)];
    if (id == 0) continue;
    const GlobalVoxel p = voxel_at(n, block.box.extent());
    Box& b = bounds.try_emplace(id, Box{p, p + Extent{1, 1, 1}}).first->second;
    b = {{std::min(b.begin.z, p.z), std::min(b.begin.y, p.y), std::min(b.begin.x, p.x)},
         {std::max(b.end.z, p.z + 1), std::max(b.end.y, p.y + 1), std::max(b.end.x, p.x + 1)}};
  }
  return bounds;
}

void expect_one_component_each(const PhantomOptions& options, std::size_t at_least) {
  const PhantomBlock block = Phantom(options).make(whole_box(options.extent));
  const Box inner = grown(block.box, {-1, -1, -1}, block.box);
  std::size_t whole_ones = 0;
  for (const auto& [id, bounds] : synapse_bounds(block)) {
    if (!inner.contains(bounds)) continue;  // cut by the volume's edge
    ++whole_ones;
    Array3<std::uint8_t> mask(bounds.extent());
    for (std::int64_t n = 0; n < mask.size(); ++n) {
      const GlobalVoxel p = voxel_at(n, mask.extent()) + (bounds.begin - GlobalVoxel{});
      mask.voxels()[static_cast<std::size_t>(n)] = block.synapses(p.z, p.y, p.x) == id ? 1 : 0;
    }
    const auto components = test::flood_fill(mask.view(), Connectivity::twenty_six);
    EXPECT_EQ(*std::max_element(components.voxels().begin(), components.voxels().end()), 1U)
        << "synapse " << id;
  }
  EXPECT_GE(whole_ones, at_least);
}

TEST(Phantom, ASynapseIsOneComponent) {
  PhantomOptions options;
  options.extent = {100, 120, 120};
  options.voxel_size = {12, 12, 12};
  options.synapse_density = 2.5;
  expect_one_component_each(options, 3);
}

TEST(Phantom, ASynapseIsOneComponentInThickSectionsToo) {
  PhantomOptions options;
  options.extent = {26, 140, 140};
  options.voxel_size = {45, 10, 10};
  options.synapse_density = 2.5;
  expect_one_component_each(options, 3);
}

TEST(Phantom, LargerVolumesHaveMoreSynapses) {
  const std::size_t whole = synapse_bounds(large()).size();
  PhantomOptions options;
  options.extent = {24, 64, 64};
  options.voxel_size = {10, 10, 10};
  options.seed = 3;
  const std::size_t part = synapse_bounds(Phantom(options).make(whole_box(options.extent))).size();
  EXPECT_GE(whole, 2U);
  EXPECT_LT(part, whole);
}

TEST(Phantom, WithoutSynapsesThereIsNoTruthAndNoLabelOfThem) {
  PhantomOptions options = small();
  options.synapse_density = 0;
  const PhantomBlock block = Phantom(options).make(whole_box(options.extent));
  EXPECT_TRUE(synapse_bounds(block).empty());
  EXPECT_THAT(block.labels.voxels(), testing::Not(testing::Contains(2)));
}

std::string complaint(const PhantomOptions& options) {
  try {
    const Phantom phantom(options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Phantom, OptionsOutOfRangeAreNamed) {
  PhantomOptions options;
  options.synapse_density = 40;
  EXPECT_EQ(complaint(options), "--synapse-density: 40; expected 0 to 2.5");
  options = {};
  options.extent.y = 0;
  EXPECT_THAT(complaint(options), HasSubstr("--extent: 0"));
  options = {};
  options.voxel_size.z = 0.2;
  EXPECT_THAT(complaint(options), HasSubstr("--voxel-size: 0.2"));
  options = {};
  options.noise = -1;
  EXPECT_THAT(complaint(options), HasSubstr("--noise: -1"));
  EXPECT_EQ(complaint({}), "");
}

}  // namespace
}  // namespace cleft
