#include "io/volume/axes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class Axes : public testing::Test {
 protected:
  /// A dataset of this shape that `mark` may give attributes to.
  h5::Dataset dataset(
      const h5::Shape& shape, const std::function<void(h5::Dataset&)>& mark = [](h5::Dataset&) {}) {
    auto made = file_.create_dataset<std::uint8_t>("d" + std::to_string(count_++), shape);
    mark(made);
    return made;
  }
  static std::string tags(const std::string& keys) {
    std::string json;
    for (const char key : keys)
      json += (json.empty() ? "" : ",") + std::string(R"({"key":")") + key + R"("})";
    return R"({"axes":[)" + json + "]}";
  }
  h5::Dataset tagged(const h5::Shape& shape, const std::string& keys) {
    return dataset(shape, [&](h5::Dataset& d) { d.set_attribute("axistags", tags(keys)); });
  }

 private:
  h5::File file_ = h5::File::create_in_memory("a.h5");
  int count_ = 0;
};

using Positions = PerAxis<std::size_t>;

TEST_F(Axes, ThreeAxesAreZyx) {
  EXPECT_EQ(volume_axes(dataset({2, 3, 4})), (Positions{0, 1, 2}));
}

TEST_F(Axes, ASingletonChannelIsSetAside) {
  EXPECT_EQ(volume_axes(dataset({2, 3, 4, 1})), (Positions{0, 1, 2}));
  EXPECT_EQ(volume_axes(dataset({1, 2, 3, 4})), (Positions{1, 2, 3}));
  EXPECT_EQ(volume_axes(dataset({2, 1, 3, 4})), (Positions{0, 2, 3}));
  EXPECT_EQ(volume_axes(dataset({1, 2, 3, 4, 1})), (Positions{1, 2, 3}));
  EXPECT_EQ(volume_axes(dataset({1, 1, 512, 1})), (Positions{0, 1, 2}));
}

TEST_F(Axes, TagsDecideWhereThereAreSome) {
  EXPECT_EQ(volume_axes(tagged({1, 1, 5, 6}, "zcyx")), (Positions{0, 2, 3}));
  EXPECT_EQ(volume_axes(tagged({1, 4, 5, 6, 1}, "tzyxc")), (Positions{1, 2, 3}));
  const auto named = dataset({1, 4, 5, 6}, [](h5::Dataset& d) { d.set_attribute("axes", "czyx"); });
  EXPECT_EQ(volume_axes(named), (Positions{1, 2, 3}));
}

TEST_F(Axes, OtherAxesAreRefusedWithWhatWasFound) {
  EXPECT_THAT(
      [&] {
        volume_axes(dataset({3, 4}));
      },
      ThrowsMessage<InputError>(HasSubstr("has 2 axes; expected 3 (z, y, x)")));
  EXPECT_THAT([&] { volume_axes(dataset({4})); },
              ThrowsMessage<InputError>(HasSubstr("has 1 axis; expected 3")));
  EXPECT_THAT(
      [&] {
        volume_axes(dataset({2, 3, 4, 5}));
      },
      ThrowsMessage<InputError>(HasSubstr("has shape 2 x 3 x 4 x 5; expected 3 axes")));
  EXPECT_THAT(
      [&] {
        volume_axes(tagged({4, 5, 6, 3}, "zyxc"));
      },
      ThrowsMessage<InputError>(HasSubstr("has axes z, y, x, c and shape 4 x 5 x 6 x 3")));
  EXPECT_THAT(
      [&] {
        volume_axes(tagged({4, 5, 6}, "xyz"));
      },
      ThrowsMessage<InputError>(
          HasSubstr("has axes x, y, z and shape 4 x 5 x 6; expected the axes z, y, x in this order")));
  EXPECT_THAT(
      [&] {
        volume_axes(tagged({1, 5, 6}, "tyx"));
      },
      ThrowsMessage<InputError>(HasSubstr("has axes t, y, x")));
  EXPECT_THAT(
      [&] {
        volume_axes(tagged({4, 5, 6}, "zyxc"));
      },
      ThrowsMessage<InputError>(HasSubstr("names 4 axes but has 3")));
}

TEST_F(Axes, ThatStandTwiceAreRefused) {
  EXPECT_EQ(channelled_volume_axes(tagged({5, 6}, "yx")).space, (Positions{ChannelledAxes::none, 0, 1}));
  for (const char* twice : {"yyx", "yxx", "cyyx", "yxyc"}) {
    const h5::Shape shape(std::string(twice).size(), 5);
    EXPECT_THAT([&] { channelled_volume_axes(tagged(shape, twice)); },
                ThrowsMessage<InputError>(HasSubstr("expected the axes z, y, x in this order")))
        << twice;
  }
  for (const char* twice : {"zyxcc", "czyxc", "cyxc"}) {
    const h5::Shape shape(std::string(twice).size(), 5);
    EXPECT_THAT([&] { channelled_volume_axes(tagged(shape, twice)); },
                ThrowsMessage<InputError>(HasSubstr("expected one axis c")))
        << twice;
  }
}

