#include <filesystem>

#include <gmock/gmock.h>

#include "io/volume/volume_reader.hpp"
#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using test::TempDirectory;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(PhantomCommand, MakesTheVolumeThatWasAskedFor) {
  const TempDirectory temp;
  const std::string out = (temp / "phantom.h5").string();
  const Outcome outcome =
      run_cleft({"phantom", out, "--extent", "4,30,20", "--voxel-size", "45,5,4.6", "--seed", "3"}, 2);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("phantom of 4 x 30 x 20 (z, y, x) voxels of 45 x 5 x 4.6 nm"));
  for (const char* dataset : {"/raw", "/labels", "/truth/synapses", "/truth/classes"}) {
    const VolumeReader reader({out, dataset});
    EXPECT_EQ(reader.extent(), (Extent{4, 30, 20}));
    EXPECT_EQ(reader.voxel_size(), (VoxelSize{45, 5, 4.6}));
  }
}

TEST(PhantomCommand, SaysWhichClassHasNoStroke) {
  const TempDirectory temp;
  const Outcome outcome =
      run_cleft({"phantom", (temp / "p.h5").string(), "--extent", "4,12,12", "--synapse-density", "0"}, 2);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, testing::ContainsRegex(
                               "no stroke labels the class(es)? .*'synapse'.*, so that train will refuse "
                               "/labels; expected a --synapse-density above 0"));
}

TEST(PhantomCommand, NamesAnExtentAtWhichEveryClassHasStrokes) {
  const TempDirectory temp;
  const std::string out = (temp / "p.h5").string();
  const Outcome small = run_cleft({"phantom", out, "--extent", "4,30,20"}, 2);
  EXPECT_EQ(small.exit_code, 0) << small.err;
  const std::string before = "; expected --extent ";
  const std::size_t at = small.err.find(before);
  ASSERT_NE(at, std::string::npos) << small.err;
  EXPECT_LT(at, small.err.find("phantom of 4 x 30 x 20")) << "at once, before the work";
  const std::size_t begin = at + before.size();
  const std::string extent = small.err.substr(begin, small.err.find(' ', begin) - begin);
  const Outcome larger = run_cleft({"phantom", out, "--extent", extent, "--force"});
  EXPECT_EQ(larger.exit_code, 0) << larger.err;
  EXPECT_THAT(larger.err, testing::Not(HasSubstr("warning")));
  test::write_bytes(temp / "run.yaml",
                    "volume: {path: p.h5/raw}\nlabels: {path: p.h5/labels}\nmodel: m.h5\nforest: {trees: 2}\n"
                    "features: {texture: [], color: [0.7], edge: []}\n");
  EXPECT_EQ(run_cleft({"train", (temp / "run.yaml").string()}).exit_code, 0);
}

TEST(PhantomCommand, SaysNothingOfStrokesThatNobodyWants) {
  const TempDirectory temp;
  const Outcome outcome =
      run_cleft({"phantom", (temp / "p.h5").string(), "--extent", "4,12,12", "--label-sections", "0"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, testing::Not(HasSubstr("stroke")));
}

TEST(PhantomCommand, TheSameSeedIsTheSameVolumeAndAnotherIsNot) {
  const TempDirectory temp;
  const auto raw_of = [&](const std::string& seed) {
    const std::string out = (temp / ("seed" + seed + ".h5")).string();
    EXPECT_EQ(run_cleft({"phantom", out, "--extent", "5,30,20", "--seed", seed, "--force"}).exit_code, 0);
    const VolumeReader reader({out, "/raw"});
    Array3<std::uint8_t> raw(reader.extent());
    reader.read(whole_box(reader.extent()), raw.view());
    return std::vector<std::uint8_t>(raw.voxels().begin(), raw.voxels().end());
  };
  const auto one = raw_of("1");
  EXPECT_EQ(raw_of("1"), one);
  EXPECT_NE(raw_of("2"), one);
}

TEST(PhantomCommand, AFileThatIsThereIsReplacedOnlyWithForce) {
  const TempDirectory temp;
  const std::string out = (temp / "phantom.h5").string();
  test::write_bytes(out, "mine");
  const std::vector<std::string> line{"phantom", out, "--extent", "4,5,6"};
  const Outcome refused = run_cleft(line, 2);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors(),
              ElementsAre("error: " + out +
                          ": is there already; expected a new name, or --force to replace the whole file"));
  EXPECT_EQ(test::file_bytes(out), "mine");
  auto forced = line;
  forced.emplace_back("--force");
  EXPECT_EQ(run_cleft(forced, 2).exit_code, 0);
  EXPECT_EQ(VolumeReader({out, "/raw"}).extent(), (Extent{4, 5, 6}));
}

