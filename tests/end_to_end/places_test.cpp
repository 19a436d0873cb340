// Volumes, labels, masks, truths and results meet by where they lie.

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "end_to_end/small_run.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "io/volume/volume_reader.hpp"
#include "support/masks.hpp"

namespace cleft::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr Extent volume{40, 110, 120};
constexpr VoxelSize voxel{12, 16, 16};
constexpr Box box{{6, 20, 17}, {38, 100, 111}};
const std::string box_key = "volume.box=[6:38, 20:100, 17:111]";
const PerAxis<double> box_offset{6 * 12.0, 20 * 16.0, 17 * 16.0};

const SmallRun& shared_run() {
  static const SmallRun run;
  return run;
}

template <class T>
Array3<T> read(const VolumePath& path, const std::optional<Box>& part = {}) {
  const VolumeReader reader(path);
  const Box wanted = part.value_or(whole_box(reader.extent()));
  Array3<T> values(wanted.extent());
  reader.read(wanted, values.view());
  return values;
}

/// Writes a volume, with where it lies if that is said.
template <class T>
void write(const std::string& file, const std::string& dataset, const Array3<T>& values,
           const std::optional<PerAxis<double>>& offset = {}) {
  h5::write_file(shared_run().path(file), [&](h5::File& out) {
    const Extent& e = values.extent();
    auto written =
        out.write(dataset, std::vector<T>(values.voxels().begin(), values.voxels().end()),
                  {static_cast<hsize_t>(e.z), static_cast<hsize_t>(e.y), static_cast<hsize_t>(e.x)});
    write_axes(written, voxel, false, offset);
  });
}

VolumePath phantom(const std::string& dataset) {
  return {shared_run().path("phantom.h5"), dataset};
}

std::string table(const std::string& run) {
  return file_bytes(shared_run().path(run + "/synapses.csv"));
}

std::vector<std::uint64_t> labels(const std::string& run) {
  return values_of(read<std::uint64_t>({shared_run().path(run + "/synapses.h5"), "/labels"}));
}

std::int64_t rows(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n') - 1;
}

nlohmann::json record(const std::string& run) {
  return nlohmann::json::parse(file_bytes(shared_run().path(run + "/run.json")));
}

/// A segmentation: 300 where one looks.
void write_mask(const std::string& file) {
  Array3<std::uint16_t> mask(volume);
  for (std::int64_t i = 0; i < mask.size(); ++i) {
    const GlobalVoxel p = voxel_at(i, volume);
    mask.data()[i] = p.z >= 9 && p.y + p.x < 150 && (p.x % 37 != 0 || p.y > 60) ? 300 : 0;
  }
  write(file, "m", mask);
}

TEST(Places, ABoxIsWhatAFileOfThatPartWouldBe) {
  write("cut.h5", "raw", read<std::uint8_t>(phantom("/raw"), box), box_offset);
  const auto cut =
      shared_run().detect(1, "cut", {"volume.path=" + shared_run().path("cut.h5"), "volume.dataset=/raw"});
  ASSERT_EQ(cut.exit_code, 0) << cut.err;
  ASSERT_GT(rows(table("cut")), 2) << "a test of nothing";
  for (const int ranks : {1, 2, 3, 4}) {
    const std::string run = "box" + std::to_string(ranks);
    const auto boxed = shared_run().detect(ranks, run, {box_key, "run.block_shape=[13, 31, 40]"});
    ASSERT_EQ(boxed.exit_code, 0) << boxed.err;
    EXPECT_EQ(table(run), table("cut")) << ranks;
    EXPECT_EQ(labels(run), labels("cut")) << ranks;
    for (const auto& [file, dataset] :
         {std::pair{"/synapses.h5", "/labels"}, std::pair{"/probability.h5", "/probability"}})
      EXPECT_EQ(VolumeReader({shared_run().path(run + file), dataset}).place().offset, box_offset);
  }
}

