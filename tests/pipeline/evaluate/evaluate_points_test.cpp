#include "pipeline/evaluate/evaluate_points.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "pipeline/evaluate/evaluate.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr Extent extent{60, 40, 44};
constexpr VoxelSize size{40, 10, 10};
constexpr double limit_nm = 45;

/// Thin boxes at random places, none over another: each is one connected object.
Array3<std::uint64_t> random_bars(int count, std::uint64_t seed) {
  Array3<std::uint64_t> labels(extent);
  Random random(seed);
  for (int i = 0; i < count; ++i) {
    Extent bar{2, 3, 3};
    bar[i % 3] = 4 + test::below(random, 30);
    const GlobalVoxel begin{test::below(random, extent.z), test::below(random, extent.y),
                            test::below(random, extent.x)};
    const Box box = intersection({begin, begin + bar}, whole_box(extent));
    const auto each = [&](const auto& use) {
      for (std::int64_t z = box.begin.z; z < box.end.z; ++z)
        for (std::int64_t y = box.begin.y; y < box.end.y; ++y)
          for (std::int64_t x = box.begin.x; x < box.end.x; ++x) use(labels(z, y, x));
    };
    bool is_free = true;
    each([&](std::uint64_t& voxel) { is_free = is_free && voxel == 0; });
    if (is_free) each([&](std::uint64_t& voxel) { voxel = static_cast<std::uint64_t>(5 + i); });
  }
  return labels;
}

struct Row {
  PerAxis<double> place;
  std::string of_class;
};

std::vector<Row> random_rows(int count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Row> rows;
  for (int n = 0; n < count; ++n) {
    const double z = random.uniform() * 59, y = random.uniform() * 39, x = random.uniform() * 43;
    rows.push_back({{z, y, x}, n % 5 == 0 ? "ignore" : n % 7 == 0 ? "membrane" : "synapse"});
  }
  return rows;
}

class EvaluatePoints : public testing::Test {
 protected:
  test::TempDirectory directory;
  Array3<std::uint64_t> labels = random_bars(250, 1);
  Array3<std::uint8_t> mask{extent};
  std::map<std::uint64_t, std::vector<GlobalVoxel>> voxels_of;

