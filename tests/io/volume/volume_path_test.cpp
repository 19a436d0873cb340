#include "io/volume/volume_path.hpp"

#include <gtest/gtest.h>

#include "support/temp_directory.hpp"

namespace cleft {
namespace {

TEST(VolumePath, SplitsAfterTheFile) {
  const auto expect = [](const std::string& text, const std::string& file, const std::string& dataset) {
    const VolumePath path = VolumePath::parse(text);
    EXPECT_EQ(path.file, file) << text;
    EXPECT_EQ(path.dataset, dataset) << text;
  };
  expect("raw.h5", "raw.h5", "");
  expect("raw.h5/raw", "raw.h5", "/raw");
  expect("/data/a/raw.hdf5/volumes/raw", "/data/a/raw.hdf5", "/volumes/raw");
  expect("../x.hdf/a", "../x.hdf", "/a");
  expect("project.ilp/Input Data/0", "project.ilp", "/Input Data/0");
  expect("stack/sections", "stack/sections", "");
  expect("a:/raw.h5:/a/b", "a:/raw.h5", "/a/b");
  EXPECT_EQ(to_string(VolumePath::parse("raw.h5/a/b")), "raw.h5:/a/b");
}

TEST(VolumePath, TheFirstRegularFileOnTheWayIsTheFile) {
  const test::TempDirectory dir;
  std::filesystem::create_directory(dir / "folder.h5");
  for (const auto* name : {"v.ims", "V.H5", "volume", "folder.h5/x"}) test::write_bytes(dir / name, "x");
  for (const auto* name : {"v.ims", "V.H5", "volume", "folder.h5/x", "new.H5", "folder.h5/new.hdf5"}) {
    const std::string file = (dir / name).string();
    EXPECT_EQ(VolumePath::parse(file + "/a/b.h5").file, file);
    EXPECT_EQ(VolumePath::parse(file + "/a/b.h5").dataset, "/a/b.h5");
    EXPECT_EQ(VolumePath::parse(file + ":/a").dataset, "/a");
    EXPECT_EQ(VolumePath::parse(file).dataset, "");
  }
  EXPECT_EQ(VolumePath::parse((dir / "new.ims").string() + "/a").dataset, "");
}

TEST(VolumePath, SaysWhereAPathEnds) {
  const test::TempDirectory dir;
  EXPECT_EQ(where_it_ends(dir.path()), "");
  EXPECT_EQ(where_it_ends((dir / "a") / "b"),
            "there is no such file: " + dir.path().string() + " is there, but no 'a' in it");
  EXPECT_EQ(where_it_ends("no-such-file.h5"), "there is no such file");
  std::filesystem::create_symlink("circle", dir / "circle");
  EXPECT_TRUE(where_it_ends(dir / "circle").starts_with("cannot be followed: "));
}

}  // namespace
}  // namespace cleft
