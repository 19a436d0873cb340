#include "phantom/strokes.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "phantom/phantom_class.hpp"

namespace cleft::phantom {
namespace {

constexpr double voxel = 8;  // nm, in the section

constexpr auto number(PhantomClass c) {
  return static_cast<std::uint8_t>(c);
}

PhantomOptions options_for(const Extent& extent, double strokes, std::int64_t sections) {
  PhantomOptions options;
  options.extent = extent;
  options.voxel_size = {40, voxel, voxel};
  options.strokes = strokes;
  options.label_sections = sections;
  return options;
}

/// Strokes over a volume whose every voxel is of one class.
Array3<std::uint8_t> drawn_on(const PhantomOptions& options, PhantomClass everywhere) {
  Tissue tissue(options.seed);
  Synapses synapses(tissue, options.synapse_density);
  Organelles organelles(tissue, synapses);
  Array3<std::uint8_t> classes(options.extent), labels(options.extent);
  classes.fill(number(everywhere));
  Strokes(options, tissue, synapses, organelles)
      .draw(whole_box(options.extent), classes.view(), labels.view());
  return labels;
}

std::int64_t count(const Array3<std::uint8_t>& labels, std::uint8_t label) {
  std::int64_t n = 0;
  for (const std::uint8_t l : labels.voxels()) n += l == label ? 1 : 0;
  return n;
}

TEST(Strokes, LeaveOutVoxelsOfAnotherClass) {
  const PhantomOptions options = options_for({3, 260, 260}, 20, 1);
  for (const PhantomClass everywhere : {PhantomClass::membrane, PhantomClass::synapse, PhantomClass::rest}) {
    const auto labels = drawn_on(options, everywhere);
    EXPECT_EQ(count(labels, 0) + count(labels, number(everywhere)), labels.size());
    EXPECT_GT(count(labels, number(everywhere)), 20);
  }
}

TEST(Strokes, FollowMembranesWithinAFewNanometres) {
  const PhantomOptions options = options_for({1, 130, 130}, 20, 1);
  const auto labels = drawn_on(options, PhantomClass::membrane);
  Tissue tissue(options.seed);
  for (std::int64_t y = 0; y < 130; ++y)
    for (std::int64_t x = 0; x < 130; ++x) {
      if (labels(0, y, x) == 0) continue;
      const Vector p{20, (static_cast<double>(y) + 0.5) * voxel, (static_cast<double>(x) + 0.5) * voxel};
      EXPECT_LT(tissue.spot(p).depth, 14) << y << ' ' << x;
    }
}

TEST(Strokes, InsideCellsKeepClearOfMembranes) {
  PhantomOptions options = options_for({1, 130, 130}, 20, 1);
  options.synapse_density = 0;
  const auto labels = drawn_on(options, PhantomClass::rest);
  Tissue tissue(options.seed);
  for (std::int64_t y = 0; y < 130; ++y)
    for (std::int64_t x = 0; x < 130; ++x) {
      if (labels(0, y, x) == 0) continue;
      const Vector p{20, (static_cast<double>(y) + 0.5) * voxel, (static_cast<double>(x) + 0.5) * voxel};
      EXPECT_GT(tissue.spot(p).depth, 5) << y << ' ' << x;
    }
}

TEST(Strokes, OnSynapsesLieInTheirDarkMaterial) {
  PhantomOptions options = options_for({1, 260, 260}, 0, 1);
  options.synapse_density = 2.5;
  const auto labels = drawn_on(options, PhantomClass::synapse);
  Tissue tissue(options.seed);
  Synapses synapses(tissue, options.synapse_density);
  const auto near = synapses.near({0, 0, 0}, {40, 2080, 2080}, Synapses::largest_reach);
  std::int64_t marked = 0, inside = 0;
  for (std::int64_t y = 0; y < 260; ++y)
    for (std::int64_t x = 0; x < 260; ++x) {
      if (labels(0, y, x) == 0) continue;
      ++marked;
      const Vector p{20, (static_cast<double>(y) + 0.5) * voxel, (static_cast<double>(x) + 0.5) * voxel};
      for (const Synapse* s : near) {
        const Synapse::Seen seen = s->see(p);
        if (seen.to_rim > 0 && seen.height > -32 && seen.height < 18) {
          ++inside;
          break;
        }
      }
    }
  EXPECT_GT(marked, 20);
  EXPECT_GT(inside, marked * 9 / 10);
}

TEST(Strokes, AreMoreWhenMoreAreAskedFor) {
  const auto few = drawn_on(options_for({1, 200, 200}, 3, 1), PhantomClass::membrane);
  const auto many = drawn_on(options_for({1, 200, 200}, 12, 1), PhantomClass::membrane);
  EXPECT_GT(count(many, 1), 2 * count(few, 1));
}

TEST(Strokes, OfNoSectionsAreNone) {
  const auto labels = drawn_on(options_for({4, 100, 100}, 20, 0), PhantomClass::rest);
  EXPECT_EQ(count(labels, 0), labels.size());
}

TEST(Strokes, AreInEverySectionWhenThereAreFewerSectionsThanAskedFor) {
  const auto labels = drawn_on(options_for({3, 130, 130}, 30, 100), PhantomClass::rest);
  std::array<bool, 3> marked{};
  for (std::int64_t z = 0; z < 3; ++z)
    for (std::int64_t y = 0; y < 130; ++y)
      for (std::int64_t x = 0; x < 130; ++x) marked[static_cast<std::size_t>(z)] |= labels(z, y, x) != 0;
  EXPECT_EQ(marked, (std::array<bool, 3>{true, true, true}));
}

}  // namespace
}  // namespace cleft::phantom