TEST(PhantomCommand, BadValuesAreOneLineThatNamesTheOption) {
  const TempDirectory temp;
  const std::string out = (temp / "phantom.h5").string();
  const std::vector<std::pair<std::string, std::string>> bad{
      {"--extent", "10,20"}, {"--extent", "10,20,0"}, {"--voxel-size", "5,five,5"}, {"--seed", "-1"},
      {"--seed", "x"},       {"--voxel-size", "5"},   {"--synapse-density", "30"},  {"--noise", "loud"}};
  for (const auto& [option, value] : bad) {
    const Outcome outcome = run_cleft({"phantom", out, option, value});
    EXPECT_EQ(outcome.exit_code, 1) << option << ' ' << value;
    EXPECT_THAT(
        outcome.errors(),
        ElementsAre(AllOf(HasSubstr(option), testing::ResultOf([](const auto& line) { return line.size(); },
                                                               testing::Lt(200U)))));
    EXPECT_FALSE(std::filesystem::exists(out));
  }
}

TEST(PhantomCommand, MoreLabelledSectionsThanThereAreIsRefused) {
  const TempDirectory temp;
  const std::string out = (temp / "phantom.h5").string();
  const auto line = [&](const std::string& sections) {
    return std::vector<std::string>{"phantom",          out,      "--extent", "8,20,20",
                                    "--label-sections", sections, "--force"};
  };
  for (const std::string sections : {"9", "500", "-1"}) {
    const Outcome outcome = run_cleft(line(sections), 2);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.errors(), ElementsAre("error: --label-sections: " + sections +
                                              "; expected 0 to 8, the sections of --extent"));
    EXPECT_FALSE(std::filesystem::exists(out));
  }
  for (const std::string sections : {"0", "8"}) EXPECT_EQ(run_cleft(line(sections)).exit_code, 0);
}

TEST(PhantomCommand, AVolumeLargerThanTheDiskIsRefusedBeforeItIsBegun) {
  const TempDirectory temp;
  const Outcome outcome =
      run_cleft({"phantom", (temp / "phantom.h5").string(), "--extent", "100000,100000,100000"}, 2);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(
      outcome.errors(),
      ElementsAre(AllOf(HasSubstr("cannot grow to 911."),
                        HasSubstr(" TiB (No space left on device); expected that much free space, but "))));
}

TEST(PhantomCommand, AFolderThatIsNotThereIsTheUsersInput) {
  const Outcome outcome = run_cleft({"phantom", "/no/such/place/phantom.h5", "--extent", "4,5,6"}, 2);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("/no/such/place/phantom.h5")));
}

TEST(PhantomCommand, HelpShowsDefaultsAndAnExample) {
  const Outcome outcome = run_cleft({"phantom", "--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* text : {"--extent z,y,x=128,256,256", "--voxel-size z,y,x=8,8,8", "--seed UINT",
                           "--synapse-density", "--noise", "--force", "Example:\n"})
    EXPECT_THAT(outcome.out, HasSubstr(text));
}

}  // namespace
}  // namespace cleft
