#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "support/run_cleft.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Words = std::vector<std::string>;

constexpr hsize_t depth = 6, height = 24, width = 20;
constexpr std::size_t voxels = depth * height * width;

/// A folder with a small volume whose left half is dark, labels, a configuration with few and small features,
/// and a trained model.
class BadInput : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<std::uint8_t> grey(voxels), labels(voxels, 0);
    Random random(1);
    for (std::size_t v = 0; v < voxels; ++v) {
      const bool dark = v % width < width / 2;
      grey[v] = static_cast<std::uint8_t>((dark ? 50 : 150) + random.below(40));
      if (v % 7 == 0) labels[v] = dark ? 1 : 2;
    }
    h5::write_file(temp / "raw.h5", [&](h5::File& file) {
      file.write("raw", grey, {depth, height, width});
      auto sized = file.write("sized", grey, {depth, height, width});
      write_axes(sized, VoxelSize{40, 5, 5});
      file.write("wide", std::vector<std::int32_t>(voxels, (1 << 24) + 1), {depth, height, width});
      file.create_dataset("words", h5::Handle(H5Tcopy(H5T_C_S1), "type", "copy").get(),
                          {depth, height, width});
      file.write("unnamed", grey, {2, 3, height, width});
      file.write("narrow", std::vector<std::uint8_t>(depth * height * 4), {depth, height, 4});
      file.write("flat", grey, {depth * height, width});
      file.write("constant", std::vector<std::uint8_t>(voxels, 200), {depth, height, width});
      file.write("labels", labels, {depth, height, width});
      file.write("nothing", std::vector<std::uint8_t>(voxels, 0), {depth, height, width});
    });
    test::write_bytes(temp / "run.yaml", R"(volume: {path: raw.h5, dataset: /raw}
classes: [synapse, rest]
labels: {path: raw.h5, dataset: /labels}
features: {texture: [], color: [small, medium], edge: [], dimensions: 2d}
forest: {trees: 3}
model: m.h5
threshold: {sigma: 0}
)");
    const Outcome trained = run("train");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }

  /// Runs a command on run.yaml with `sets` put over it.
  Outcome run(const std::string& command, const Words& sets = {}, int ranks = 0) const {
    Words words{command, (temp / "run.yaml").string()};
    for (const auto& set : sets) words.insert(words.end(), {"--set", set});
    return run_here(words, ranks);
  }
  /// Runs cleft in the folder of the files, where paths of --set start.
  Outcome run_here(const Words& words, int ranks = 0) const {
    return test::run_line("cd " + temp.path().string() + "; " +
                          test::program_line(CLEFT_EXECUTABLE, words, ranks));
  }

  /// Expects one line from one of two ranks, the exit code, and nothing left behind.
  void expect_error(const std::string& command, const Words& sets, int exit_code,
                    const testing::Matcher<std::string>& line) const {
    const Outcome outcome = run(command, sets, 2);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_THAT(outcome.errors(), ElementsAre(line));
    EXPECT_FALSE(std::filesystem::exists(temp / "results")) << "nothing to go on with";
  }

  std::string at(const std::string& name) const { return (temp / name).string(); }

  test::TempDirectory temp;
};

TEST_F(BadInput, missing_files_and_datasets_are_named) {
  expect_error("detect", {"volume.path=none.h5"}, 1, HasSubstr(at("none.h5") + ": there is no such file"));
  expect_error("detect", {"volume.dataset=/rwa"}, 1, HasSubstr("raw.h5:/rwa"));
  expect_error("detect", {"model=none.h5"}, 1, HasSubstr(at("none.h5") + ": there is no such file"));
  expect_error("train", {"labels.path=none.h5"}, 1, HasSubstr(at("none.h5") + ": there is no such file"));
  expect_error("detect", {"volume.mask.path=none.h5"}, 1,
               HasSubstr(at("none.h5") + ": there is no such file"));
}

TEST_F(BadInput, a_file_of_several_datasets_needs_the_name_of_one) {
  const auto names = [&](const std::string& key) {
    return AllOf(HasSubstr(at("raw.h5") + ": holds several datasets (/constant, /flat, /labels, "),
                 HasSubstr("as in " + key + ": " + at("raw.h5") + "/constant"));
  };
  test::write_bytes(temp / "run.yaml", "classes: [synapse, rest]\nmodel: m.h5\nvolume: {path: raw.h5/raw}\n");
  expect_error("train", {"labels.path=raw.h5"}, 1, names("labels.path"));
  expect_error("detect", {"volume.mask=raw.h5"}, 1, names("volume.mask"));
  expect_error("detect", {"volume.path=raw.h5"}, 1, names("volume.path"));
}

