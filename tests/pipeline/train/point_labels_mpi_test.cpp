#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "parallel/agree.hpp"
#include "pipeline/train/point_labels.hpp"
#include "pipeline/train/train.hpp"
#include "pipeline/train/train_input.hpp"
#include "pipeline/train/training_volume.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::string table =
    "z,y,x,class,radius_nm\n4,20,20,synapse,\n8.5,10.25,30,synapse,25\n11,30,8,ignore,\n2,3,3,membrane,\n";

class PointLabels : public testing::Test {
 protected:
  PointLabels() {
    if (world_.is_root()) {
      test::write_volume(directory_ / "raw.h5", "raw", test::training_grey());
      test::write_bytes(directory_ / "p.csv", table);
    }
    world_.barrier();
  }
  Config config(const std::string& volume, const std::string& labels, const std::string& more = "") const {
    const std::string text =
        "volume: {path: raw.h5/raw, " + volume + "}\nlabels: " + labels +
        "\nmodel: my.model.h5\nclasses: [membrane, synapse, rest]\nforest: {trees: 2, seed: 4}\n"
        "features: {texture: [], color: [0.7], edge: []}\n" +
        more;
    return parse_config(text, (directory_ / "run.yaml").string(), {});
  }
  TrainInput prepare(const std::string& volume, const std::string& labels) const {
    return prepare_training(world_, config(volume, labels));
  }
  std::vector<LabelledVoxel> labels(const std::string& volume, const std::string& labels) const {
    return prepare(volume, labels).volumes.front().labels;
  }
  /// What the four points and the rest make of a box, in its own voxels.
  static std::vector<LabelledVoxel> expected(const Box& box, std::int64_t rest) {
    std::vector<PointBall> balls{
        {{4, 20, 20}, 40, 2}, {{8.5, 10.25, 30}, 25, 2}, {{11, 30, 8}, 40, 0}, {{2, 3, 3}, 40, 1}};
    for (PointBall& ball : balls)
      ball.centre = {ball.centre.z - static_cast<double>(box.begin.z),
                     ball.centre.y - static_cast<double>(box.begin.y),
                     ball.centre.x - static_cast<double>(box.begin.x)};
    auto all = label_balls(balls, whole_box(box.extent()), {10, 10, 10});
    for (const LabelledVoxel& label :
         draw_rest(balls, whole_box(box.extent()), {10, 10, 10}, {3, rest, 60, 4}, nullptr))
      all.push_back(label);
    std::ranges::sort(all, {}, &LabelledVoxel::voxel);
    return all;
  }

  Communicator world_ = Communicator::world();
  const test::TempDirectory directory_{world_};
  const std::string sized_ = "voxel_size_nm: [10, 10, 10]";
  const std::string usual_ = "{points: p.csv, rest_voxels: 300, rest_distance_nm: 60}";
};

TEST_F(PointLabels, AreBallsAndARestAwayFromThemOnEveryRank) {
  const auto found = labels(sized_, usual_);
  EXPECT_EQ(found, expected(whole_box(test::training_extent), 300));
  std::vector<std::int64_t> counts(4);
  for (const LabelledVoxel& label : found) ++counts.at(label.label);
  EXPECT_EQ(counts[3], 300);
  // The ball of 40 nm of 10 nm voxels has 257, that of 25 nm around the middle of two sections fewer.
  EXPECT_GT(counts[2], 257);
}

TEST_F(PointLabels, OfABoxAreThoseThatReachIntoIt) {
  const Box box{{3, 4, 2}, {14, 40, 40}};
  EXPECT_EQ(
      labels(sized_ + ", box: [3:, 4:, 2:40]", "{points: p.csv, rest_voxels: 50, rest_distance_nm: 60}"),
      expected(box, 50));
}

TEST_F(PointLabels, OfACutLieWhereItBegins) {
  if (world_.is_root()) test::write_bytes(directory_ / "cut.csv", "1,4,5,synapse\n-1,-10,-12,membrane\n");
  world_.barrier();
  const auto found = labels(sized_, "{points: cut.csv, begin: [3, 16, 15], rest_voxels: 1}");
  EXPECT_THAT(found, testing::Contains(LabelledVoxel{{4, 20, 20}, 2}));
  EXPECT_THAT(found, testing::Contains(LabelledVoxel{{2, 6, 3}, 1}));
}

