#include "ilastik/images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ilastik/small_project.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

IlastikImage image(const std::string& file, const std::string& nickname = "",
                   std::vector<std::int64_t> shape = {}) {
  IlastikImage made;
  made.file_path = file;
  made.nickname = nickname;
  made.axes = "zyx";
  made.shape = std::move(shape);
  return made;
}

TEST(ImagesLike, AreThoseOfTheFilesNameOrElseOfTheNameWithoutEnding) {
  const std::vector<IlastikImage> images{image("C:\\x\\a.tif"), image("y/a.h5/raw"), image("b.tif"),
                                         image("")};
  EXPECT_THAT(images_like(images, "/data/a.h5", std::nullopt), ElementsAre(1));
  EXPECT_THAT(images_like(images, "/data/a.hdf5", std::nullopt), ElementsAre(0, 1));
  EXPECT_THAT(images_like(images, "/data/b.h5", std::nullopt), ElementsAre(2));
  EXPECT_THAT(images_like(images, "/data/c.h5", std::nullopt), IsEmpty());
}

TEST(ImagesLike, AreOfTheVolumesExtentWhereOneIs) {
  const std::vector<IlastikImage> images{image("1/a.tif", "", {2, 3, 4}), image("2/a.tif", "", {5, 6, 7})};
  EXPECT_THAT(images_like(images, "a.h5", Extent{5, 6, 7}), ElementsAre(1));
  EXPECT_THAT(images_like(images, "a.h5", Extent{1, 1, 1}), ElementsAre(0, 1))
      << "whoever uses them says more";
}

TEST(ImageMeant, IsNamedByItsNumberItsFileOrItsNickname) {
  const std::vector<IlastikImage> images{image("x/a.tif", "first"), image("x/b.tif", "second"),
                                         image("y/b.tif")};
  for (const char* lane : {"0", "lane0000", "a.tif", "a", "first", "x/a.tif"})
    EXPECT_EQ(image_meant(images, lane, "my.ilp"), 0U) << lane;
  EXPECT_EQ(image_meant(images, "lane0002", "my.ilp"), 2U);
  EXPECT_EQ(image_meant(images, "y/b.tif", "my.ilp"), 2U);
  for (const char* lane : {"3", "-1", "c", "lane", "1.0"})
    EXPECT_THAT([&] { image_meant(images, lane, "my.ilp"); },
                ThrowsMessage<InputError>(HasSubstr(
                    "my.ilp: has no image '" + std::string(lane) +
                    "'; expected one of its images, by number or name: 0: a.tif, 1: b.tif, 2: b.tif")));
  EXPECT_THAT([&] { image_meant(images, "b", "my.ilp"); },
              ThrowsMessage<InputError>(HasSubstr("has 2 images 'b'")));
}

TEST(ExtentOf, AnImageIsInZYXWhateverItsAxes) {
  IlastikImage stored;
  EXPECT_FALSE(extent_of(stored));
  stored.axes = "xtyc";
  stored.shape = {7, 1, 6, 2};
  EXPECT_EQ(extent_of(stored), (Extent{1, 6, 7}));
}

TEST(ReadImages, TakesNoShapeThatMakesNoSense) {
  const test::TempDirectory directory;
  const auto shape_read = [&](const std::vector<std::int64_t>& shape) {
    test::write_small_project(directory / "my.ilp", {}, [&](h5::File& file) {
      file.write("Input Data/infos/lane0000/Raw Data/shape", shape);
    });
    return read_images(h5::File::open_read(directory / "my.ilp")).front().shape;
  };
  EXPECT_THAT(shape_read({2, 3, 4, 1}), ElementsAre(2, 3, 4, 1));
  EXPECT_THAT(shape_read({2, 3, 4}), IsEmpty());
  EXPECT_THAT(shape_read({2, 0, 4, 1}), IsEmpty());
  EXPECT_THAT(shape_read({2, std::int64_t{1} << 62U, 4, 1}), IsEmpty());
}

}  // namespace
}  // namespace cleft
