// Whole objects where a part is judged, against what follows from the arrays.

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/label.hpp"
#include "pipeline/evaluate/evaluate.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "support/masks.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using test::write_volume;

constexpr Extent extent{90, 40, 44};
constexpr Box judged{{40, 10, 12}, {48, 25, 30}};

/// Long thin boxes at random places, later ones over earlier ones: many reach far beyond what is judged.
Array3<std::uint64_t> random_bars(int count, std::uint64_t first_label, std::uint64_t seed) {
  Array3<std::uint64_t> labels(extent);
  Random random(seed);
  for (int i = 0; i < count; ++i) {
    Extent size{2, 3, 3};
    size[i % 3] = 5 + test::below(random, 60);
    const GlobalVoxel begin{test::below(random, extent.z), test::below(random, extent.y),
                            test::below(random, extent.x)};
    const Box box = intersection({begin, begin + size}, whole_box(extent));
    for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
      for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
        for (std::int64_t x = box.begin.x; x < box.end.x; ++x)
          labels(z, y, x) = first_label + static_cast<std::uint64_t>(i);
  }
  return labels;
}

/// Which objects there are, and how many of their voxels are where.
struct Expected {
  std::map<std::uint64_t, Reach> reach;
  std::map<std::uint64_t, std::int64_t> known;  // voxels
};

class EvaluateWhole : public testing::Test {
 protected:
  test::TempDirectory directory;
  Array3<std::uint64_t> labels = random_bars(300, 5, 1), truth = random_bars(300, 1, 2);
  Array3<std::uint8_t> mask{extent};

  void SetUp() override {
    Random random(9);
    for (std::int64_t i = 0; i < truth.size(); ++i) {
      const GlobalVoxel p = voxel_at(i, extent);
      mask.data()[i] = (p.y + p.z) % 9 == 0 ? 0 : 1;
      if (p.x % 11 == 3) truth.data()[i] = cremi_invalid;
    }
    // Of what is one value only what is connected is one object beyond what is judged.
    labels(0, 0, 0) = labels(42, 12, 14);
    write_volume(directory / "labels.h5", "labels", labels);
    write_volume(directory / "mask.h5", "mask", mask);
  }
  EvaluateOptions options() const {
    EvaluateOptions result;
    result.labels = {directory / "labels.h5", "/labels"};
    result.truth = {directory / "truth.h5", "/truth"};
    result.box = judged;
    result.truth_is_labelled = true;
    return result;
  }
  bool is_known(const GlobalVoxel& p, bool masked) const {
    return truth(p.z, p.y, p.x) != cremi_invalid && (!masked || mask(p.z, p.y, p.x) != 0);
  }
  /// \param components  The objects by number, one for each connected piece.
  Expected expected(const Array3<std::uint64_t>& objects, bool masked) const {
    Expected result;
    // Every value's connected pieces that have a judged voxel.
    Array3<std::uint8_t> one(extent);
    std::set<std::uint64_t> values;
    for (std::int64_t i = 0; i < objects.size(); ++i)
      if (is_object(objects.data()[i]) && judged.contains(voxel_at(i, extent)))
        values.insert(objects.data()[i]);
    for (const std::uint64_t value : values) {
      for (std::int64_t i = 0; i < objects.size(); ++i) one.data()[i] = objects.data()[i] == value ? 1 : 0;
      const auto pieces = test::flood_fill(one.view(), Connectivity::twenty_six);
      std::set<std::uint64_t> kept;
      const auto for_each_voxel = [&](const auto& visit) {
        for (std::int64_t i = 0; i < pieces.size(); ++i)
          if (pieces.data()[i] != 0) visit(voxel_at(i, extent), pieces.data()[i]);
      };
      for_each_voxel([&](const GlobalVoxel& p, std::uint64_t piece) {
        if (judged.contains(p) && is_known(p, masked)) kept.insert(piece);
      });
      for_each_voxel([&](const GlobalVoxel& p, std::uint64_t piece) {
        if (!kept.contains(piece)) return;
        Reach& reach = result.reach[value];
        ++reach.whole;
        if (!is_known(p, masked)) return;
        ++result.known[value];
        reach.judged += judged.contains(p) ? 1 : 0;
      });
    }
    return result;
  }
  static void expect_equal(const std::vector<RunObject>& objects, const std::vector<Reach>& reach,
                           const Expected& expected) {
    ASSERT_EQ(objects.size(), expected.reach.size());
    ASSERT_EQ(reach.size(), objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
      EXPECT_EQ(objects[i].size, expected.known.at(objects[i].id));
      EXPECT_EQ(reach[i].whole, expected.reach.at(objects[i].id).whole);
      EXPECT_EQ(reach[i].judged, expected.reach.at(objects[i].id).judged);
    }
  }
};

TEST_F(EvaluateWhole, ObjectsAreFollowedAsFarAsTheyReach) {
  write_volume(directory / "truth.h5", "truth", truth);
  for (const bool masked : {false, true}) {
    EvaluateOptions given = options();
    if (masked) given.mask = PlacedMask{{directory / "mask.h5", "/mask"}, {}};
    const Evaluation found = evaluate(given);
    const Expected detections = expected(labels, masked), truths = expected(truth, masked);
    EXPECT_GT(detections.reach.size(), 10U);
    expect_equal(found.detections, found.detection_reach, detections);
    expect_equal(found.truths, found.truth_reach, truths);
    for (const std::size_t d : found.objects.not_judged_detections)
      EXPECT_TRUE(found.detection_reach[d].mostly_outside());
    for (const std::size_t d : found.objects.false_detections)
      EXPECT_FALSE(found.detection_reach[d].mostly_outside());
    EXPECT_FALSE(found.objects.not_judged_detections.empty());
    EXPECT_FALSE(found.objects.not_judged_truths.empty());
    EXPECT_EQ(found.objects.matches.size() + found.objects.false_detections.size() +
                  found.objects.not_judged_detections.size(),
              found.detections.size());
  }
}

