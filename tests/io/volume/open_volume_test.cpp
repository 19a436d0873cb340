#include "io/volume/open_volume.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

class OpenVolume : public testing::Test {
 protected:
  OpenVolume() {
    h5::write_file(file_, [](h5::File& file) {
      const std::vector<std::uint8_t> grey(2 * 3 * 4);
      auto raw = file.write("raw", grey, {2, 3, 4}, {.chunks = {1, 3, 2}, .gzip = 1, .shuffle = true});
      raw.set_attribute("classes", std::vector<std::string>{"a", "b"});
      raw.set_attribute("first_section", 7);
      raw.set_attribute("fraction", 10.5);
      file.write("group/names", std::vector<std::string>{"a", "b"});
    });
  }

  const test::TempDirectory directory_;
  const std::filesystem::path file_ = directory_ / "a.h5";
};

TEST_F(OpenVolume, TellsWhatTheFileSaysBesides) {
  const auto volume = open_volume({file_, "/raw"});
  EXPECT_THAT(volume->texts("classes"), ElementsAre("a", "b"));
  EXPECT_THAT(volume->texts("none"), IsEmpty());
  EXPECT_EQ(volume->whole_number("first_section"), 7);
  EXPECT_EQ(volume->whole_number("none"), std::nullopt);
  EXPECT_THROW(volume->texts("first_section"), InputError);
  EXPECT_THROW(volume->whole_number("classes"), InputError);
  EXPECT_THROW(volume->whole_number("fraction"), InputError);
}

TEST_F(OpenVolume, DatasetsAreSummarizedBeTheyVolumesOrNot) {
  const auto all = summarize_datasets({file_, ""}, 50);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].path.dataset, "/group/names");
  EXPECT_THAT(all[0].shape, ElementsAre(2));
  EXPECT_FALSE(all[0].is_table);
  EXPECT_THAT(all[0].compression, IsEmpty());
  EXPECT_EQ(all[1].path.dataset, "/raw");
  EXPECT_THAT(all[1].shape, ElementsAre(2, 3, 4));
  EXPECT_THAT(all[1].compression, ElementsAre("shuffle", "gzip"));
  EXPECT_EQ(summarize_datasets({file_, ""}, 1).size(), 1U);
  EXPECT_EQ(summarize_datasets({file_, "raw"}, 50).size(), 1U);
  EXPECT_THROW(summarize_datasets({file_, "rwa"}, 50), InputError);
}

/// BigDataViewer's file has two tables for each of its setups, here 15, and their names come first.
TEST_F(OpenVolume, WithoutADatasetAnImageIsSuggested) {
  const auto path = directory_ / "bdv.h5";
  h5::write_file(path, [](h5::File& file) {
    for (int setup = 10; setup < 25; ++setup) {
      const std::string group = "s" + std::to_string(setup);
      file.write<double>(group + "/resolutions", {1, 1, 1, 2, 2, 2}, {2, 3});
      file.write<int>(group + "/subdivisions", {1, 1, 1, 2, 2, 2}, {2, 3});
    }
    file.write<std::int16_t>("t00000/s10/0/cells", std::vector<std::int16_t>(8), {2, 2, 2});
  });
  EXPECT_THAT(
      [&] {
        open_volume({path, ""});
      },
      ThrowsMessage<InputError>(HasSubstr("as in " + path.string() + "/t00000/s10/0/cells")));
}

TEST_F(OpenVolume, NamesOfDatasetsAreInOrder) {
  EXPECT_THAT(names_in(file_, 50), ElementsAre("/group/names", "/raw"));
  EXPECT_EQ(names_in(file_, 1).size(), 1U);
  EXPECT_THROW(names_in(directory_ / "none.h5", 50), InputError);
}

}  // namespace
}  // namespace cleft
