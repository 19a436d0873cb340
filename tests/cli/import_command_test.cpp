#include <filesystem>

#include <gmock/gmock.h>

#include "io/volume/volume_reader.hpp"
#include "support/run_cleft.hpp"
#include "support/tiff_bytes.hpp"
#include "support/write_images.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::plain_page;
using test::run_cleft;
using test::TempDirectory;
using test::tiff_bytes;
using test::TiffType;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using Words = std::vector<std::string>;

class ImportCommand : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return (temp / name).string(); }
  void write_sections(const std::vector<std::string>& names) {
    std::filesystem::create_directory(temp / "stack");
    int seed = 0;
    for (const std::string& name : names)
      test::write_png(temp / "stack" / name, test::counted_picture<std::uint8_t>(4, 5, seed++));
  }
  Outcome import(const std::string& stack, const Words& more = {}) {
    Words words{"import", at(stack), at("out.h5"), "--force"};
    words.insert(words.end(), more.begin(), more.end());
    return run_cleft(words);
  }
  const Words size{"--voxel-size", "40,4,4"};
  TempDirectory temp;
};

TEST_F(ImportCommand, SaysWhatIsFirstAndLastAndThatItIsDone) {
  write_sections({"s2.png", "s4.png", "s6.png"});
  const Outcome outcome = import("stack", size);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("numbered in steps of 2, from s2.png to s6.png"),
                                 HasSubstr("voxels of 40 x 4 x 4 nm (z, y, x), from --voxel-size"),
                                 HasSubstr("done; the first section is " + at("stack/s2.png") +
                                           ", the last " + at("stack/s6.png"))));
}

TEST_F(ImportCommand, TheFilesOwnVoxelSizeNeedsNoOption) {
  test::write_bytes(temp / "s.tif",
                    tiff_bytes({plain_page(1, 2, "ab",
                                           {test::tiff_text(270, "ImageJ=1\nunit=micron\nspacing=0.04\n"),
                                            {282, TiffType::rational, {250, 1}},
                                            {283, TiffType::rational, {250, 1}}})})
                        .bytes);
  const Outcome outcome = import("s.tif");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("voxels of 40 x 4 x 4 nm (z, y, x), from " + at("s.tif") + " (ImageJ)"));
  for (const char* negative : {"-8,8,8", "8,-8,8"})
    EXPECT_THAT(import("s.tif", {"--voxel-size", negative}).errors(),
                ElementsAre("error: --voxel-size: -8 nm; expected three lengths above 0 (z,y,x), of 1e-6 to "
                            "1e12 nm"));
  EXPECT_THAT(
      import("s.tif", {"--voxel-size", "45,4,6,4,6"}).errors(),
      ElementsAre(HasSubstr("'45,4,6,4,6' is 5 numbers, not three numbers z,y,x such as 45,4.6,4.6")));
  const Outcome refused = import("s.tif", {"--voxel-size", "4,4,40"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors(), ElementsAre(AllOf(HasSubstr("error: --voxel-size: 4 x 4 x 40 nm"),
                                                  HasSubstr("states z 40, y 4, x 4 nm"))));
  const Outcome forced = import("s.tif", {"--voxel-size", "4,4,40", "--trust-voxel-size"});
  EXPECT_EQ(forced.exit_code, 0) << forced.err;
  EXPECT_THAT(forced.err, HasSubstr("is their size given as z,y,x?"));
  EXPECT_THAT(run_cleft({"import", at("none"), at("o.h5")}).errors(),
              ElementsAre(HasSubstr("none: there is no such")));
}