TEST_F(PointLabels, MayBeOneOfSeveralEntriesAndIgnoreMayBeAClass) {
  if (world_.is_root()) std::filesystem::copy_file(directory_ / "raw.h5", directory_ / "b.h5");
  world_.barrier();
  const std::string small = "points: p.csv, point_radius_nm: 12, rest_voxels: 0";
  const TrainInput input =
      prepare(sized_, "\n  - " + usual_ + "\n  - {" + small +
                          ", volume: {path: b.h5, dataset: /raw, voxel_size_nm: [10, 10, 10]}}");
  ASSERT_EQ(input.volumes.size(), 2U);
  EXPECT_EQ(input.volumes[0].labels, expected(whole_box(test::training_extent), 300));
  EXPECT_LT(input.volumes[1].labels.size(), 100U);
  const Config ignoring = parse_config(
      "volume: {path: raw.h5/raw, voxel_size_nm: [10, 10, 10]}\nlabels: {points: p.csv, rest_voxels: 0}\n"
      "model: my.model.h5\nclasses: [membrane, synapse, ignore]\n"
      "features: {texture: [], color: [0.7], edge: []}\n",
      (directory_ / "run.yaml").string(), {});
  EXPECT_THAT(prepare_training(world_, ignoring).volumes.front().labels,
              testing::Contains(LabelledVoxel{{11, 30, 8}, 3}));
}

/// By definition: the nearest centre's label at a voxel, 0 where two labels are equally near or none is.
std::uint8_t nearest_label(const std::vector<PointBall>& balls, const GlobalVoxel& v) {
  std::vector<std::pair<double, std::uint8_t>> near;
  for (const PointBall& ball : balls) {
    const double d =
        10 * std::hypot(static_cast<double>(v.z) - ball.centre.z, static_cast<double>(v.y) - ball.centre.y,
                        static_cast<double>(v.x) - ball.centre.x);
    if (ball.label != 0 && d <= ball.radius_nm + 1e-6) near.emplace_back(d, ball.label);
  }
  if (near.empty()) return 0;
  const auto [nearest, label] = *std::ranges::min_element(near);
  for (const auto& [d, other] : near)
    if (other != label && d < nearest + 1e-6) return 0;
  return label;
}

TEST_F(PointLabels, TwoTablesOfOneVolumeAreAsOneAndDrawTheirRestsApart) {
  if (world_.is_root()) {
    test::write_bytes(directory_ / "a.csv", "4,20,20,synapse\n4,20,30,synapse\n");
    test::write_bytes(directory_ / "b.csv", "4,20,26,membrane\n4,20,31,synapse\n10,33,8,ignore\n");
  }
  world_.barrier();
  const std::vector<PointBall> balls{
      {{4, 20, 20}, 40, 2}, {{4, 20, 30}, 40, 2}, {{4, 20, 26}, 40, 1}, {{4, 20, 31}, 40, 2}};
  const PointBall ignored{{10, 33, 8}, 60, 0};
  const auto check = [&](const std::string& end, const Box& box_of_b) {
    const auto input =
        prepare(sized_,
                "\n  - {points: a.csv, rest_voxels: 3000, rest_distance_nm: 60}\n  - {points: b.csv, "
                "rest_voxels: 2000, rest_distance_nm: 60" +
                    end);
    ASSERT_EQ(input.volumes.size(), 2U);
    std::map<GlobalVoxel, std::uint8_t> found;
    std::vector<std::int64_t> rest(2);
    for (std::size_t n = 0; n < 2; ++n)
      for (const LabelledVoxel& label : input.volumes[n].labels) {
        const GlobalVoxel voxel = label.voxel + (n == 0 ? Extent{} : box_of_b.begin - GlobalVoxel{});
        EXPECT_TRUE(found.emplace(voxel, label.label).second) << "twice";
        if (label.label != 3) continue;
        ++rest[n];
        for (const PointBall& ball : balls)
          EXPECT_GT(10 * std::hypot(static_cast<double>(voxel.z) - ball.centre.z,
                                    static_cast<double>(voxel.y) - ball.centre.y,
                                    static_cast<double>(voxel.x) - ball.centre.x),
                    60);
        EXPECT_GT(10 * std::hypot(static_cast<double>(voxel.z) - ignored.centre.z,
                                  static_cast<double>(voxel.y) - ignored.centre.y,
                                  static_cast<double>(voxel.x) - ignored.centre.x),
                  60);
      }
    EXPECT_EQ(rest, (std::vector<std::int64_t>{3000, 2000}));
    for (std::int64_t z = 0; z < 14; ++z)
      for (std::int64_t y = 0; y < 40; ++y)
        for (std::int64_t x = 0; x < 44; ++x) {
          const auto at = found.find({z, y, x});
          const int label = at == found.end() || at->second == 3 ? 0 : at->second;
          EXPECT_EQ(label, nearest_label(balls, {z, y, x})) << z << " " << y << " " << x;
        }
  };
  check("}", whole_box(test::training_extent));
  check(", volume: {path: raw.h5, dataset: /raw, voxel_size_nm: [10, 10, 10], box: [:, 10:, :]}}",
        {{0, 10, 0}, {14, 40, 44}});
}

