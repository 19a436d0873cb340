#include "io/h5/volume_attributes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class VolumeAttributes : public testing::Test {
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

TEST_F(VolumeAttributes, AxesAreThoseThatAnAttributeStates) {
  EXPECT_FALSE(stored_axes(dataset({2, 3, 4})));
  const auto tags = stored_axes(tagged({1, 4, 5, 6, 1}, "tzyxc"));
  ASSERT_TRUE(tags);
  EXPECT_EQ(tags->letters, "tzyxc");
  EXPECT_THAT(tags->source, testing::MatchesRegex("a.h5:/d[0-9]+ attribute axistags"));
  const auto both = dataset({4, 5, 6}, [](h5::Dataset& d) {
    d.set_attribute("axistags", VolumeAttributes::tags("xyz"));
    d.set_attribute("axes", "zyx");
  });
  EXPECT_EQ(stored_axes(both)->letters, "xyz");
}

TEST_F(VolumeAttributes, AxesMayBeHdf5sOwnNamesOfDimensions) {
  const auto labelled = [&](const std::vector<std::string>& names) {
    return stored_axes(
        dataset({4, 5, 6}, [&](h5::Dataset& d) { d.set_attribute("DIMENSION_LABELS", names); }));
  };
  EXPECT_EQ(labelled({"x", "Y", "z"})->letters, "xyz");
  EXPECT_FALSE(labelled({"", "", ""}));
  EXPECT_FALSE(labelled({"row", "column", "plane"}));
}

TEST_F(VolumeAttributes, AUnitOfLengthBesideTheResolutionCounts) {
  const auto size = [&](const char* attribute, const std::string& unit) {
    return stored_voxel_size(dataset({4, 5, 6}, [&](h5::Dataset& d) {
      d.set_attribute("resolution", std::vector<double>{8, 4, 4});
      d.set_attribute(attribute, unit);
    }));
  };
  EXPECT_EQ(size("unit", "angstrom"), (VoxelSize{0.8, 0.4, 0.4}));
  EXPECT_EQ(size("units", "um"), (VoxelSize{8000, 4000, 4000}));
  EXPECT_EQ(size("units", "counts"), (VoxelSize{8, 4, 4})) << "of the grey values";
}

TEST_F(VolumeAttributes, AxesStandInTheAttributeAxesInSeveralWays) {
  for (const std::string text : {"czyx", "CZYX", "c, z, y, x", "c z y x"}) {
    const auto named =
        stored_axes(dataset({1, 4, 5, 6}, [&](h5::Dataset& d) { d.set_attribute("axes", text); }));
    ASSERT_TRUE(named) << text;
    EXPECT_EQ(named->letters, "czyx") << text;
    EXPECT_THAT(named->source, HasSubstr("attribute axes"));
  }
  const auto list = dataset({4, 5, 6}, [](h5::Dataset& d) {
    d.set_attribute("axes", std::vector<std::string>{"x", "y", "z"});
  });
  EXPECT_EQ(stored_axes(list)->letters, "xyz");
}

TEST_F(VolumeAttributes, AxesThatAreNoTextAreRefused) {
  const auto number = dataset({4, 5, 6}, [](h5::Dataset& d) { d.set_attribute("axes", 3); });
  EXPECT_THAT([&] { stored_axes(number); },
              ThrowsMessage<InputError>(HasSubstr("attribute axes: is not text")));
  const auto broken = dataset({4, 5, 6}, [](h5::Dataset& d) { d.set_attribute("axistags", "zyx"); });
  EXPECT_THAT([&] { stored_axes(broken); }, ThrowsMessage<InputError>(HasSubstr("is not a list of axes")));
}

TEST_F(VolumeAttributes, AVolumeWithoutAStatedVoxelSizeHasNone) {
  EXPECT_EQ(stored_voxel_size(dataset({2, 3, 4})), std::nullopt);
  // VIGRA's resolutions have no unit of their own.
  const auto unitless = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute(
        "axistags",
        R"({"axes":[{"key":"z","resolution":3},{"key":"y","resolution":3},{"key":"x","resolution":3}]})");
  });
  EXPECT_EQ(stored_voxel_size(unitless), std::nullopt);
}