TEST_F(BadInput, keys_that_a_command_needs_are_named) {
  test::write_bytes(temp / "run.yaml", "classes: [synapse, rest]\nfeatures: {dimensions: 2d}");
  expect_error("detect", {}, 1,
               StartsWith("error: " + at("run.yaml") + ": volume.path: not given; expected"));
  expect_error("train", {"volume.path=raw.h5/raw", "model=m.h5"}, 1,
               HasSubstr(": labels.path: not given; expected"));
  expect_error("detect", {"volume.path=raw.h5/raw"}, 1, HasSubstr(": model: not given; expected"));
}

TEST_F(BadInput, volumes_of_another_shape_or_type_say_what_they_have) {
  expect_error("detect", {"volume.dataset=/flat"}, 1, HasSubstr("raw.h5:/flat: "));
  expect_error(
      "detect", {"volume.dataset=/words"}, 1,
      HasSubstr("raw.h5:/words: holds neither integers nor floating-point numbers; expected integers"));
  expect_error(
      "detect", {"volume.dataset=/unnamed"}, 1,
      HasSubstr("raw.h5:/unnamed: has shape 2 x 3 x 24 x 20; expected 3 axes (z, y, x), any other but c of "
                "length 1, or a letter for each axis as volume.axes (such as zyxc)"));
  expect_error(
      "detect", {"volume.axes=xyz", "volume.dataset=/sized"}, 1,
      AllOf(HasSubstr("--set: volume.axes: is 'xyz', but "),
            HasSubstr("raw.h5:/sized attribute axistags says 'zyx'; expected the same order, or none")));
}

TEST_F(BadInput, grey_values_that_would_be_rounded_are_refused_unless_that_is_asked_for) {
  const Words another_type{"volume.dataset=/wide", "predict.accept_type=true"};
  const Outcome refused = run("detect", another_type, 2);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              HasSubstr("raw.h5:/wide: holds 16777217 (int32) at z 0, y 0, x 0; expected numbers that "
                        "float32 holds exactly, or volume.convert: nearest to round them"));
  Words with_nearest = another_type;
  with_nearest.insert(with_nearest.end(), {"volume.convert=nearest", "run.directory=rounded"});
  const Outcome rounded = run("detect", with_nearest, 2);
  EXPECT_EQ(rounded.exit_code, 0) << rounded.err;
}

TEST_F(BadInput, nanometres_need_a_voxel_size_and_only_one) {
  expect_error("detect", {"threshold.sigma_nm=16"}, 1, HasSubstr("sigma_nm"));
  expect_error("detect", {"filter.min_volume_nm3=1000"}, 1, HasSubstr("min_volume_nm3"));
  expect_error("train", {"features.sigma_unit=nm", "features.color=[16]"}, 1, HasSubstr("voxel size"));
  expect_error("detect", {"volume.dataset=/sized", "volume.voxel_size_nm=[45, 5, 5]"}, 1,
               AllOf(HasSubstr("45 x 5 x 5 nm"), HasSubstr("40 x 5 x 5 nm"), HasSubstr("raw.h5:/sized")));
}

TEST_F(BadInput, a_scale_too_large_for_the_volume_is_named) {
  expect_error("train", {"features.color=[small, gigahuge]"}, 1, HasSubstr("10"));
  expect_error("detect", {"volume.dataset=/narrow"}, 1,
               HasSubstr("scale 1: is too large for a volume of 4 voxels in x; expected at least 5"));
}

TEST_F(BadInput, a_model_that_does_not_fit_is_refused) {
  expect_error(
      "detect", {"threshold.foreground=cleft"}, 1,
      AllOf(HasSubstr("--set: threshold.foreground: "), HasSubstr("cleft"), HasSubstr("synapse, rest")));
  expect_error("detect", {"features.color=[small, large]"}, 1, HasSubstr("channel"));
  test::write_bytes(temp / "m.h5", test::file_bytes(temp / "m.h5").substr(0, 3000));
  expect_error("detect", {}, 1, AllOf(HasSubstr(at("m.h5")), HasSubstr("truncated")));
  expect_error("detect", {"model=raw.h5"}, 1, HasSubstr("raw.h5: is neither a model of cleft nor"));
}

TEST_F(BadInput, labels_that_cannot_train_are_refused) {
  expect_error("train", {"classes=[membrane, synapse, rest]"}, 1,
               AllOf(HasSubstr("rest"), HasSubstr("label")));
  expect_error("train", {"labels.dataset=/nothing"}, 1, HasSubstr("label"));
}

TEST_F(BadInput, a_run_directory_that_cannot_be_used_is_refused) {
  expect_error("detect", {"run.directory=no/results"}, 1,
               HasSubstr(at("no/results") + ": the run directory cannot be made"));
  expect_error("detect", {"run.directory=/proc/self/fd"}, 2, HasSubstr("/proc/self/fd: not writable ("));
}

