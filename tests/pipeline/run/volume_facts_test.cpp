#include "pipeline/run/volume_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"
#include "io/h5/file.hpp"
#include "io/volume/axes.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class LookAtVolume : public testing::Test {
 protected:
  LookAtVolume() {
    h5::write_file(directory_ / "raw.h5", [](h5::File& file) {
      auto raw = file.write("raw", std::vector<std::uint16_t>(24), {2, 3, 4});
      write_axes(raw, VoxelSize{40, 5, 5});
      file.write("wide", std::vector<std::int32_t>(24), {2, 3, 4});
      file.create_dataset<std::uint8_t>("long", {1, 1, hsize_t{1} << 31U}, {.chunks = {1, 1, 4096}});
    });
  }

  VolumeFacts look_at(const std::string& dataset, const std::string& more = "") const {
    const std::string volume = "path: " + (directory_ / "raw.h5").string() + ", dataset: " + dataset + more;
    return look_at_volume(parse_config("volume: {" + volume + "}\n", (directory_ / "run.yaml").string(), {}));
  }

  const test::TempDirectory directory_;
};

TEST_F(LookAtVolume, TellsExtentVoxelSizeAndType) {
  const VolumeFacts facts = look_at("/raw");
  EXPECT_EQ(facts.extent, (Extent{2, 3, 4}));
  EXPECT_EQ(facts.voxel_size, (VoxelSize{40, 5, 5}));
  EXPECT_EQ(facts.type, ElementType::uint16);
  EXPECT_EQ(facts.path.dataset, "/raw");
}

TEST_F(LookAtVolume, RefusesAnotherVoxelSizeThanTheFileHas) {
  EXPECT_THAT([&] { look_at("/raw", ", voxel_size_nm: [50, 5, 5]"); },
              ThrowsMessage<ConfigError>(HasSubstr("volume.voxel_size_nm")));
}

TEST_F(LookAtVolume, RefusesWhatHoldsNoGreyValues) {
  EXPECT_THAT([&] { look_at("/wide"); }, ThrowsMessage<InputError>(HasSubstr("holds int32 values")));
}

TEST_F(LookAtVolume, RefusesAnAxisTooLongForSegment) {
  EXPECT_THAT([&] { look_at("/long"); },
              ThrowsMessage<InputError>(HasSubstr(
                  "raw.h5:/long: is 1 x 1 x 2147483648 (z, y, x); expected fewer than 2^31 voxels")));
}

}  // namespace
}  // namespace cleft