TEST(Places, ABoxsResultMeetsTheTruthOfTheWhole) {
  ASSERT_EQ(shared_run().detect(2, "judged", {box_key}).exit_code, 0);
  const auto judged = [&](const std::string& truth, const std::vector<std::string>& options) {
    std::vector<std::string> line{"evaluate", shared_run().path("judged"), "--truth",
                                  shared_run().path(truth)};
    line.insert(line.end(), options.begin(), options.end());
    return run_cleft(line);
  };
  const auto by_place = judged("phantom.h5/truth/synapses", {"--cut-objects"});
  ASSERT_EQ(by_place.exit_code, 0) << by_place.err;
  write("cut_truth.h5", "t", read<std::uint64_t>(phantom("/truth/synapses"), box));
  EXPECT_EQ(by_place.out, judged("cut_truth.h5/t", {"--cut-objects"}).out);
  EXPECT_EQ(by_place.out, judged("cut_truth.h5/t", {}).out);
  EXPECT_THAT(by_place.out, HasSubstr("sections     0:32"));
  // Not cut, the truth knows of an object that has but its edge in the box.
  EXPECT_THAT(judged("phantom.h5/truth/synapses", {}).out,
              HasSubstr("not judged   1 truth object, unmatched and mostly outside what is judged\n"
                        "         4  at z 22.1, y 72.1, x 0.0  26 of 852 voxels judged\n"));
}

TEST(Places, SectionsOfABoxCountFromItsFirstOne) {
  ASSERT_EQ(shared_run().detect(2, "counted", {box_key}).exit_code, 0);
  const auto judged = [&](const std::string& truth, const std::vector<std::string>& options) {
    std::vector<std::string> line{"evaluate", shared_run().path("counted"), "--truth", truth};
    line.insert(line.end(), options.begin(), options.end());
    return run_cleft(line);
  };
  const std::string whole = shared_run().path("phantom.h5/truth/synapses");
  const auto some = judged(whole, {"--sections", "4:20", "--cut-objects"});
  ASSERT_EQ(some.exit_code, 0) << some.err;
  EXPECT_THAT(some.out, HasSubstr("sections     4:20"));
  EXPECT_THAT(some.err, HasSubstr("count from its own first one, z 6, y 20, x 17 of the volume"));
  // The same sections of the volume, 10:26, as a truth of their own.
  const Box part{{10, 20, 17}, {26, 100, 111}};
  write("sections.h5", "t", read<std::uint64_t>(phantom("/truth/synapses"), part));
  h5::File file = h5::File::open_write(shared_run().path("sections.h5"));
  file.dataset("t").set_attribute("first_section", 10);
  file.close();
  EXPECT_EQ(judged(shared_run().path("sections.h5/t"), {"--cut-objects"}).out, some.out);
  const auto beyond = judged(whole, {"--sections", "6:38"});
  EXPECT_EQ(beyond.exit_code, 1);
  EXPECT_THAT(beyond.err,
              AllOf(HasSubstr("expected a part of 0:32"), HasSubstr("counted from the first section")));
}

TEST(Places, ARunIsJudgedInTheMaskThatItWasMadeInAlone) {
  write_mask("judged_mask.h5");
  const std::string key = "volume.mask.path=" + shared_run().path("judged_mask.h5/m");
  ASSERT_EQ(shared_run().detect(2, "masked", {key, box_key}).exit_code, 0);
  const auto judged = [&](const std::vector<std::string>& options) {
    std::vector<std::string> line{"evaluate", shared_run().path("masked"), "--truth",
                                  shared_run().path("phantom.h5/truth/synapses")};
    line.insert(line.end(), options.begin(), options.end());
    return run_cleft(line);
  };
  const auto before = judged({});
  ASSERT_EQ(before.exit_code, 0) << before.err;
  EXPECT_THAT(before.out, HasSubstr("outside the mask"));
  write("judged_mask.h5", "m", Array3<std::uint16_t>(volume));
  const auto refused = judged({});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors(), testing::ElementsAre(AllOf(HasSubstr("judged_mask.h5:/m: is not what "),
                                                           HasSubstr("another mask ("),
                                                           HasSubstr("--without-mask to judge everything"))));
  EXPECT_THAT(judged({"--accept-mask"}).out, HasSubstr("F1 undefined"));
  EXPECT_EQ(judged({"--without-mask"}).exit_code, 0);
  write_mask("judged_mask.h5");
  EXPECT_EQ(judged({}).out, before.out);
}