TEST_F(PointLabels, TheRestKeepsOffWhatStrokesLabel) {
  // Behind the balls every other voxel is a stroke's, so that a rest drawn without looking would meet one.
  std::string strokes = "z,y,x,class\n";
  for (std::int64_t z = 10; z < 14; ++z)
    for (std::int64_t y = 0; y < 40; ++y)
      for (std::int64_t x = y % 2; x < 44; x += 2) strokes += fmt::format("{},{},{},rest\n", z, y, x);
  if (world_.is_root()) {
    test::write_bytes(directory_ / "a.csv", "4,20,20,synapse\n2,3,3,membrane\n");
    test::write_bytes(directory_ / "strokes.csv", strokes);
  }
  world_.barrier();
  const TrainInput input =
      prepare(sized_, "\n  - {points: a.csv, rest_voxels: 4000}\n  - {csv: strokes.csv}");
  EXPECT_EQ(std::ranges::count(input.volumes[0].labels, 3, &LabelledVoxel::label), 4000);
}

TEST_F(PointLabels, LabelNoVoxelTwiceInOneVolume) {
  if (world_.is_root()) test::write_bytes(directory_ / "strokes.csv", "4,20,20,synapse\n");
  world_.barrier();
  EXPECT_THAT(
      [&] { prepare(sized_, "\n  - " + usual_ + "\n  - {csv: strokes.csv}"); },
      ThrowsMessage<CollectiveError>(HasSubstr("expected each voxel labelled by one entry of labels")));
}

TEST_F(PointLabels, OutsideTheBoxAreCountedAndNotAllOfThem) {
  testing::internal::CaptureStderr();
  labels(sized_ + ", box: [3:, 4:, :]", usual_);
  const std::string log = testing::internal::GetCapturedStderr();
  if (world_.is_root()) {
    EXPECT_THAT(log, HasSubstr("p.csv: 1 of 3 points lies outside volume.box"));
  }
  EXPECT_THAT([&] { labels(sized_ + ", box: [:, 35:, 35:]", usual_); },
              ThrowsMessage<CollectiveError>(
                  AllOf(HasSubstr("p.csv: none of 3 points lies in volume.box (z 0:14, y 35:40, x 35:44)"),
                        HasSubstr("expected points in volume.box"))));
}

TEST_F(PointLabels, StayInTheMask) {
  Array3<std::uint8_t> mask(test::training_extent);
  for (std::int64_t y = 0; y < mask.extent().y; ++y)
    for (std::int64_t x = 0; x < mask.extent().x; ++x) mask(13, y, x) = 1;
  if (world_.is_root()) test::write_volume(directory_ / "m.h5", "m", mask);
  world_.barrier();
  const std::string masked = sized_ + ", mask: {path: m.h5/m}";
  for (const LabelledVoxel& label : labels(masked, usual_))
    EXPECT_TRUE(label.label != 3 || label.voxel.z == 13) << label.voxel.z;
  EXPECT_THAT(
      [&] { labels(masked, "{points: p.csv, rest_voxels: 5000, rest_distance_nm: 60}"); },
      ThrowsMessage<CollectiveError>(AllOf(
          HasSubstr("run.yaml:2: labels.rest_voxels: is 5000, but only 1"),
          HasSubstr(" in the mask lie farther than 60 nm from every point; expected fewer, or a smaller "
                    "labels.rest_distance_nm"))));
}

