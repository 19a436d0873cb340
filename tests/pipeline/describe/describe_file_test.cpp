#include "pipeline/describe/describe_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::Not;

class DescribeFile : public testing::Test {
 protected:
  DescribeFile() {
    h5::write_file(path, [](h5::File& file) {
      const std::vector<std::uint8_t> grey(2 * 3 * 4);
      auto raw = file.write("raw", grey, {2, 3, 4}, {.chunks = {1, 3, 2}, .gzip = 1});
      write_axes(raw, VoxelSize{45, 4.6, 4.6});
      file.write("plain", grey, {2, 3, 4});
      file.write("names", std::vector<std::string>{"a", "b"});
      file.write("many", grey, {2, 3, 2, 2});
    });
  }

  test::TempDirectory directory;
  std::string path = (directory / "a.h5").string();
};

TEST_F(DescribeFile, a_volume_with_its_extent_type_voxel_size_chunks_and_compression) {
  EXPECT_EQ(describe_datasets({path, "/raw"}), path +
                                                   ":/raw\n"
                                                   "  extent       2 x 3 x 4 (z, y, x)\n"
                                                   "  type         uint8\n"
                                                   "  voxel size   45 x 4.6 x 4.6 nm (z, y, x)\n"
                                                   "  chunks       1 x 3 x 2 (z, y, x)\n"
                                                   "  compression  gzip\n");
  EXPECT_EQ(describe_datasets({path, "/plain"}), path +
                                                     ":/plain\n"
                                                     "  extent       2 x 3 x 4 (z, y, x)\n"
                                                     "  type         uint8\n"
                                                     "  voxel size   not stated\n"
                                                     "  chunks       none: contiguous\n"
                                                     "  compression  none\n");
}

TEST_F(DescribeFile, a_file_by_all_its_datasets) {
  const std::string text = describe_datasets({path, ""});
  for (const auto* name : {":/many\n", ":/names\n", ":/plain\n", ":/raw\n"})
    EXPECT_THAT(text, HasSubstr(name));
}

TEST_F(DescribeFile, says_why_something_like_a_volume_is_none) {
  EXPECT_THAT(describe_datasets({path, "/many"}),
              HasSubstr("  shape        2 x 3 x 2 x 2 values\n  no volume    "));
  EXPECT_THAT(describe_datasets({path, "/names"}), Not(HasSubstr("no volume")));
}

TEST_F(DescribeFile, a_missing_dataset_is_an_error) {
  EXPECT_THROW(describe_datasets({path, "/rwa"}), InputError);
  EXPECT_THROW(describe_datasets({directory / "none.h5", ""}), InputError);
}

}  // namespace
}  // namespace cleft