TEST(Places, AnotherBoxIsAnotherRun) {
  ASSERT_EQ(shared_run().detect(1, "once", {box_key}).exit_code, 0);
  const auto other = shared_run().detect(1, "once", {"volume.box=[6:38, 20:100, 18:111]"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("volume.box"));
}

TEST(Places, AMaskAfterPredictIsAsOneFromTheBeginning) {
  write_mask("mask.h5");
  const std::string key = "volume.mask.path=" + shared_run().path("mask.h5/m");
  ASSERT_EQ(shared_run().detect(2, "first", {key}).exit_code, 0);
  ASSERT_GT(rows(table("first")), 2) << "a test of nothing";
  for (const int ranks : {1, 2, 3, 4}) {
    const std::string run = "later" + std::to_string(ranks);
    ASSERT_EQ(shared_run().detect(ranks, run).exit_code, 0);
    EXPECT_NE(table(run), table("first"));
    const auto later =
        shared_run().detect(ranks, run, {key, "run.block_shape=[11, 50, 33]"}, {"--stage", "segment"});
    ASSERT_EQ(later.exit_code, 0) << later.err;
    EXPECT_EQ(table(run), table("first")) << ranks;
    EXPECT_EQ(labels(run), labels("first")) << ranks;
    EXPECT_EQ(record(run)["segment"]["searched_voxels"], record("first")["segment"]["searched_voxels"]);
  }
  const auto mask = read<std::uint16_t>({shared_run().path("mask.h5"), "/m"});
  const auto inside = std::count(mask.voxels().begin(), mask.voxels().end(), 300);
  EXPECT_EQ(record("first")["segment"]["searched_voxels"], inside);
  EXPECT_EQ(record("first")["predict"]["voxels"], inside);
  // What predict left out cannot be found later.
  const auto without = shared_run().detect(2, "first", {}, {"--stage", "segment"});
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_THAT(without.err, HasSubstr("was made from another mask"));
}

TEST(Places, LabelsOfAPartTrainTheSameWhereTheyLie) {
  const auto whole = read<std::uint8_t>(phantom("/labels"));
  const Box part{{2, 10, 10}, {38, 100, 110}};
  Array3<std::uint8_t> blanked(volume);
  for (std::int64_t i = 0; i < whole.size(); ++i)
    blanked.data()[i] = part.contains(voxel_at(i, volume)) ? whole.data()[i] : 0;
  const auto cut = read<std::uint8_t>(phantom("/labels"), part);
  write("blanked.h5", "l", blanked);
  write("placed.h5", "l", cut, PerAxis<double>{24, 160, 160});
  write("unplaced.h5", "l", cut);
  const auto train = [&](const std::string& file, const std::vector<std::string>& sets) {
    std::vector<std::string> line{
        "train", shared_run().configuration(), "--set", "labels.path=" + shared_run().path(file),
        "--set", "labels.dataset=/l",          "--set", "model=" + shared_run().path(file + ".model.h5")};
    for (const auto& set : sets) line.insert(line.end(), {"--set", set});
    return run_cleft(line, 2);
  };
  ASSERT_EQ(train("blanked.h5", {}).exit_code, 0);
  const auto expected = file_bytes(shared_run().path("blanked.h5.model.h5"));
  ASSERT_EQ(train("placed.h5", {}).exit_code, 0);
  EXPECT_EQ(file_bytes(shared_run().path("placed.h5.model.h5")), expected);
  const auto refused = train("unplaced.h5", {});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("does not say where it lies"), HasSubstr("labels.begin")));
  ASSERT_EQ(train("unplaced.h5", {"labels.begin=[2, 10, 10]"}).exit_code, 0);
  EXPECT_EQ(file_bytes(shared_run().path("unplaced.h5.model.h5")), expected);
  const auto contradiction = train("placed.h5", {"labels.begin=[0, 0, 0]"});
  EXPECT_EQ(contradiction.exit_code, 1);
  EXPECT_THAT(contradiction.err, AllOf(HasSubstr("labels.begin"), HasSubstr("the offset z 24")));
}

TEST(Places, LabelsOutsideTheMaskAreWarnedAbout) {
  write_mask("mask.h5");
  const auto outcome =
      run_cleft({"train", shared_run().configuration(), "--set", "model=" + shared_run().path("w.h5"),
                 "--set", "volume.mask.path=" + shared_run().path("mask.h5/m")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("lie outside the mask"));
}

TEST(Places, ASigmaLargerThanTheVolumeIsRefusedBeforePredict) {
  for (const auto* set : {"threshold.sigma=1e300", "threshold.sigma=1000000000", "threshold.sigma=41",
                          "threshold.sigma_nm=1e308", "threshold.sigma_nm=10000"}) {
    const auto outcome = shared_run().detect(1, "sigma", {set});
    EXPECT_EQ(outcome.exit_code, 1) << set;
    EXPECT_THAT(outcome.err, HasSubstr("threshold.sigma")) << set;
    EXPECT_FALSE(std::filesystem::exists(shared_run().path("sigma/probability.h5")));
  }
}

}  // namespace
}  // namespace cleft::test
