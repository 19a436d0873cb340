#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "config/show.hpp"
#include "io/h5/file.hpp"
#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using test::TempDirectory;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ConfigCommand, shows_the_configuration_once_as_the_library_does) {
  const TempDirectory temp;
  test::write_bytes(temp / "run.yaml", "volume: {path: raw.h5}\nforest: {trees: 12}\n");
  const std::string file = (temp / "run.yaml").string();
  const auto expected = show_config(load_config(file, std::vector<std::string>{"threshold.core_ratio=5"}));
  for (const int ranks : {0, 2}) {
    const Outcome outcome = run_cleft({"config", "--show", file, "--set", "threshold.core_ratio=5"}, ranks);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, expected);
    EXPECT_EQ(outcome.err, "");
  }
}

/// A volume with labels, and the beginning of a configuration of it.
class ConfigOfAVolume : public testing::Test {
 protected:
  ConfigOfAVolume() {
    h5::write_file(temp / "raw.h5", [](h5::File& file) {
      std::vector<std::uint8_t> grey(std::size_t{8} * 16 * 16), painted(grey.size());
      for (std::size_t v = 0; v < grey.size(); ++v) {
        grey[v] = static_cast<std::uint8_t>(v % 16 < 8 ? 50 + v % 7 : 150 + v % 5);
        painted[v] = v % 16 < 8 ? 1 : 2;
      }
      file.write("raw", grey, {8, 16, 16});
      file.write("labels", painted, {8, 16, 16});
    });
  }

  /// The configuration's name, written with this text.
  std::string written(const std::string& text) const {
    test::write_bytes(temp / "run.yaml", text);
    return (temp / "run.yaml").string();
  }
  Outcome checked(const std::string& text) const { return run_cleft({"config", written(text)}); }

  TempDirectory temp;
  const std::string detect =
      "model: m.h5\nvolume: {path: raw.h5/raw}\nfeatures: {texture: [], color: [small], edge: []}\n"
      "classes: [synapse, rest]\nforest: {trees: 2}\n";
  const std::string labels = "labels: {path: raw.h5/labels}\n";
};

TEST_F(ConfigOfAVolume, says_what_a_configuration_is_complete_for) {
  const Outcome neither = checked(detect);
  EXPECT_EQ(neither.exit_code, 1);
  EXPECT_THAT(neither.errors(),
              ElementsAre(HasSubstr("run.yaml:1: model: " + (temp / "m.h5").string() +
                                    ": there is no such file; expected a model that cleft train made")));
  const Outcome trains = checked(detect + labels);
  EXPECT_EQ(trains.exit_code, 0);
  EXPECT_EQ(trains.out, "");
  EXPECT_THAT(trains.err, HasSubstr("run.yaml: can be used for train; not yet for detect: "));
  EXPECT_THAT(trains.err, HasSubstr("m.h5: there is no such file"));
  ASSERT_EQ(run_cleft({"train", (temp / "run.yaml").string()}).exit_code, 0);
  EXPECT_THAT(checked(detect + labels).err, HasSubstr("run.yaml: can be used for train and detect"));
  EXPECT_THAT(checked(detect).err, HasSubstr("run.yaml: can be used for detect; not for train: "));
  EXPECT_THAT(checked(detect + "labels: {csv: l.csv}\n").err, HasSubstr("l.csv: there is no such file"));
  const Outcome nothing = checked("model: m.h5\nvolume: {path: none.h5}\n" + labels);
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.errors(),
              ElementsAre(HasSubstr("run.yaml:2: volume.path: " + (temp / "none.h5").string() +
                                    ": there is no such file")));
}

TEST_F(ConfigOfAVolume, labels_are_opened) {
  EXPECT_THAT(
      checked(detect + "labels: {path: raw.h5}\n").errors(),
      ElementsAre(HasSubstr("raw.h5: holds several datasets (/labels, /raw), and the path names none")));
  EXPECT_THAT(checked(detect + "labels: {path: raw.h5/none}\n").errors(),
              ElementsAre(HasSubstr("raw.h5:/none")));
}

TEST_F(ConfigOfAVolume, a_table_of_points_is_read) {
  const std::string points = "labels: {points: p.csv}\n", size = "  voxel_size_nm: [10, 10, 10]\n";
  const std::string sized = "volume:\n  path: raw.h5/raw\n" + size +
                            "model: m.h5\nclasses: [synapse, rest]\nforest: {trees: 2}\n"
                            "features: {texture: [], color: [small], edge: []}\n" +
                            points;
  EXPECT_THAT(checked(sized).err, HasSubstr("p.csv: there is no such file; expected a CSV file of points"));
  test::write_bytes(temp / "p.csv", "1,1,1.5,synapse\n1,1,2,ignore\n");
  EXPECT_THAT(checked(sized).err, HasSubstr("run.yaml: can be used for train; not yet for detect: "));
  EXPECT_THAT(checked(detect + points).err,
              HasSubstr("labels.points: its radii are in nm, but " + (temp / "raw.h5:/raw").string() +
                        " has no voxel size; expected volume.voxel_size_nm: [z, y, x]"));
  test::write_bytes(temp / "p.csv", "1,1,1,synapse\n1,1,2,synapes\n");
  EXPECT_THAT(checked(sized).err, HasSubstr("p.csv:2: names class 'synapes'; expected one of synapse, rest"));
}

TEST_F(ConfigOfAVolume, thresholds_in_nm_need_a_voxel_size_to_detect_but_not_to_train) {
  const Outcome trains = checked(detect + labels + "threshold: {sigma_nm: 5}\n");
  EXPECT_EQ(trains.exit_code, 0);
  EXPECT_THAT(trains.err, HasSubstr("run.yaml: can be used for train; not yet for detect: "));
  EXPECT_THAT(trains.err, HasSubstr("sigma_nm"));
}

