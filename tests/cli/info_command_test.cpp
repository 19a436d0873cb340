#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "pipeline/describe/describe_file.hpp"
#include "pipeline/describe/describe_run.hpp"
#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using testing::ElementsAre;
using testing::StartsWith;

class InfoCommand : public testing::Test {
 protected:
  InfoCommand() {
    h5::write_file(temp / "raw.h5", [](h5::File& file) {
      file.write("raw", std::vector<std::uint8_t>(24), {2, 3, 4});
    });
  }

  test::TempDirectory temp;
};

TEST_F(InfoCommand, describes_a_file_or_one_dataset_of_it_once) {
  const std::string file = (temp / "raw.h5").string();
  for (const int ranks : {0, 2}) {
    const Outcome outcome = run_cleft({"info", file}, ranks);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, describe_datasets({file, ""}));
  }
  EXPECT_EQ(run_cleft({"info", file + "/raw"}).out, describe_datasets({file, "/raw"}));
}

TEST_F(InfoCommand, describes_a_run_directory) {
  test::write_bytes(temp / "run.yaml", "");
  EXPECT_EQ(run_cleft({"info", temp.path().string()}).out, describe_run(temp.path()).text);
}

TEST_F(InfoCommand, ends_with_an_error_where_a_run_is_damaged_after_telling_all) {
  test::write_bytes(temp / "run.yaml", "");
  test::write_bytes(temp / "synapses.h5", "cleft synapses\nformat 1\n");
  test::write_bytes(temp / "probability.h5", "no HDF5");
  for (const int ranks : {0, 2}) {
    const Outcome outcome = run_cleft({"info", temp.path().string()}, ranks);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.out, describe_run(temp.path()).text);
    EXPECT_THAT(outcome.out, testing::HasSubstr("settings"));
    EXPECT_THAT(
        outcome.errors(),
        ElementsAre("error: " + temp.path().string() +
                    ": holds damaged results: synapses.h5, probability.h5; expected what cleft wrote; "
                    "cleft detect makes it again"));
  }
}

TEST_F(InfoCommand, takes_a_damaged_model_for_a_model) {
  test::write_bytes(temp / "m.h5", "cleft model\nformat 1\n");
  const Outcome outcome = run_cleft({"info", (temp / "m.h5").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors(),
              ElementsAre("error: " + (temp / "m.h5").string() + ": is truncated to 21 bytes"));
}

TEST_F(InfoCommand, refuses_what_it_does_not_know) {
  for (const auto* name : {"none.h5", "raw.h5/rwa"}) {
    const Outcome outcome = run_cleft({"info", (temp / name).string()}, 2);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.errors(), ElementsAre(StartsWith("error: " + temp.path().string())));
  }
}

TEST_F(InfoCommand, names_the_command_that_what_it_does_not_describe_is_for) {
  const auto error = [&](const std::string& name) {
    const Outcome outcome = run_cleft({"info", (temp / name).string()});
    EXPECT_EQ(outcome.exit_code, 1) << name;
    EXPECT_EQ(outcome.errors().size(), 1U) << outcome.err;
    return outcome.errors().empty() ? "" : outcome.errors().front();
  };
  const auto is = [&](const std::string& name, const std::string& rest) {
    return "error: " + (temp / name).string() + ": " + rest;
  };
  EXPECT_EQ(error("results"),
            is("results", "there is no such file: " + temp.path().string() +
                              " is there, but no 'results' in it; expected an HDF5 file, a model, an "
                              "ilastik project, or a run directory that 'cleft detect' has made"));
  const std::string import_it = " volume.h5 --voxel-size z,y,x' makes ";
  test::write_bytes(temp / "s.tif", std::string("II*\0", 4));
  EXPECT_EQ(error("s.tif"),
            is("s.tif", "is a TIFF image, not an HDF5 file; expected an HDF5 file; 'cleft import " +
                            (temp / "s.tif").string() + import_it + "an HDF5 volume of it"));
  test::write_bytes(temp / "my.yaml", "model: m.h5\n");
  EXPECT_EQ(error("my.yaml"),
            is("my.yaml", "is text in YAML, not an HDF5 file; expected an HDF5 file; 'cleft config " +
                              (temp / "my.yaml").string() + "' looks at a configuration"));
  test::write_bytes(temp / "l.csv", "1,2,3,4\n");
  EXPECT_EQ(error("l.csv"), is("l.csv",
                               "is a table of text, not an HDF5 file; expected an HDF5 file; labels.csv in a "
                               "configuration names a table of labels, which train reads"));
  std::filesystem::create_directory(temp / "stack");
  test::write_bytes(temp / "stack/s1.tif", "");
  test::write_bytes(temp / "stack/S2.PNG", "");
  test::write_bytes(temp / "stack/notes.txt", "");
  EXPECT_EQ(error("stack"), is("stack",
                               "is a folder of 2 images, not a run directory; expected an HDF5 file; 'cleft "
                               "import " +
                                   (temp / "stack").string() + import_it + "a volume of it"));
  std::filesystem::create_directory(temp / "empty");
  EXPECT_EQ(error("empty"), is("empty",
                               "a directory without run.yaml; expected a run directory that detect "
                               "made, or a file"));
}

}  // namespace
}  // namespace cleft
