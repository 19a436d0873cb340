#include "pipeline/evaluate/locate_result.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "pipeline/detect/input_identity.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// A run directory of a volume with a mask, as detect leaves it.
class LocateResult : public testing::Test {
 protected:
  LocateResult() {
    std::filesystem::create_directory(run);
    h5::write_file(dir / "raw.h5", [](h5::File& file) {
      file.write("raw", std::vector<std::uint8_t>(24), {2, 3, 4});
    });
    write_mask(1);
    write_result(json::object());
    write_configuration("");
  }

  void write_mask(std::uint8_t value) const {
    h5::write_file(mask.file, [&](h5::File& file) {
      file.write("mask", std::vector<std::uint8_t>(24, value), {2, 3, 4});
      file.write("other", std::vector<std::uint8_t>(24, value), {2, 3, 4});
    });
  }
  /// \param more  Of the recipe of the probability.
  void write_result(const json& more) const {
    h5::write_file(run / "synapses.h5", [&](h5::File& file) {
      file.write("labels", std::vector<std::uint32_t>(24), {2, 3, 4});
      file.write("objects", std::vector<std::uint32_t>(1), {1});
      json probability{{"extent", {2, 3, 4}}};
      probability.update(more);
      write_recipe(file, {{"probability", probability}});
    });
  }
  void write_configuration(const std::string& of_volume, const std::string& model = "m.h5") const {
    test::write_bytes(run / "run.yaml", "volume: {path: " + (dir / "raw.h5").string() + of_volume +
                                            "}\nmodel: " + (dir / model).string() + "\n");
  }
  json recorded() const { return {{"mask", {identify_input(mask).fingerprint, "/mask", {1, 0, 2}}}}; }

  EvaluateOptions located(RunMask which = RunMask::made_in) const {
    EvaluateOptions options;
    locate_result(options, run.string(), which);
    return options;
  }
  std::string logged(RunMask which = RunMask::made_in) const {
    testing::internal::CaptureStderr();
    located(which);
    return testing::internal::GetCapturedStderr();
  }

  const test::TempDirectory dir;
  const std::filesystem::path run = dir / "results";
  const VolumePath mask{dir / "mask.h5", "/mask"};
  const std::string of_mask = ", mask: {path: " + (dir / "mask.h5").string() + ", dataset: other}";
};

TEST_F(LocateResult, ARunIsJudgedInTheMaskThatItWasMadeIn) {
  write_result(recorded());
  write_configuration(of_mask);
  const auto found = located().mask;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path.file, mask.file);
  EXPECT_EQ(found->path.dataset, "/mask") << "as recorded, whatever the configuration says now";
  EXPECT_EQ(found->begin, (GlobalVoxel{1, 0, 2}));
  EXPECT_FALSE(located(RunMask::nowhere).mask);
  std::filesystem::remove(dir / "raw.h5");  // nobody needs it
  EXPECT_TRUE(located().mask);
}

TEST_F(LocateResult, AnotherMaskIsRefusedUnlessItIsAccepted) {
  write_result(recorded());
  write_configuration(of_mask);
  write_mask(2);
  EXPECT_THAT([&] { located(); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("mask.h5:/mask: is not what " + run.string()),
                                              HasSubstr("another mask (as many bytes, but another content)"),
                                              HasSubstr("--accept-mask"), HasSubstr("--without-mask"))));
  EXPECT_TRUE(located(RunMask::as_it_is).mask);
  EXPECT_THAT(logged(RunMask::as_it_is), HasSubstr("accepted, as told"));
  EXPECT_FALSE(located(RunMask::nowhere).mask);
}

TEST_F(LocateResult, AMaskThatIsGoneIsRefused) {
  write_result(recorded());
  const auto refused = [&](const std::string& why) {
    EXPECT_THAT([&] { located(); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("was made in a mask, and "), HasSubstr(why),
                                                HasSubstr("--without-mask to judge everything"))));
    EXPECT_FALSE(located(RunMask::nowhere).mask);
  };
  refused("run.yaml names none");
  write_configuration(of_mask);
  std::filesystem::remove(mask.file);
  refused("mask.h5: there is no such file");
  test::write_bytes(run / "run.yaml", "no_such_key: 1\n");
  refused("its configuration cannot be read");
  std::filesystem::remove(run / "run.yaml");
  refused("its configuration cannot be read");
}