TEST_F(ConfigOfAVolume, a_run_directory_that_detect_cannot_make_is_named) {
  ASSERT_EQ(run_cleft({"train", written(detect + labels)}).exit_code, 0);
  test::write_bytes(temp / "results", "a note");
  for (const char* name : {"results", "results/"}) {
    const Outcome file = checked(detect + "run: {directory: " + name + "}\n");
    EXPECT_EQ(file.exit_code, 1);
    EXPECT_THAT(file.errors(),
                ElementsAre("error: " + (temp / "run.yaml").string() +
                            ":6: run.directory: " + (temp / "results").string() +
                            ": is a file; expected a directory, or a name that nothing has yet"));
  }
  EXPECT_THAT(checked(detect + "run: {directory: no/results}\n").errors(),
              ElementsAre(HasSubstr("no/results: its folder does not exist")));
  EXPECT_THAT(checked(detect + labels).err, HasSubstr("can be used for train; not yet for detect: "))
      << "the default is run.yaml's folder and results";
  EXPECT_EQ(checked(detect + "run: {directory: new/}\n").exit_code, 0);
}

TEST(ConfigCommand, refuses_what_no_command_could_use) {
  const TempDirectory temp;
  const auto errors = [&](const std::string& text) {
    test::write_bytes(temp / "run.yaml", text);
    const Outcome outcome = run_cleft({"config", (temp / "run.yaml").string()});
    EXPECT_EQ(outcome.exit_code, 1);
    return outcome.errors();
  };
  EXPECT_THAT(errors(""), ElementsAre(HasSubstr("volume.path: not given")));
  EXPECT_THAT(errors("volume: {path: raw.h5}"), ElementsAre(HasSubstr("model: not given")));
  const std::string detect = "model: m.h5\nvolume: {path: raw.h5}\n";
  EXPECT_THAT(errors(detect + "classes: [a, b]"),
              ElementsAre(HasSubstr("threshold.foreground: is 'synapse'; expected one of classes: a, b")));
  EXPECT_THAT(errors(detect + "labels: {path: l.h5}\nthreshold: {foreground: axon}"),
              ElementsAre(HasSubstr("run.yaml:4: threshold.foreground: is 'axon'")));
}

TEST(ConfigCommand, reports_what_is_wrong_in_one_line_from_one_rank) {
  const TempDirectory temp;
  const std::string file = (temp / "run.yaml").string();
  test::write_bytes(file, "model: m.h5\nforest:\n  trees: none\n");
  for (const int ranks : {0, 1, 3}) {
    const Outcome outcome = run_cleft({"config", "--show", file}, ranks);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(
        outcome.errors(),
        ElementsAre("error: " + file + ":3: forest.trees: 'none'; expected a whole number from 1 to 100000"));
  }
}

TEST(ConfigCommand, a_missing_file_is_the_users_error) {
  for (const int ranks : {0, 2}) {
    const Outcome outcome = run_cleft({"config", "/no/such.yaml"}, ranks);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.errors(),
                ElementsAre("error: /no/such.yaml: there is no such file; expected a configuration"));
  }
}

TEST(ConfigCommand, a_file_that_cannot_be_read_is_a_failure_of_io) {
  // A process may not read its own memory from address 0: neither may root.
  const Outcome outcome = run_cleft({"config", "/proc/self/mem"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("/proc/self/mem: cannot be read: ")));
}

TEST(ConfigCommand, that_cannot_print_its_answer_fails) {
  const TempDirectory temp;
  test::write_bytes(temp / "run.yaml", "");
  // Every write to /dev/full fails as on a full disk.
  const std::string line = test::mpi_settings + CLEFT_EXECUTABLE " config --show " +
                           (temp / "run.yaml").string() + " >/dev/full 2>" + (temp / "err").string();
  EXPECT_EQ(WEXITSTATUS(std::system(line.c_str())), 2);
  EXPECT_EQ(test::file_bytes(temp / "err"), "error: standard output: cannot be written to\n");
}

TEST(ConfigCommand, looks_at_labels_and_mask_as_the_other_commands_do) {
  const TempDirectory temp;
  h5::write_file(temp / "raw.h5", [](h5::File& file) {
    const std::vector<std::uint8_t> values(std::size_t{8} * 16 * 16, 1);
    for (const char* name : {"raw", "labels", "named", "mask"}) {
      auto dataset = file.write(name, values, {8, 16, 16});
      const double nm = std::string(name) == "mask" ? 5 : 8;
      dataset.set_attribute("resolution", std::vector<double>{nm, nm, nm});
      if (std::string(name) == "named")
        dataset.set_attribute("classes", std::vector<std::string>{"rest", "synapse"});
    }
  });
  const auto checked = [&](const std::string& volume, const std::string& labels) {
    test::write_bytes(temp / "run.yaml", "model: m.h5\nvolume: {path: raw.h5/raw" + volume +
                                             "}\nclasses: [synapse, rest]\nlabels: {path: raw.h5/" + labels +
                                             "}\n");
    return run_cleft({"config", (temp / "run.yaml").string()});
  };
  EXPECT_EQ(checked("", "labels").exit_code, 0);
  EXPECT_THAT(checked("", "named").errors(),
              ElementsAre(HasSubstr("has labels of the classes rest, synapse")));
  EXPECT_THAT(checked(", mask: {path: raw.h5/mask}", "labels").err, HasSubstr("has voxels of 5 x 5 x 5 nm"));
  EXPECT_EQ(
      checked(", voxel_size_nm: [8, 8, 8], trust: config, mask: {path: raw.h5/mask}", "labels").exit_code, 0);
}

}  // namespace
}  // namespace cleft