TEST_F(ImportCommand, EveryWayOutOfARefusalWorks) {
  const auto page = [](char c, const std::vector<test::TiffField>& more = {}) {
    return plain_page(1, 2, std::string(2, c), more);
  };
  const auto two = test::tiff_text(270, "ImageJ=1\nimages=2\nchannels=2\n");
  test::write_bytes(temp / "c.tif", tiff_bytes({page('a', {two}), page('b')}).bytes);
  const auto expect_way_out = [&](const std::string& stack, const std::string& message, const Words& way_out,
                                  std::int64_t sections) {
    Words words = size;
    const Outcome refused = import(stack, words);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.errors(), ElementsAre(AllOf(HasSubstr(message), HasSubstr(way_out.front()))));
    words.insert(words.end(), way_out.begin(), way_out.end());
    const Outcome done = import(stack, words);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(VolumeReader({at("out.h5"), "/raw"}).extent().z, sections);
  };
  expect_way_out("c.tif", "holds 2 channels of 1 section", {"--channel", "2"}, 1);
  expect_way_out("c.tif", "holds 2 channels of 1 section", {"--pages", "all"}, 2);
  test::write_bytes(
      temp / "f.tif",
      tiff_bytes({page('a', {test::tiff_text(270, "ImageJ=1\nimages=2\nframes=2\n")}), page('b')}).bytes);
  expect_way_out("f.tif", "holds 2 frames of 1 section", {"--frame", "1"}, 1);
  write_sections({"s1.png", "s2.png", "s4.png"});
  expect_way_out("stack", "a section is missing", {"--missing", "blank"}, 4);
  write_sections({"s4_thumb.png"});
  expect_way_out("stack", "names of 2 kinds", {"--names", "sorted"}, 4);
  test::write_png(temp / "p.png", test::counted_picture<std::uint8_t>(4, 5), PNG_COLOR_TYPE_PALETTE);
  expect_way_out("p.png", "has a palette of colours", {"--palette", "indices"}, 1);
  test::write_tiff<float>(temp / "w.tif", {test::counted_picture<float>(4, 5)},
                          {.photometric = PHOTOMETRIC_MINISWHITE, .sample_format = SAMPLEFORMAT_IEEEFP});
  expect_way_out("w.tif", "white is zero", {"--white-is-zero", "keep"}, 1);
}

TEST_F(ImportCommand, GreyRangesMakeEightBits) {
  test::write_tiff<float>(temp / "f.tif", {test::counted_picture<float>(4, 5)},
                          {.sample_format = SAMPLEFORMAT_IEEEFP});
  EXPECT_EQ(import("f.tif", {"--voxel-size", "40,4,4", "--grey-range", "0,600"}).exit_code, 0);
  EXPECT_EQ(VolumeReader({at("out.h5"), "/raw"}).type(), ElementType::uint8);
  for (const char* range : {"600,0", "0", "0,nan", "a,b", "1,1"})
    EXPECT_THAT(import("f.tif", {"--voxel-size", "40,4,4", "--grey-range", range}).errors(),
                ElementsAre(HasSubstr("is not two rising numbers")))
        << range;
}

TEST_F(ImportCommand, WordsThatAreNoneAreNamed) {
  for (const char* option : {"--pages", "--names", "--missing", "--palette", "--white-is-zero"})
    EXPECT_THAT(import("stack", {"--voxel-size", "40,4,4", option, "maybe"}).errors(),
                ElementsAre(AllOf(HasSubstr(option), HasSubstr("'maybe' is none of"))));
  EXPECT_THAT(import("stack", {"--voxel-size", "40,4,4", "--channel", "0"}).errors(),
              ElementsAre(HasSubstr("'0' is not a whole number >= 1")));
}

TEST_F(ImportCommand, InfoListsWhatWasMissing) {
  write_sections({"s1.png", "s2.png", "s4.png"});
  ASSERT_EQ(import("stack", {"--voxel-size", "40,4,4", "--missing", "repeat"}).exit_code, 0);
  EXPECT_THAT(run_cleft({"info", at("out.h5")}).out, HasSubstr("2: the section before stands there"));
}

TEST_F(ImportCommand, ControlCharactersInNamesAndDescriptionsAreEscaped) {
  const auto page =
      plain_page(1, 2, "ab", {test::tiff_text(270, "<OME><BinaryOnly MetadataFile=\"a\x1b[2Jb\"/></OME>")});
  test::write_bytes(temp / "s\x1b[1m.tif", tiff_bytes({page}).bytes);
  const Outcome outcome = import("s\x1b[1m.tif", size);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("s\\x1b[1m.tif"), HasSubstr("a\\x1b[2Jb")));
}

}  // namespace
}  // namespace cleft