TEST_F(PointLabels, NeedAVoxelSize) {
  EXPECT_THAT([&] { prepare("missing: error", usual_); },
              ThrowsMessage<CollectiveError>(AllOf(
                  HasSubstr("run.yaml:2: labels.points: its radii are in nm, but"),
                  HasSubstr("raw.h5:/raw has no voxel size; expected volume.voxel_size_nm: [z, y, x]"))));
}

TEST_F(PointLabels, OutsideTheVolumeOrBetweenVoxelsAreNamed) {
  const auto refuses = [&](const std::string& text, const std::string& labels, const std::string& message) {
    if (world_.is_root()) test::write_bytes(directory_ / "bad.csv", text);
    world_.barrier();
    EXPECT_THAT([&] { prepare(sized_, labels); }, ThrowsMessage<CollectiveError>(HasSubstr(message)));
  };
  refuses("4,20,20,synapse\n13.5,1,1,ignore\n", "{points: bad.csv}",
          "bad.csv:2: z 13.5, y 1, x 1 is outside the volume; expected a place in 14 x 40 x 44");
  refuses("4,20.5,20.5,synapse\n", "{points: bad.csv, point_radius_nm: 7}",
          "bad.csv:1: no voxel's centre lies within 7 nm of the point; expected a larger radius_nm, or "
          "labels.point_radius_nm, for voxels of 10 x 10 x 10 nm");
  refuses("4,20,20,synapes\n", "{points: bad.csv}", "bad.csv:1: names class 'synapes'");
  refuses("4,20,20,ignored\n", "{points: bad.csv}", "bad.csv:1: names class 'ignored'");
  refuses("4,20,20,synapse\n", "{points: bad.csv, begin: [14, 0, 0]}", "labels.begin: places the ");
  refuses("4,20,20,synapse\n", "{points: none.csv}",
          "none.csv: there is no such file; expected a CSV file of points");
}

TEST_F(PointLabels, DoNotTakeMoreMemoryThanARankMay) {
  EXPECT_THAT(
      [&] {
        prepare_training(world_, config(sized_, "{points: p.csv, point_radius_nm: 1e6}",
                                        "run: {memory_per_rank: 1MiB}\n"));
      },
      ThrowsMessage<CollectiveError>(
          HasSubstr("labels.point_radius_nm: 4 balls hold 73978 voxels, more than run.memory_per_rank")));
}

TEST_F(PointLabels, TheRestTakesMemoryToo) {
  EXPECT_THAT(
      [&] {
        prepare_training(world_, config(sized_, "{points: p.csv, rest_voxels: 12000, rest_distance_nm: 0}",
                                        "run: {memory_per_rank: 1MiB}\n"));
      },
      ThrowsMessage<CollectiveError>(
          HasSubstr("labels.rest_voxels: is 12000, more than run.memory_per_rank has room for")));
}

TEST_F(PointLabels, WhenTheyChangeTheModelIsAnother) {
  const auto train = [&](const std::string& labels) { run_train(world_, config(sized_, labels)); };
  train(usual_);
  train(usual_);
  const std::string bytes = test::file_bytes(directory_ / "my.model.h5");
  for (const char* other : {"{points: p.csv, rest_voxels: 301, rest_distance_nm: 60}",
                            "{points: p.csv, rest_voxels: 300, rest_distance_nm: 60, point_radius_nm: 41.3}"})
    EXPECT_THAT([&] { train(other); },
                ThrowsMessage<CollectiveError>(HasSubstr("trained with other values of: labels")))
        << other;
  EXPECT_EQ(test::file_bytes(directory_ / "my.model.h5"), bytes);
}

}  // namespace
}  // namespace cleft
