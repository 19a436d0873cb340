#include "io/volume/volume_path.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace cleft
