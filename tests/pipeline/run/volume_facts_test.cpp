#include "pipeline/run/volume_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class LookAtVolume : public testing::Test {
 protected:
  LookAtVolume() {
    h5::write_file(directory_ / "raw.h5", [](h5::File& file) {
      auto raw = file.write("raw", std::vector<std::uint16_t>(24), {2, 3, 4});
      write_axes(raw, VoxelSize{40, 5, 5});
      file.write("wide", std::vector<std::int32_t>(24), {2, 3, 4});
      file.write("untagged", std::vector<double>(48), {2, 3, 4, 2});
      file.create_dataset("text", h5::Handle(H5Tcopy(H5T_C_S1), "type", "copy").get(), {2, 2, 2});
      file.create_dataset<std::uint8_t>("long", {1, 1, hsize_t{1} << 31U}, {.chunks = {1, 1, 4096}});
    });
  }

  VolumeFacts look_at(const std::string& dataset, const std::string& more = "") const {
    const std::string volume = "path: " + (directory_ / "raw.h5").string() + ", dataset: " + dataset + more;
    return look_at_volume(parse_config("volume: {" + volume + "}\n", (directory_ / "run.yaml").string(), {}));
  }

  const test::TempDirectory directory_;
};

TEST_F(LookAtVolume, TellsExtentVoxelSizeAndType) {
  const VolumeFacts facts = look_at("/raw");
  EXPECT_EQ(facts.extent, (Extent{2, 3, 4}));
  EXPECT_EQ(facts.voxel_size, (VoxelSize{40, 5, 5}));
  EXPECT_EQ(facts.type, ElementType::uint16);
  EXPECT_EQ(facts.path.dataset, "/raw");
}

TEST_F(LookAtVolume, RefusesAnotherVoxelSizeThanTheFileHas) {
  EXPECT_THAT([&] { look_at("/raw", ", voxel_size_nm: [50, 5, 5]"); },
              ThrowsMessage<ConfigError>(HasSubstr("volume.voxel_size_nm")));
}

/// Three lengths are taken as z, y, x; of a file whose axes are x, y, z nobody knows.
TEST_F(LookAtVolume, RefusesLengthsOfWhichTheAxesAreNotCertain) {
  h5::write_file(directory_ / "turned.h5", [](h5::File& file) {
    for (const auto* const name : {"turned", "cube"}) {
      auto raw = file.write(name, std::vector<std::uint8_t>(24), {4, 3, 2});
      raw.set_attribute("axes", "xyz");
      raw.set_attribute("resolution", std::string(name) == "cube" ? std::vector<double>{5, 5, 5}
                                                                  : std::vector<double>{5, 5, 40});
    }
  });
  const auto look = [&](const std::string& dataset, const std::string& more) {
    const std::string volume = "path: " + (directory_ / "turned.h5").string() + ", dataset: " + dataset;
    return look_at_volume(parse_config("volume: {" + volume + more + "}\n", directory_ / "run.yaml", {}));
  };
  EXPECT_THAT([&] { look("turned", ""); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("5 x 5 x 40 nm"), HasSubstr("not which is along"),
                                              HasSubstr("volume.trust: config"))));
  EXPECT_EQ(look("turned", ", voxel_size_nm: [40, 5, 5], trust: config").voxel_size, (VoxelSize{40, 5, 5}));
  EXPECT_EQ(look("cube", "").voxel_size, (VoxelSize{5, 5, 5}));
}

