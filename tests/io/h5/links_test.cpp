#include "io/h5/links.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "io/h5/contents.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class Links : public testing::Test {
 protected:
  Links() {
    h5::write_file(dir / "v.h5", [](h5::File& file) { file.write<int>("deep/raw", {1, 2}); });
    std::filesystem::create_directory(dir / "in");
    h5::write_file((dir / "in") / "links.h5", [&](h5::File& file) {
      file.write<int>("own", {1});
      soft(file, "/own", "soft");
      soft(file, "nothing", "dangling");
      soft(file, "there", "here");
      soft(file, "here", "there");
      external(file, "v2.h5", "/deep/raw", "beside");
      external(file, "v2.h5", "/deep", "group");
      external(file, "gone.h5", "/raw", "gone");
      external(file, "v2.h5", "/none", "none");
      external(file, "../v.h5", "/deep/raw", "above");
      external(file, (dir / "v.h5").string(), "/deep/raw", "absolute");
      external(file, "/elsewhere/v2.h5", "/deep/raw", "moved");
      external(file, "pipe", "/raw", "pipe");
    });
    std::filesystem::copy_file(dir / "v.h5", (dir / "in") / "v2.h5");
    ::mkfifo(((dir / "in") / "pipe").c_str(), 0600);
  }
  static void soft(h5::File& file, const std::string& to, const std::string& name) {
    ASSERT_GE(H5Lcreate_soft(to.c_str(), file.id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), 0);
  }
  static void external(h5::File& file, const std::string& to, const std::string& path,
                       const std::string& name) {
    ASSERT_GE(H5Lcreate_external(to.c_str(), path.c_str(), file.id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
              0);
  }
  std::string place_of(const std::string& path, bool outside = false) const {
    const h5::Place place = h5::follow_links((dir / "in") / "links.h5", path, {outside, "--follow-links"});
    return std::filesystem::path(place.file.path()).filename().string() + ":" + place.dataset;
  }
  test::TempDirectory dir;
};

TEST_F(Links, AreFollowedToWhereTheyLead) {
  EXPECT_EQ(place_of("/own"), "links.h5:/own");
  EXPECT_EQ(place_of("own"), "links.h5:/own");
  EXPECT_EQ(place_of("soft"), "links.h5:/own");
  EXPECT_EQ(place_of("beside"), "v2.h5:/deep/raw");
  EXPECT_EQ(place_of("group/raw"), "v2.h5:/deep/raw");
  EXPECT_EQ(place_of("moved"), "v2.h5:/deep/raw");
  EXPECT_EQ(place_of("neither/this"), "links.h5:/neither/this");
  EXPECT_EQ(place_of("own/below"), "links.h5:/own/below");
}

TEST_F(Links, ThatLeadNowhereSayWhere) {
  EXPECT_THAT([&] { place_of("gone"); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("links.h5:/gone: is a link to gone.h5:/raw"),
                                              HasSubstr("there is no such file"))));
  EXPECT_THAT([&] { place_of("none"); },
              ThrowsMessage<InputError>(HasSubstr("v2.h5:/none: there is nothing")));
  EXPECT_THAT([&] { place_of("dangling"); },
              ThrowsMessage<InputError>(HasSubstr("/nothing: there is nothing")));
  EXPECT_THAT([&] { place_of("here"); }, ThrowsMessage<InputError>(HasSubstr("leads in a circle")));
  EXPECT_THAT([&] { place_of("pipe"); }, ThrowsMessage<InputError>(HasSubstr("is a pipe")));
}

TEST_F(Links, LeaveTheFolderOnlyWhereTheUserSaysSo) {
  for (const auto* name : {"above", "absolute"}) {
    EXPECT_THAT([&] { place_of(name); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("leads out of the file's folder"),
                                                HasSubstr("expected --follow-links if that file is meant"))));
    EXPECT_EQ(place_of(name, true), "v.h5:/deep/raw");
  }
}

TEST_F(Links, AreNotFollowedByHdf5Itself) {
  const auto file = h5::File::open_read((dir / "in") / "links.h5");
  EXPECT_FALSE(file.has_dataset("beside"));
  EXPECT_TRUE(file.has_dataset("soft"));
  EXPECT_LT(H5Dopen2(file.id(), "beside", H5P_DEFAULT), 0);
  EXPECT_FALSE(file.exists("pipe"));  // and does not wait for somebody to write to it
}

TEST_F(Links, StandInTheContents) {
  const h5::Contents contents = h5::contents_of(h5::File::open_read((dir / "in") / "links.h5"), 100);
  EXPECT_THAT(contents.datasets, ElementsAre("/own"));
  std::vector<std::string> links;
  for (const auto& link : contents.links) links.push_back(link.path + " > " + link.target);
  EXPECT_THAT(links, testing::IsSupersetOf({"/soft > /own", "/dangling > nothing", "/gone > gone.h5:/raw",
                                            "/above > ../v.h5:/deep/raw"}));
  EXPECT_EQ(links.size(), 12U);
  EXPECT_EQ(h5::contents_of(h5::File::open_read((dir / "in") / "links.h5"), 3).links.size(), 3U);
}

TEST_F(Links, HardLinksThatLeadInACircleEnd) {
  h5::write_file(dir / "circle.h5", [](h5::File& file) {
    file.write<int>("a/b/raw", {1});
    ASSERT_GE(H5Lcreate_hard(file.id(), "/a", file.id(), "/a/b/again", H5P_DEFAULT, H5P_DEFAULT), 0);
    ASSERT_GE(H5Lcreate_hard(file.id(), "/a/b/raw", file.id(), "/twin", H5P_DEFAULT, H5P_DEFAULT), 0);
  });
  const auto file = h5::File::open_read(dir / "circle.h5");
  EXPECT_THAT(file.dataset_paths(100), ElementsAre("/a/b/raw"));
  EXPECT_EQ(file.dataset("/a/b/again/b/again/b/raw").element_count(), 1U);
}

TEST_F(Links, ManyGroupsInEachOtherTakeNoTime) {
  std::string path;
  h5::write_file(dir / "deep.h5", [&](h5::File& file) {
    h5::Group at = file.create_group("g");
    path = "/g";
    for (int i = 0; i < 3000; ++i, path += "/g") at = at.create_group("g");
    at.write<int>("raw", {1});
  });
  const auto file = h5::File::open_read(dir / "deep.h5");
  EXPECT_THAT(file.dataset_paths(10), ElementsAre(path + "/raw"));
  EXPECT_TRUE(file.has_dataset(path + "/raw"));
  EXPECT_EQ(h5::follow_links(dir / "deep.h5", path + "/raw", {}).dataset, path + "/raw");
}

}  // namespace
}  // namespace cleft
