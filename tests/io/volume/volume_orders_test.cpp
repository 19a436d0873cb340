#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "io/volume/volume_reader.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

constexpr const char* python = "/usr/bin/python3";  // the one that Debian's python3-h5py belongs to

/// A dataset that write_orders.py has made.
struct Written {
  std::string name, order, stated_by;
  std::size_t channels = 0;
  std::int64_t largest = 0;  ///< of its values
};

std::int64_t expected_value(const Written& written, const GlobalVoxel& voxel, std::size_t channel) {
  const std::int64_t grey =
      (31 * voxel.z + 7 * voxel.y + 3 * voxel.x + 11 * static_cast<std::int64_t>(channel)) % 251;
  return written.largest == 1 ? grey % 2 : std::min(grey, written.largest);
}

template <class T>
void expect_box(const VolumeReader& reader, const Written& written, std::size_t channel, const Box& box) {
  // Into a part of a larger array, as blocks are filled.
  const Extent extent = box.extent();
  Array3<T> out(extent + Extent{1, 2, 3});
  reader.read(box, out.view().part({1, 1, 2}, extent));
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x)
        ASSERT_EQ(static_cast<std::int64_t>(out(z + 1, y + 1, x + 2)),
                  expected_value(written, box.begin + Extent{z, y, x}, channel))
            << to_string(box) << " channel " << channel;
}

void expect_volume(const VolumePath& path, const Written& written) {
  const VolumeReader first(path, 0);
  const bool flat = written.order.find('z') == std::string::npos;
  ASSERT_EQ(first.extent(), (Extent{flat ? 1 : 5, 18, 34}));
  ASSERT_EQ(first.channel_count(), written.channels);
  Random random(5);
  for (std::size_t channel = 0; channel < written.channels; ++channel) {
    const VolumeReader reader = first.other_channel(channel);
    expect_box<float>(reader, written, channel, whole_box(reader.extent()));
    for (int i = 0; i < 4; ++i) {
      Box box;
      const auto between = [&](std::int64_t length, std::int64_t& begin, std::int64_t& end) {
        begin = random.below(static_cast<std::uint32_t>(length));
        end = begin + 1 + random.below(static_cast<std::uint32_t>(length - begin));
      };
      between(reader.extent().z, box.begin.z, box.end.z);
      between(reader.extent().y, box.begin.y, box.end.y);
      between(reader.extent().x, box.begin.x, box.end.x);
      expect_box<std::uint8_t>(reader, written, channel, box);
      expect_box<std::uint16_t>(reader, written, channel, box);
      expect_box<std::uint64_t>(reader, written, channel, box);
      expect_box<std::int64_t>(reader, written, channel, box);
      expect_box<float>(reader, written, channel, box);
    }
  }
}

TEST(VolumeOrders, WrittenByH5pyAreReadAsTheSameVolume) {
  if (std::system(fmt::format("{} -c 'import h5py' 2>/dev/null", python).c_str()) != 0)
    GTEST_SKIP() << "skipped: no python3-h5py";
  const test::TempDirectory directory;
  const auto file = directory / "volumes.h5", list = directory / "list.txt";
  ASSERT_EQ(std::system(fmt::format("{} -B '{}/tests/io/volume/write_orders.py' '{}' '{}'", python,
                                    CLEFT_SOURCE_DIR, file.string(), list.string())
                            .c_str()),
            0);
  std::ifstream names(list);
  Written written;
  int count = 0;
  while (names >> written.name >> written.order >> written.stated_by >> written.channels >> written.largest) {
    SCOPED_TRACE(written.name);
    VolumePath path{file, written.name};
    if (written.stated_by == "user") path.options.axes = written.order;
    expect_volume(path, written);
    ++count;
  }
  EXPECT_EQ(count, (6 + 24 + 13) * 3);
}

}  // namespace
}  // namespace cleft