TEST_F(EvaluateWhole, VoxelsAreThoseOfTheJudgedPartAlone) {
  write_volume(directory / "truth.h5", "truth", truth);
  EvaluateOptions cut = options();
  cut.cut_objects = true;
  const Evaluation whole = evaluate(options()), parts = evaluate(cut);
  EXPECT_EQ(whole.voxels.matched, parts.voxels.matched);
  EXPECT_EQ(whole.voxels.false_found, parts.voxels.false_found);
  EXPECT_EQ(whole.voxels.missed, parts.voxels.missed);
  EXPECT_EQ(whole.voxels_judged, parts.voxels_judged);
  EXPECT_TRUE(parts.detection_reach.empty());
  EXPECT_TRUE(parts.objects.not_judged_detections.empty());
  for (const RunObject& object : parts.detections) EXPECT_LT(object.centroid.z, 48);
  EXPECT_EQ(whole.part, judged);
}

TEST_F(EvaluateWhole, ComponentsOfATruthAreFollowedAcrossItsGaps) {
  Array3<std::uint8_t> bars(extent);
  for (std::int64_t z = 20; z < 80; ++z)
    for (std::int64_t y = 11; y < 13; ++y) bars(z, y, 14) = bars(z, y, 17) = 1;
  for (std::int64_t x = 0; x < extent.x; x += 3) bars(44, 20, x) = 1;  // gaps of two voxels
  write_volume(directory / "truth.h5", "truth", bars);
  EvaluateOptions given = options();
  given.truth_is_labelled = false;
  const Evaluation apart = evaluate(given);
  ASSERT_EQ(apart.truths.size(), 2U + 6U);  // x = 12, 15 ... 27 of the row
  EXPECT_EQ(apart.truths[0].size, 120);
  EXPECT_EQ(apart.truth_reach[0].judged, 16);
  given.truth_gap_nm = 4.6;  // twice a voxel
  const Evaluation bridged = evaluate(given);
  ASSERT_EQ(bridged.truths.size(), 2U);
  EXPECT_EQ(bridged.truths[0].size, 240);
  EXPECT_EQ(bridged.truths[1].size, 15);
}

TEST_F(EvaluateWhole, ATruthOfAFewSectionsJudgesWhatLiesThereForMost) {
  // Of two detections without a truth one reaches in from sections that nobody has annotated.
  labels.fill(0);
  for (std::int64_t z = 0; z < 9; ++z) labels(z, 5, 5) = 3;
  for (std::int64_t z = 4; z < 8; ++z) labels(z, 20, 20) = 4;
  for (std::int64_t z = 3; z < 30; ++z) labels(z, 30, 30) = 6;  // one with a truth, though mostly outside
  Array3<std::uint8_t> annotated({6, extent.y, extent.x});
  annotated(5, 30, 30) = 1;
  write_volume(directory / "labels.h5", "labels", labels);
  write_volume(directory / "truth.h5", "truth", annotated);
  EvaluateOptions given = options();
  given.truth_is_labelled = false;
  given.box.reset();
  given.truth_first_section = 0;
  const Evaluation found = evaluate(given);
  ASSERT_EQ(found.detections.size(), 3U);
  EXPECT_EQ(found.objects.matches.size(), 1U);
  EXPECT_EQ(found.objects.false_detections, (std::vector<std::size_t>{0, 1}));
  labels(9, 5, 5) = labels(10, 5, 5) = labels(11, 5, 5) = labels(12, 5, 5) = 3;
  write_volume(directory / "labels.h5", "labels", labels);
  const Evaluation longer = evaluate(given);
  EXPECT_EQ(longer.objects.false_detections, std::vector<std::size_t>{1});
  EXPECT_EQ(longer.objects.not_judged_detections, std::vector<std::size_t>{0});
  EXPECT_EQ(longer.detection_reach[0].whole, 13);
  EXPECT_EQ(longer.detection_reach[0].judged, 6);
}

TEST_F(EvaluateWhole, ABoxMayBeOpenAndMustLieInWhatIsCovered) {
  write_volume(directory / "truth.h5", "truth", test::sections_of(truth, 10, 60), test::vnc_voxel, 10);
  const auto part_of = [&](const Box& box) {
    EvaluateOptions given = options();
    given.box = box;
    const Evaluation found = evaluate(given);
    return found.part.value_or(Box{{found.sections.begin, 0, 0}, {found.sections.end, extent.y, extent.x}});
  };
  EXPECT_EQ(part_of({{0, 0, 0}, {end_of_axis, end_of_axis, end_of_axis}}), (Box{{10, 0, 0}, {60, 40, 44}}));
  EXPECT_EQ(part_of({{20, 0, 5}, {end_of_axis, end_of_axis, 9}}), (Box{{20, 0, 5}, {60, 40, 9}}));
  const auto refused = [&](const Box& box) {
    try {
      part_of(box);
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(refused({{0, 0, 0}, {20, 4, 4}}).find("sections 0:20 were asked for; expected a part of 10:60"),
            std::string::npos);
  EXPECT_NE(refused({{10, 0, 0}, {20, 41, 4}}).find("rows 0:41 were asked for; expected a part of 0:40"),
            std::string::npos);
  EXPECT_NE(refused({{10, 0, 44}, {20, 40, end_of_axis}}).find("columns 44:44 were asked for"),
            std::string::npos);
}

}  // namespace
}  // namespace cleft