TEST_F(Axes, TagsThatAreNoneAreRefused) {
  for (const char* json :
       {"", "[1]", "{}", R"({"axes": 3})", R"({"axes": [3]})", R"({"axes": [{"key": 3}]})", "{\"axes\": ["})
    EXPECT_THAT([&] { parse_axistags(json, "a.h5:/d"); },
                ThrowsMessage<InputError>(HasSubstr("a.h5:/d: is not a list of axes")))
        << json;
  EXPECT_THAT([&] { parse_axistags(R"({"axes": [{"key": "depth"}]})", "d"); },
              ThrowsMessage<InputError>(HasSubstr("has an axis \"depth\"")));
}

TEST_F(Axes, AVolumeWithoutAStatedVoxelSizeHasNone) {
  EXPECT_EQ(stored_voxel_size(dataset({2, 3, 4})), std::nullopt);
  // VIGRA's resolutions have no unit of their own.
  const auto unitless = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute(
        "axistags",
        R"({"axes":[{"key":"z","resolution":3},{"key":"y","resolution":3},{"key":"x","resolution":3}]})");
  });
  EXPECT_EQ(stored_voxel_size(unitless), std::nullopt);
}

TEST_F(Axes, VoxelSizesAreInNanometresWhateverStatesThem) {
  const VoxelSize expected{47.5, 4.6, 4.6};
  const auto fiji = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute("element_size_um", std::vector<float>{0.0475F, 0.0046F, 0.0046F});
  });
  EXPECT_EQ(stored_voxel_size(fiji), expected);
  const auto cremi = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute("resolution", std::vector<double>{47.5, 4.6, 4.6});
  });
  EXPECT_EQ(stored_voxel_size(cremi), expected);
  const auto ilastik = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute(
        "axistags",
        R"({"axes":[{"key":"z","resolution":0.0475},{"key":"y","resolution":4.6},{"key":"x","resolution":4.6e-6}]})");
    d.set_attribute("axis_units", R"({"z":"µm","y":"nm","x":"mm"})");
  });
  EXPECT_EQ(stored_voxel_size(ilastik), expected);
}

TEST_F(Axes, PixelsAreNoUnitOfLength) {
  const auto pixels = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute(
        "axistags",
        R"({"axes":[{"key":"z","resolution":1},{"key":"y","resolution":1},{"key":"x","resolution":1}]})");
    d.set_attribute("axis_units", R"({"z":"pixel","y":"pixel","x":"pixel"})");
  });
  EXPECT_EQ(stored_voxel_size(pixels), std::nullopt);
}

TEST_F(Axes, TwoVoxelSizesThatDisagreeAreRefusedNamingBoth) {
  const auto both = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute("element_size_um", std::vector<double>{0.04, 0.004, 0.004});
    d.set_attribute("resolution", std::vector<double>{40, 4, 5});
  });
  EXPECT_THAT([&] { stored_voxel_size(both); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("40 x 4 x 4 nm (z, y, x) by element_size_um"),
                                              HasSubstr("40 x 4 x 5 nm (z, y, x) by resolution"))));
}

TEST_F(Axes, AVoxelSizeThatIsNoneIsRefused) {
  for (const std::vector<double>& values :
       {std::vector<double>{4, 4}, {4, 4, 0}, {4, -4, 4}, {4, 4, 1.0 / 0.0}, {4, 4, 1e-320}}) {
    const auto bad = dataset({2, 3, 4}, [&](h5::Dataset& d) { d.set_attribute("resolution", values); });
    EXPECT_THAT([&] { stored_voxel_size(bad); },
                ThrowsMessage<InputError>(HasSubstr("attribute resolution: is [4, ")));
  }
}

TEST_F(Axes, WhatIsWrittenIsReadBackAndAllSourcesAgree) {
  auto d = dataset({2, 3, 4});
  write_axes(d, VoxelSize{47.5, 4.6, 4.6});
  EXPECT_EQ(stored_voxel_size(d), (VoxelSize{47.5, 4.6, 4.6}));
  EXPECT_EQ(volume_axes(d), (Positions{0, 1, 2}));
  EXPECT_EQ(d.attribute<double>("element_size_um"), (std::vector<double>{0.0475, 0.0046, 0.0046}));
  EXPECT_EQ(d.attribute<double>("offset"), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(parse_axistags(d.scalar_attribute<std::string>("axistags"), "d").at(1).resolution, 4.6);
  auto plain = dataset({2, 3, 4});
  write_axes(plain, std::nullopt);
  EXPECT_EQ(stored_voxel_size(plain), std::nullopt);
  EXPECT_EQ(volume_axes(plain), (Positions{0, 1, 2}));
}

}  // namespace
}  // namespace cleft