TEST_F(LocateResult, AProjectsMaskIsTheRunsToo) {
  test::write_small_project(dir / "my.ilp", {}, [&](h5::File& file) {
    file.remove("Input Data/infos/lane0000/Raw Data/filePath");
    file.write_text("Input Data/infos/lane0000/Raw Data/filePath", "raw.h5/raw");
    file.group("Input Data/infos/lane0000/Prediction Mask").write_text("filePath", "mask.h5/mask");
  });
  write_configuration("", "my.ilp");
  write_result({{"mask", {identify_input(mask).fingerprint, "/mask"}}});
  const auto found = located().mask;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path.file, mask.file);
  write_mask(2);
  EXPECT_THAT([&] { located(); }, ThrowsMessage<InputError>(HasSubstr("another mask")));
  std::filesystem::remove(mask.file);
  EXPECT_THAT([&] { located(); },
              ThrowsMessage<InputError>(
                  AllOf(HasSubstr("my.ilp has the mask mask.h5/mask"), HasSubstr("there is no such file"))));
}

TEST_F(LocateResult, AMaskThatCameLaterIsNotApplied) {
  write_configuration(of_mask);
  EXPECT_FALSE(located().mask);
  EXPECT_THAT(logged(), HasSubstr("was made without one: everything is judged"));
}

TEST_F(LocateResult, LabelsThatDoNotSayHowTheyWereMadeTakeTheConfigurationsMask) {
  h5::write_file(run / "synapses.h5", [](h5::File& file) {
    file.write("labels", std::vector<int>(24), {2, 3, 4});
  });
  write_configuration(of_mask);
  ASSERT_TRUE(located().mask);
  EXPECT_EQ(located().mask->path.dataset, "/other");
  EXPECT_THAT(logged(), HasSubstr("does not say in which mask it was made"));
  write_configuration("");
  EXPECT_EQ(logged(), "");
}

TEST_F(LocateResult, AVoxelSizeThatOverrulesFilesDoesSoHere) {
  write_configuration(", voxel_size_nm: [40, 5, 5]");
  EXPECT_FALSE(located().voxel_size);
  write_configuration(", voxel_size_nm: [40, 5, 5], trust: config");
  ASSERT_TRUE(located().voxel_size);
  EXPECT_EQ(located().voxel_size->size, (VoxelSize{40, 5, 5}));
  EvaluateOptions stated;
  stated.voxel_size = StatedVoxelSize{{1, 2, 3}, "--voxel-size"};
  locate_result(stated, run.string(), RunMask::made_in);
  EXPECT_EQ(stated.voxel_size->size, (VoxelSize{1, 2, 3}));
}

TEST_F(LocateResult, OfABoxItSaysWhereCountingBegins) {
  write_result({{"box", "z 6:8, y 1:4, x 0:4"}});
  EXPECT_EQ(located().labels_begin, (GlobalVoxel{6, 1, 0}));
  EXPECT_THAT(logged(), HasSubstr("count from its own first one, z 6, y 1, x 0 of the volume"));
  EvaluateOptions file;
  locate_result(file, (run / "synapses.h5").string(), RunMask::made_in);
  EXPECT_EQ(file.labels_begin, (GlobalVoxel{6, 1, 0}));
}

TEST_F(LocateResult, ALabelVolumeThatWasMadeInAMaskSaysSo) {
  write_result(recorded());
  EvaluateOptions options;
  testing::internal::CaptureStderr();
  locate_result(options, (run / "synapses.h5").string(), RunMask::made_in);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("was made in a mask; everything is judged"));
  EXPECT_FALSE(options.mask);
  EXPECT_EQ(options.labels.dataset, "/labels");
}

TEST_F(LocateResult, CleftsOwnDatasetsAreFoundAndOthersAreNot) {
  h5::write_file(dir / "p.h5", [](h5::File& file) {
    file.write("probability", std::vector<std::uint8_t>(24), {2, 3, 4});
    file.write("manifest", std::vector<std::uint8_t>(1), {1});
  });
  EvaluateOptions options;
  options.probability = VolumePath{dir / "p.h5", ""};
  locate_result(options, run.string(), RunMask::made_in);
  EXPECT_EQ(options.probability->dataset, "/probability");
  options.probability = VolumePath{mask.file, ""};
  locate_result(options, mask.file.string(), RunMask::made_in);
  EXPECT_EQ(options.probability->dataset, "");
  EXPECT_EQ(options.labels.dataset, "");
}

}  // namespace
}  // namespace cleft
