#include "io/h5.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {
using testing::ElementsAre;

TEST(H5, ReadsBackWhatItWrote) {
  const std::string path = testing::TempDir() + "/h5_roundtrip.h5";
  h5::write_file(path, [](h5::File& file) {
    file.write<float>("/a/b", {1, 2, 3, 4, 5, 6}, {2, 3}, {.chunks = {1, 3}, .gzip = 1, .shuffle = true});
    file.set_attribute("n", 7);
    file.dataset("a/b").set_attribute("names", std::vector<std::string>{"x", "yy"});
    file.write("names", {"eins", "zwei"});
  });
  const auto file = h5::File::open_read(path);
  EXPECT_EQ(file.scalar_attribute<double>("n"), 7.0);
  EXPECT_THAT(file.group("a").dataset("b").attribute<std::string>("names"), ElementsAre("x", "yy"));
  EXPECT_THAT(file.dataset("/a/b").read<int>(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(file.dataset("names").read<std::string>(), ElementsAre("eins", "zwei"));
  EXPECT_THAT(file.dataset_paths(9), ElementsAre("/a/b", "/names"));
}

}  // namespace
}  // namespace cleft