TEST_F(VolumeAttributes, VoxelSizesAreInNanometresWhateverStatesThem) {
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

TEST_F(VolumeAttributes, PixelsAreNoUnitOfLength) {
  const auto pixels = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute(
        "axistags",
        R"({"axes":[{"key":"z","resolution":1},{"key":"y","resolution":1},{"key":"x","resolution":1}]})");
    d.set_attribute("axis_units", R"({"z":"pixel","y":"pixel","x":"pixel"})");
  });
  EXPECT_EQ(stored_voxel_size(pixels), std::nullopt);
}

TEST_F(VolumeAttributes, TwoVoxelSizesThatDisagreeAreRefusedNamingBoth) {
  const auto both = dataset({2, 3, 4}, [](h5::Dataset& d) {
    d.set_attribute("element_size_um", std::vector<double>{0.04, 0.004, 0.004});
    d.set_attribute("resolution", std::vector<double>{40, 4, 5});
  });
  EXPECT_THAT([&] { stored_voxel_size(both); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("40 x 4 x 4 nm (z, y, x) by element_size_um"),
                                              HasSubstr("40 x 4 x 5 nm (z, y, x) by resolution"))));
}

TEST_F(VolumeAttributes, AVoxelSizeThatIsNoneIsRefused) {
  for (const std::vector<double>& values :
       {std::vector<double>{4, 4}, {4, 4, 0}, {4, -4, 4}, {4, 4, 1.0 / 0.0}, {4, 4, 1e-320}}) {
    const auto bad = dataset({2, 3, 4}, [&](h5::Dataset& d) { d.set_attribute("resolution", values); });
    EXPECT_THAT([&] { stored_voxel_size(bad); },
                ThrowsMessage<InputError>(HasSubstr("attribute resolution: is [4, ")));
  }
}

TEST_F(VolumeAttributes, WhatIsWrittenIsReadBackAndAllSourcesAgree) {
  auto d = dataset({2, 3, 4});
  write_axes(d, VoxelSize{47.5, 4.6, 4.6}, false, PerAxis<double>{950, 0, -4.6});
  EXPECT_EQ(stored_voxel_size(d), (VoxelSize{47.5, 4.6, 4.6}));
  EXPECT_EQ(stored_axes(d)->letters, "zyx");
  EXPECT_EQ(d.attribute<double>("element_size_um"), (std::vector<double>{0.0475, 0.0046, 0.0046}));
  EXPECT_EQ(d.attribute<double>("offset"), (std::vector<double>{950, 0, -4.6}));
  EXPECT_EQ(stored_offset(d), (PerAxis<double>{950, 0, -4.6}));
  EXPECT_EQ(parse_axistags(d.scalar_attribute<std::string>("axistags"), "d").at(1).resolution, 4.6);
  auto plain = dataset({2, 3, 4});
  write_axes(plain, std::nullopt);
  EXPECT_EQ(stored_voxel_size(plain), std::nullopt);
  EXPECT_EQ(stored_offset(plain), std::nullopt);
  EXPECT_EQ(stored_axes(plain)->letters, "zyx");
  auto channels = dataset({2, 3, 4, 5});
  write_axes(channels, std::nullopt, true);
  EXPECT_EQ(stored_axes(channels)->letters, "zyxc");
}

TEST_F(VolumeAttributes, AnOffsetIsThreePositionsInNm) {
  const auto with = [&](const auto& values) {
    return dataset({2, 3, 4}, [&](h5::Dataset& d) { d.set_attribute("offset", values); });
  };
  EXPECT_EQ(stored_offset(with(std::vector<double>{64, 0, -8})), (PerAxis<double>{64, 0, -8}));
  EXPECT_EQ(stored_offset(with(std::vector<float>{64.4F, 0, 9.2F})),
            (PerAxis<double>{64.4000015, 0, 9.19999981}));
  EXPECT_EQ(stored_offset(with(std::vector<std::int64_t>{1480, 3644, 3644})),
            (PerAxis<double>{1480, 3644, 3644}));
  // Somebody else's: a brightness, a remark.
  EXPECT_EQ(stored_offset(with(0.5)), std::nullopt);
  EXPECT_EQ(stored_offset(with(std::string("top left"))), std::nullopt);
  for (const auto& bad : {std::vector<double>{1, 2}, std::vector<double>{1, 2, 3, 4},
                          std::vector<double>{1, std::nan(""), 3}, std::vector<double>{1, 2, 1e300}})
    EXPECT_THAT([&] { stored_offset(with(bad)); },
                ThrowsMessage<InputError>(HasSubstr("attribute offset: is [")));
}

}  // namespace
}  // namespace cleft