  void SetUp() override {
    for (std::int64_t i = 0; i < mask.size(); ++i) {
      const GlobalVoxel p = voxel_at(i, extent);
      mask.data()[i] = (p.y + p.z) % 9 < 2 ? 0 : 1;
      if (labels.data()[i] != 0) voxels_of[labels.data()[i]].push_back(p);
    }
    test::write_volume(directory / "labels.h5", "labels", labels, size);
    test::write_volume(directory / "mask.h5", "mask", mask, size);
  }
  EvaluateOptions options(const std::vector<Row>& rows) const {
    std::string text = "class,z,y,x\n";
    for (const Row& row : rows)
      text += fmt::format("{},{},{},{}\n", row.of_class, row.place.z, row.place.y, row.place.x);
    test::write_bytes(directory / "p.csv", text);
    EvaluateOptions result;
    result.labels = {directory / "labels.h5", "/labels"};
    result.truth_points = directory / "p.csv";
    result.match = {.criterion = MatchOptions::Criterion::point_distance, .distance_nm = limit_nm};
    return result;
  }
  double distance(std::uint64_t object, const PerAxis<double>& place) const {
    double nearest = INFINITY;
    for (const GlobalVoxel& v : voxels_of.at(object))
      nearest = std::min(nearest, std::hypot((static_cast<double>(v.z) - place.z) * size.z,
                                             (static_cast<double>(v.y) - place.y) * size.y,
                                             (static_cast<double>(v.x) - place.x) * size.x));
    return nearest;
  }
  static std::string failure(const EvaluateOptions& options) {
    try {
      evaluate(options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  /// What follows from the arrays.
  struct Expected {
    std::set<std::uint64_t> false_found, not_judged;
    std::int64_t matched = 0, missed = 0, outside = 0, ignored = 0;
  };
  Expected expected(const std::vector<Row>& rows, const Box& judged, bool masked) const {
    Expected result;
    const auto counts = [&](const GlobalVoxel& v) {
      return judged.contains(v) && (!masked || mask(v.z, v.y, v.x) != 0);
    };
    std::map<std::uint64_t, Reach> reach;
    for (std::int64_t i = 0; i < labels.size(); ++i) {
      if (labels.data()[i] == 0) continue;
      Reach& of = reach[labels.data()[i]];
      ++of.whole;
      of.judged += counts(voxel_at(i, extent)) ? 1 : 0;
    }
    std::vector<PerAxis<double>> sites, excusing;
    for (const Row& row : rows) {
      const GlobalVoxel v{std::lround(row.place.z), std::lround(row.place.y), std::lround(row.place.x)};
      if (row.of_class == "ignore") ++result.ignored;
      if (row.of_class == "synapse" && !counts(v)) ++result.outside;
      if (row.of_class == "synapse" && counts(v))
        sites.push_back(row.place);
      else if (row.of_class != "membrane")
        excusing.push_back(row.place);
    }
    std::vector<std::uint64_t> ids;
    std::vector<Candidate> near;
    for (const auto& [id, of] : reach) {
      for (std::size_t s = 0; s < sites.size(); ++s)
        if (const double d = distance(id, sites[s]); d <= limit_nm) near.push_back({ids.size(), s, 0, d});
      ids.push_back(id);
    }
    const auto matches = match_one_to_one(ids.size(), sites.size(), near);
    std::set<std::size_t> matched;
    for (const Candidate& match : matches) matched.insert(match.detection);
    result.matched = static_cast<std::int64_t>(matches.size());
    result.missed = static_cast<std::int64_t>(sites.size() - matches.size());
    for (std::size_t d = 0; d < ids.size(); ++d) {
      const Reach& of = reach[ids[d]];
      const bool is_near = std::ranges::any_of(near, [&](const Candidate& c) { return c.detection == d; });
      const bool excused = std::ranges::any_of(
          excusing, [&](const PerAxis<double>& place) { return distance(ids[d], place) <= limit_nm; });
      if (matched.contains(d) || excused || (of.judged == 0 && !is_near)) continue;
      (of.mostly_outside() ? result.not_judged : result.false_found).insert(ids[d]);
    }
    return result;
  }
  static std::set<std::uint64_t> ids_of(const Evaluation& found, const std::vector<std::size_t>& indices) {
    std::set<std::uint64_t> ids;
    for (const std::size_t i : indices) ids.insert(found.detections[i].id);
    return ids;
  }
  static void expect_equal(const Evaluation& found, const Expected& wanted) {
    EXPECT_EQ(found.objects.agreement().matched, wanted.matched);
    EXPECT_EQ(found.objects.agreement().missed, wanted.missed);
    EXPECT_EQ(ids_of(found, found.objects.false_detections), wanted.false_found);
    EXPECT_EQ(ids_of(found, found.objects.not_judged_detections), wanted.not_judged);
    ASSERT_TRUE(found.points);
    EXPECT_EQ(found.points->ignored, wanted.ignored);
    EXPECT_EQ(found.points->outside, wanted.outside);
  }
};

TEST_F(EvaluatePoints, JudgeWhatAPlainLoopOverAllVoxelsJudges) {
  const auto rows = random_rows(150, 3);
  const Box judged{{20, 8, 10}, {36, 30, 33}};
  for (const bool masked : {false, true})
    for (const bool boxed : {false, true}) {
      EvaluateOptions with = options(rows);
      if (boxed) with.box = judged;
      if (masked) with.mask = PlacedMask{{directory / "mask.h5", "/mask"}, {}};
      const Expected wanted = expected(rows, boxed ? judged : whole_box(extent), masked);
      EXPECT_GT(wanted.matched, 0);
      EXPECT_GT(wanted.missed, 0);
      EXPECT_FALSE(wanted.false_found.empty());
      EXPECT_EQ(wanted.not_judged.empty(), !masked && !boxed);
      expect_equal(evaluate(with), wanted);
    }
}

TEST_F(EvaluatePoints, SectionsAreABoxOfWholeSections) {
  const auto rows = random_rows(300, 4);
  EvaluateOptions with = options(rows);
  with.sections = AskedSections{10, 30};
  const Evaluation found = evaluate(with);
  expect_equal(found, expected(rows, {{10, 0, 0}, {30, extent.y, extent.x}}, false));
  EXPECT_EQ(found.voxels_judged, 20 * extent.y * extent.x);
}

TEST_F(EvaluatePoints, OfABoxOfTheVolumeCountInTheVolume) {
  const auto rows = random_rows(300, 5);
  auto shifted = rows;
  for (Row& row : shifted) {
    row.place.z += 7;
    row.place.x += 100;
  }
  EvaluateOptions with = options(shifted);
  with.labels_begin = {7, 0, 100};
  expect_equal(evaluate(with), expected(rows, whole_box(extent), false));
  for (Row& row : shifted) row.place = {row.place.z - 10, row.place.y - 2, row.place.x - 100};
  with = options(shifted);
  with.labels_begin = {7, 0, 100};
  with.truth_begin = Extent{3, 2, 0};
  expect_equal(evaluate(with), expected(rows, whole_box(extent), false));
}

/// Two objects, 1 at x 2:5 and 2 at x 20:23, in voxels of 10 nm.
class EvaluateFewPoints : public EvaluatePoints {
 protected:
  void SetUp() override {
    Array3<std::uint64_t> few({1, 1, 30});
    for (const std::int64_t x : {2, 3, 4}) few(0, 0, x) = 1;
    for (const std::int64_t x : {20, 21, 22}) few(0, 0, x) = 2;
    test::write_volume(directory / "labels.h5", "labels", few, VoxelSize{10, 10, 10});
  }
  Agreement judged(const std::vector<Row>& rows) const { return evaluate(options(rows)).objects.agreement(); }
  static Row at(double x, const std::string& of_class) { return {{0, 0, x}, of_class}; }
};

TEST_F(EvaluateFewPoints, APointMayBeAsFarFromTheNearestVoxelAsTold) {
  // 4 + 4.5 voxels: exactly 45 nm from the nearest voxel, 55 from the centroid.
  EXPECT_EQ(judged({at(8.5, "synapse")}).matched, 1);
  EXPECT_EQ(judged({at(8.6, "synapse")}).matched, 0);
}

TEST_F(EvaluateFewPoints, OneDetectionForTwoPointsMissesOne) {
  const Evaluation found = evaluate(options({at(2, "synapse"), at(4.5, "synapse"), at(21, "synapse")}));
  EXPECT_EQ(found.objects.agreement().matched, 2);
  EXPECT_EQ(found.objects.agreement().missed, 1);
  EXPECT_EQ(found.objects.agreement().false_found, 0);
  ASSERT_EQ(found.objects.missed_truths.size(), 1U);
  EXPECT_EQ(found.truths[found.objects.missed_truths.front()].id, 3U) << "its line";
}

TEST_F(EvaluateFewPoints, WhatIsOnlyNearAnIgnoredPointIsNeitherRightNorWrong) {
  const Evaluation found = evaluate(options({at(3, "synapse"), at(21, "ignore"), at(12, "ignore")}));
  EXPECT_EQ(found.objects.agreement().matched, 1);
  EXPECT_EQ(found.objects.agreement().missed, 0);
  EXPECT_EQ(found.objects.agreement().false_found, 0);
  EXPECT_EQ(judged({at(3, "ignore"), at(3, "synapse"), at(29, "synapse")}).matched, 1);
  EXPECT_EQ(judged({at(3, "membrane"), at(3, "synapse")}).false_found, 1);
}

TEST_F(EvaluateFewPoints, TheReportHasTheFiguresAndThePlaces) {
  EvaluateOptions with =
      options({at(3, "synapse"), at(12, "synapse"), at(40, "synapse"), at(22, "ignore"), at(28, "ignore")});
  with.bootstrap.resamplings = 100;
  const Evaluation found = evaluate(with);
  EXPECT_THAT(to_text(found),
              AllOf(HasSubstr("sections     0:1\nobjects      precision 1.0000  recall 0.5000  F1 0.6667\n"
                              "intervals    precision "),
                    HasSubstr("             2 points of class synapse (2 of class ignore, 1 not judged), 2 "
                              "detections, 1 matched by a nearest voxel at most 45 nm away\n"
                              "missed       1\n  line     3  at z 0.0, y 0.0, x 12.0\nfalse        0\n"
                              "not judged   1 detection, only near points that are not judged\n"
                              "         2  at z 0.0, y 0.0, x 21.0  3 voxels\n")));
  const auto json = nlohmann::json::parse(to_json(found));
  EXPECT_TRUE(json["voxels"].is_null());
  const auto& objects = json["objects"];
  EXPECT_EQ(objects["f1"], 2.0 / 3);
  EXPECT_EQ(objects["intervals"]["resamplings"], 100);
  EXPECT_EQ(objects["points"],
            nlohmann::json::parse(R"({"class": "synapse", "ignored": 2, "not_judged": 1})"));
  EXPECT_EQ(objects["matches"],
            nlohmann::json::parse(R"([{"detection": 1, "line": 2, "distance_nm": 0.0}])"));
  EXPECT_EQ(objects["missed_objects"],
            nlohmann::json::parse(R"([{"line": 3, "place_voxels": [0, 0, 12], "place_nm": [0, 0, 120]}])"));
  EXPECT_EQ(objects["detections_near_points_not_judged"][0]["id"], 2);
}

TEST_F(EvaluateFewPoints, TheClassMayBeAnotherOne) {
  EvaluateOptions with = options({at(3, "synapse"), at(21, "T-bar")});
  with.truth_class = "T-bar";
  const Evaluation found = evaluate(with);
  EXPECT_EQ(found.objects.agreement().matched, 1);
  EXPECT_EQ(found.objects.agreement().false_found, 1);
  with.truth_class = "tbar";
  EXPECT_THAT(failure(with),
              HasSubstr("p.csv: has no point of class 'tbar'; expected --truth-class with one of "
                        "its classes: T-bar, synapse"));
}

TEST_F(EvaluateFewPoints, ATruthWithoutASiteIsNoError) {
  EXPECT_EQ(judged({}).false_found, 2);
  EXPECT_EQ(judged({at(3, "ignore")}).false_found, 1);
}

TEST_F(EvaluateFewPoints, NeedAVoxelSize) {
  test::write_volume(directory / "labels.h5", "labels", labels, std::nullopt);
  EvaluateOptions with = options({at(3, "synapse")});
  EXPECT_THAT(failure(with),
              HasSubstr("labels.h5:/labels: has no voxel size; expected one of the attributes"));
  with.voxel_size = StatedVoxelSize{{10, 10, 10}, "--voxel-size"};
  EXPECT_EQ(failure(with), "no error");
}

TEST_F(EvaluateFewPoints, ABoxBeyondTheLabelsIsRefused) {
  EvaluateOptions with = options({at(3, "synapse")});
  with.sections = AskedSections{0, 2};
  EXPECT_THAT(failure(with), HasSubstr("p.csv: sections 0:2 were asked for; expected a part of 0:1"));
}

TEST_F(EvaluatePoints, ClassesAsNumbersBesideNamesAreRefused) {
  EvaluateOptions mixed = options({{{1, 2, 3}, "synapse"}, {{9, 2, 3}, "2"}});
  try {
    evaluate_points(mixed);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("p.csv:3: gives its class as the number '2'; judged is the class 'synapse'"),
                      HasSubstr("or --truth-class with a number")));
  }
  EvaluateOptions numbers = options({{{1, 2, 3}, "1"}, {{9, 2, 3}, "2"}});
  EXPECT_THROW(evaluate_points(numbers), InputError);
  numbers.truth_class = "2";
  EXPECT_EQ(evaluate_points(numbers).truths.size(), 1U);
}

}  // namespace
}  // namespace cleft
