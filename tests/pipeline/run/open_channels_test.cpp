#include "pipeline/run/open_channels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class OpenChannels : public testing::Test {
 protected:
  OpenChannels() {
    h5::write_file(directory_ / "raw.h5", [](h5::File& file) {
      auto raw = file.write("raw", std::vector<std::uint8_t>{1, 10, 2, 20, 3, 30}, {1, 1, 3, 2});
      raw.set_attribute("axistags", test::axistags("zyxc"));
    });
  }
  const test::TempDirectory directory_;
  const VolumePath image_{directory_ / "raw.h5", "raw"};
};

TEST_F(OpenChannels, OpensThemInTheirOrder) {
  std::vector<std::vector<float>> values;
  for (const VolumeReader& channel : open_channels(image_, 2)) {
    Array3<float> all(channel.extent());
    channel.read(whole_box(channel.extent()), all.view());
    values.emplace_back(all.voxels().begin(), all.voxels().end());
  }
  EXPECT_THAT(values, ElementsAre(ElementsAre(1, 2, 3), ElementsAre(10, 20, 30)));
}

TEST_F(OpenChannels, OpensTheFileOnce) {
  const auto open = [](unsigned kind) { return H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), kind); };
  const auto files = open(H5F_OBJ_FILE), datasets = open(H5F_OBJ_DATASET);
  const auto channels = open_channels(image_, 2);
  EXPECT_EQ(open(H5F_OBJ_FILE) - files, 1);
  EXPECT_EQ(open(H5F_OBJ_DATASET) - datasets, 1);
}

TEST_F(OpenChannels, RefusesAnotherNumberThanTheFeaturesAreOf) {
  EXPECT_THAT([&] { open_channels(image_, 1); },
              ThrowsMessage<InputError>(HasSubstr("has 2 channels; expected 1, as the model's features")));
  EXPECT_THAT([&] { open_channels(image_, 3); }, ThrowsMessage<InputError>(HasSubstr("expected 3")));
}

}  // namespace
}  // namespace cleft