TEST_F(BadInput, a_missing_folder_of_an_output_is_the_users_input_for_every_command) {
  const auto exit_code_of = [this](const Words& words) {
    const Outcome outcome = run_here(words, 2);
    EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("no/"))) << outcome.err;
    return outcome.exit_code;
  };
  std::filesystem::create_directory(temp / "stack");
  test::write_small_project(temp / "my.ilp", {});
  test::write_tiff<std::uint8_t>(temp / "stack/s1.tif", {test::counted_picture<std::uint8_t>(4, 5)});
  const std::string configuration = at("run.yaml");
  EXPECT_EQ(exit_code_of({"detect", configuration, "--set", "run.directory=no/results"}), 1);
  EXPECT_EQ(exit_code_of({"train", configuration, "--set", "model=no/m.h5"}), 1);
  EXPECT_EQ(exit_code_of({"import", at("stack"), at("no/new.h5"), "--voxel-size", "40,5,5"}), 1);
  EXPECT_EQ(exit_code_of({"phantom", at("no/new.h5"), "--extent", "4,5,6"}), 1);
  EXPECT_EQ(exit_code_of({"export-model", at("m.h5"), at("no/new.ilp"), "--project", at("my.ilp")}), 1);
  EXPECT_EQ(exit_code_of({"export-model", at("my.ilp"), at("no/m.h5")}), 1);
  EXPECT_EQ(exit_code_of({"evaluate", at("raw.h5/labels"), "--truth", at("raw.h5/labels"), "--json",
                          at("no/result.json")}),
            1);
}

TEST_F(BadInput, a_run_directory_with_another_run_stays_as_it_is) {
  ASSERT_EQ(run("detect").exit_code, 0);
  const auto labels = test::file_bytes(temp / "results/synapses.h5");
  const auto configuration = test::file_bytes(temp / "results/run.yaml");
  const Outcome outcome = run("detect", {"threshold.core_ratio=2", "forest.seed=2"}, 2);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors(),
              ElementsAre(HasSubstr("holds a run with other values of forest.seed (1 there, 2 now); ")));
  EXPECT_EQ(test::file_bytes(temp / "results/synapses.h5"), labels);
  EXPECT_EQ(test::file_bytes(temp / "results/run.yaml"), configuration);
}

TEST_F(BadInput, nothing_found_is_a_result) {
  for (const Words& sets :
       {Words{"run.directory=strict", "filter.min_size=2000"},
        Words{"run.directory=constant", "volume.dataset=/constant", "filter.min_size=1"}}) {
    const Outcome outcome = run("detect", sets, 2);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto directory = sets.front().substr(sets.front().find('=') + 1);
    const std::string table = test::file_bytes(temp / directory / "synapses.csv");
    EXPECT_THAT(table, StartsWith("id,"));
    EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1);
    const auto file = h5::File::open_read(temp / directory / "synapses.h5");
    EXPECT_EQ(file.dataset("/objects").element_count(), 0U);
  }
}

TEST_F(BadInput, stacks_that_cannot_be_imported_are_refused_and_leave_no_volume) {
  std::filesystem::create_directory(temp / "empty");
  std::filesystem::create_directory(temp / "broken");
  test::write_bytes(temp / "broken/s1.tif", "no image");
  const auto errors_of = [&](const std::string& stack, const std::string& volume) {
    const Outcome outcome = run_cleft({"import", at(stack), at(volume), "--voxel-size", "40,5,5"}, 2);
    EXPECT_NE(outcome.exit_code, 0);
    return outcome.errors();
  };
  EXPECT_THAT(errors_of("none", "new.h5"), ElementsAre(HasSubstr(at("none"))));
  EXPECT_THAT(errors_of("empty", "new.h5"), ElementsAre(HasSubstr(at("empty"))));
  EXPECT_THAT(errors_of("broken", "new.h5"), ElementsAre(HasSubstr(at("broken/s1.tif"))));
  EXPECT_FALSE(std::filesystem::exists(temp / "new.h5"));
}

TEST_F(BadInput, a_full_disk_ends_the_run_without_results) {
  // More than fits: no file may grow beyond 8192 blocks of 512 bytes, and asking for more is an error instead
  // of a signal.
  h5::write_file(temp / "large.h5", [](h5::File& file) {
    auto raw = file.create_dataset<std::uint8_t>("raw", {64, 256, 256}, {.chunks = {64, 64, 64}, .gzip = 1});
    raw.write(std::vector<std::uint8_t>(std::size_t{64} * 256 * 256, 200));
  });
  const Outcome outcome =
      test::run_line("trap '' XFSZ; ulimit -f 8192; " + test::mpi_settings + CLEFT_EXECUTABLE " detect " +
                     at("run.yaml") + " --set predict.dtype=float32 --set volume.path=" + at("large.h5"));
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr(at("results/probability.h5"))));
  EXPECT_FALSE(std::filesystem::exists(temp / "results"));
}

}  // namespace
}  // namespace cleft