TEST_F(LookAtVolume, ABoxIsTheVolume) {
  const VolumeFacts facts = look_at("/raw", ", box: [1:2, :, 1:]");
  EXPECT_EQ(facts.extent, (Extent{1, 3, 3}));
  EXPECT_EQ(facts.box(), (Box{{1, 0, 1}, {2, 3, 4}}));
  EXPECT_EQ(facts.dataset().extent, (Extent{2, 3, 4}));
  EXPECT_EQ(facts.offset(), (PerAxis<double>{40, 0, 5}));
  EXPECT_THAT(
      [&] { look_at("/raw", ", box: [1:2, 0:4, 1:]"); },
      ThrowsMessage<InputError>(AllOf(HasSubstr("volume.box: is z 1:2, y 0:4, x 1:4; expected a part of "),
                                      HasSubstr("raw.h5:/raw: z 0:2, y 0:3, x 0:4"))));
  // Without a voxel size nothing can be said in nm.
  EXPECT_FALSE(look_at("/wide", ", box: [1:2, :, 1:]").offset());
  EXPECT_EQ(doubts_about(look_at("/wide", ", box: [1:2, :, 1:]")).size(), 1U);
  EXPECT_TRUE(doubts_about(look_at("/wide")).empty());
}

TEST_F(LookAtVolume, AnOffsetIsTheFilesOrTheConfigurations) {
  EXPECT_EQ(look_at("/raw").offset(), (PerAxis<double>{0, 0, 0}));
  EXPECT_EQ(look_at("/raw", ", offset_nm: [400, -5, 0]").offset(), (PerAxis<double>{400, -5, 0}));
  EXPECT_EQ(look_at("/raw", ", offset_nm: [400, -5, 0], box: [1:2, 1:3, :]").offset(),
            (PerAxis<double>{440, 0, 0}));
}

TEST_F(LookAtVolume, DoubtsVoxelsThatAreLongestAlongX) {
  EXPECT_TRUE(doubts_about(look_at("/raw")).empty());
  EXPECT_THAT(doubts_about(look_at("/wide", ", voxel_size_nm: [4, 4, 40]")),
              testing::ElementsAre(HasSubstr("as if z and x were exchanged")));
}

TEST_F(LookAtVolume, DoubtsSectionsThatImportFilledIn) {
  h5::File::open_write(directory_ / "raw.h5")
      .dataset("raw")
      .set_attribute("missing_sections_are", std::vector<std::string>{"1: the section before stands there"});
  EXPECT_THAT(doubts_about(look_at("/raw")),
              testing::ElementsAre(HasSubstr("sections are missing: 1: the section before stands there")));
}

TEST_F(LookAtVolume, LaysLabelsAndMasksWhereTheyAreSaidToLie) {
  const Config config = parse_config("volume: {path: raw.h5, dataset: raw}\nlabels: {path: l.h5}\n",
                                     (directory_ / "run.yaml").string(), {});
  h5::write_file(directory_ / "l.h5", [](h5::File& file) {
    auto placed = file.write("placed", std::vector<std::uint8_t>(2), {1, 1, 2});
    write_axes(placed, VoxelSize{40, 5, 5}, false, PerAxis<double>{40, 10, 5});
    file.write("unplaced", std::vector<std::uint8_t>(2), {1, 1, 2});
  });
  const auto begin = [&](const std::string& dataset, const std::optional<Extent>& stated,
                         const std::string& more) {
    return begin_in_dataset(config, look_at("/raw", more), VolumeReader({directory_ / "l.h5", dataset}),
                            stated, "labels");
  };
  EXPECT_EQ(begin("/placed", {}, ""), (GlobalVoxel{1, 2, 1}));
  EXPECT_EQ(begin("/placed", {}, ", box: [1:2, :, :]"), (GlobalVoxel{1, 2, 1}));
  EXPECT_EQ(begin("/unplaced", Extent{0, 1, 2}, ""), (GlobalVoxel{0, 1, 2}));
  EXPECT_THAT([&] { begin("/unplaced", {}, ""); },
              ThrowsMessage<InputError>(
                  AllOf(HasSubstr("does not say where it lies"), HasSubstr("or labels.begin: [z, y, x]"))));
  EXPECT_THAT(
      [&] {
        begin("/placed", Extent{0, 2, 1}, "");
      },
      ThrowsMessage<InputError>(AllOf(HasSubstr("labels.begin"), HasSubstr("the offset z 40"))));
  EXPECT_THAT([&] { begin("/placed", {}, ", box: [0:1, :, :]"); },
              ThrowsMessage<InputError>(HasSubstr("expected a part of volume.box")));
}

TEST_F(LookAtVolume, TakesNumbersOfAnyTypeAndNothingElse) {
  EXPECT_EQ(look_at("/wide").type, ElementType::int32);
  EXPECT_THAT([&] { look_at("/text"); }, ThrowsMessage<InputError>(HasSubstr("holds neither integers nor")));
}

TEST_F(LookAtVolume, ReadsAxesAsTheConfigurationStatesThem) {
  EXPECT_THAT(
      [&] { look_at("/untagged"); },
      ThrowsMessage<InputError>(HasSubstr("or a letter for each axis as volume.axes (such as zyxc)")));
  const VolumeFacts facts = look_at("/untagged", ", axes: zyxc, convert: nearest");
  EXPECT_EQ(facts.extent, (Extent{2, 3, 4}));
  EXPECT_EQ(facts.path.options.axes, "zyxc");
  EXPECT_EQ(facts.path.options.conversion, Conversion::nearest);
  EXPECT_EQ(VolumeReader(facts.path, 0).channel_count(), 2U);
  EXPECT_THAT([&] { look_at("/raw", ", axes: xyz"); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("run.yaml:1: volume.axes: is 'xyz', but "),
                                              HasSubstr("raw.h5:/raw attribute axistags says 'zyx'"))));
}

TEST_F(LookAtVolume, ReadsAxesAsAProjectRecordsThem) {
  const auto with_project = [&](const std::string& image, const std::string& axes) {
    test::SmallProject project;
    project.axes = axes;
    test::write_small_project(directory_ / "p.ilp", project, [&](h5::File& file) {
      file.remove("Input Data/infos/lane0000/Raw Data/filePath");
      file.write_text("Input Data/infos/lane0000/Raw Data/filePath", image);
    });
    return look_at_volume(parse_config("volume: {path: raw.h5, dataset: untagged}\nmodel: p.ilp\n",
                                       (directory_ / "run.yaml").string(), {}));
  };
  EXPECT_EQ(with_project("C:\\data\\raw.h5/untagged", "xyzc").extent, (Extent{4, 3, 2}));
  EXPECT_THROW(with_project("/data/other.h5/untagged", "xyzc"), InputError);
}

TEST_F(LookAtVolume, RefusesAnAxisTooLongForSegment) {
  EXPECT_THAT([&] { look_at("/long"); },
              ThrowsMessage<InputError>(HasSubstr(
                  "raw.h5:/long: is 1 x 1 x 2147483648 (z, y, x); expected fewer than 2^31 voxels")));
}

TEST_F(LookAtVolume, RefusesLabelsAndMasksOfOtherVoxelsUnlessTheConfigurationOverrules) {
  h5::write_file(directory_ / "l.h5", [](h5::File& file) {
    auto labels = file.write("l", std::vector<std::uint8_t>(24), {2, 3, 4});
    write_axes(labels, VoxelSize{50, 5, 5});
  });
  const auto begin = [&](const std::string& more) {
    const std::string text = "volume: {path: raw.h5, dataset: raw" + more + "}\nlabels: {path: l.h5}\n";
    const Config config = parse_config(text, (directory_ / "run.yaml").string(), {});
    return begin_in_dataset(config, look_at_volume(config), VolumeReader({directory_ / "l.h5", "/l"}), {},
                            "labels");
  };
  for (const auto* with_file : {"", ", voxel_size_nm: [40, 5, 5]", ", offset_nm: [0, 0, 0], trust: config"})
    EXPECT_THAT([&] { begin(with_file); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("l.h5:/l: has voxels of 50 x 5 x 5 nm"),
                                                HasSubstr("expected 40 x 5 x 5 nm (z, y, x) as "),
                                                HasSubstr("volume.voxel_size_nm with volume.trust: config"))))
        << with_file;
  for (const auto* overruling :
       {", voxel_size_nm: [40, 5, 5], trust: config", ", voxel_size_nm: [30, 5, 5], trust: config"}) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(begin(overruling), GlobalVoxel{});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("not 50 x 5 x 5 nm")) << overruling;
  }
}

}  // namespace
}  // namespace cleft
