#include "features/channel_sink.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "features/feature_test_support.hpp"
#include "features/set/compute.hpp"

namespace cleft {
namespace {

/// Checks how rows come: each voxel of each channel once, and only where room was asked for.
class StrictSink : public ChannelSink {
 public:
  StrictSink(int channels, const Extent& extent) : extent_(extent) {
    for (int c = 0; c < channels; ++c) {
      values.emplace_back(extent);
      taken_.emplace_back(extent);
    }
    rows_.resize(values.size());
  }

  float* room(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    EXPECT_TRUE(asked_.emplace(channel, begin).second) << "asked for again before it was handed in";
    auto& row = rows_[static_cast<std::size_t>(channel)];
    row.assign(static_cast<std::size_t>(voxels), -1.0F);
    return row.data();
  }
  void take(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    const auto asked = asked_.find(channel);
    ASSERT_TRUE(asked != asked_.end() && asked->second == begin);
    asked_.erase(asked);
    const auto c = static_cast<std::size_t>(channel);
    ASSERT_LE(begin.x + voxels, extent_.x);
    for (std::int64_t i = 0; i < voxels; ++i) {
      values[c](begin.z, begin.y, begin.x + i) = rows_[c][static_cast<std::size_t>(i)];
      EXPECT_EQ(++taken_[c](begin.z, begin.y, begin.x + i), 1);
    }
  }
  void expect_all() const {
    EXPECT_TRUE(asked_.empty());
    for (const auto& channel : taken_)
      for (const int times : channel.voxels()) EXPECT_EQ(times, 1);
  }

  std::vector<Array3<float>> values;

 private:
  Extent extent_;
  std::vector<Array3<int>> taken_;
  std::vector<std::vector<float>> rows_;
  std::map<int, LocalVoxel> asked_;
};

/// Features of every kind, in sections and volumes, in both dialects, of neighbouring sections too.
TEST(ChannelSink, IsGivenEveryVoxelOfEveryChannelOnce) {
  for (const FilterDialect dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2})
    for (const Dimensions dimensions : {Dimensions::three, Dimensions::two}) {
      FeatureOptions options{.texture = {1.6}, .color = {0.7, 1.6}, .edge = {1.6}, .dimensions_of_scale = {}};
      options.dimensions = dimensions;
      options.dialect = dialect;
      if (dimensions == Dimensions::two) options.sections = 1;
      const FeatureSet set(options, std::nullopt);
      const Array3<float> volume = test::random_volume({11, 40, 150});
      const LocalVoxel begin{3, 10, 9};
      const Extent extent{4, 21, 135};

      StrictSink sink(set.channel_count(), extent);
      const View3<const float> image = volume.view();
      compute_features(set, std::span(&image, 1), begin, extent, sink);
      sink.expect_all();

      std::vector<Array3<float>> arrays;
      std::vector<View3<float>> views;
      for (int c = 0; c < set.channel_count(); ++c) arrays.emplace_back(extent);
      for (auto& array : arrays) views.push_back(array.view());
      compute_features(set, volume.view(), begin, extent, views);
      for (std::size_t c = 0; c < arrays.size(); ++c)
        EXPECT_EQ(test::differences(sink.values[c].view(), arrays[c].view()), 0) << set.channel_names()[c];
    }
}

/// A section beyond the volume is a reflected one, so that one section may be wanted twice in one channel.
TEST(ChannelSink, IsGivenTheSameOfManyNeighboursAsOfEachSectionAlone) {
  FeatureOptions options{.texture = {}, .color = {0.7}, .edge = {}, .dimensions_of_scale = {}};
  options.dimensions = Dimensions::two;
  options.sections = 5;
  const FeatureSet set(options, std::nullopt);
  const Array3<float> volume = test::random_volume({7, 12, 20});
  const View3<const float> image = volume.view();
  StrictSink alone(set.channel_count(), {7, 12, 20});
  for (std::int64_t z = 0; z < 7; ++z) {
    StrictSink section(set.channel_count(), {1, 12, 20});
    compute_features(set, std::span(&image, 1), {z, 0, 0}, {1, 12, 20}, section);
    for (std::size_t c = 0; c < section.values.size(); ++c)
      std::ranges::copy(section.values[c].voxels(), alone.values[c].row(z, 0));
  }
  for (const std::int64_t begin : {0, 2, 4})
    for (const std::int64_t sections : {2, 3}) {
      StrictSink sink(set.channel_count(), {sections, 12, 20});
      compute_features(set, std::span(&image, 1), {begin, 0, 0}, {sections, 12, 20}, sink);
      sink.expect_all();
      for (std::size_t c = 0; c < sink.values.size(); ++c)
        EXPECT_EQ(test::differences(sink.values[c].view(),
                                    alone.values[c].view().part({begin, 0, 0}, {sections, 12, 20})),
                  0)
            << set.channel_names()[c] << ", " << sections << " sections from " << begin;
    }
}

/// Wants some channels, and notes what it is given.
class ChoosySink : public StrictSink {
 public:
  ChoosySink(std::vector<bool> wanted, const Extent& extent)
      : StrictSink(static_cast<int>(wanted.size()), extent),
        given(wanted.size()),
        wanted_(std::move(wanted)) {}

  bool wants(int channel) const override { return wanted_[static_cast<std::size_t>(channel)]; }
  void take(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    given[static_cast<std::size_t>(channel)] = true;
    StrictSink::take(channel, begin, voxels);
  }

  std::vector<bool> given;

 private:
  std::vector<bool> wanted_;
};

/// The features that a channel's own is made with, on any image channel and section, are the only others that
/// come; and what comes is what it is when all are wanted.
void expect_wanted_alone(const FeatureSet& set, const std::vector<bool>& wanted) {
  const Extent extent{5, 24, 30};
  std::vector<Array3<float>> images;
  std::vector<View3<const float>> views;
  for (int i = 0; i < set.image_channels(); ++i)
    images.push_back(test::random_volume(extent, static_cast<std::uint64_t>(i) + 1));
  for (const auto& image : images) views.push_back(image.view());
  StrictSink all(set.channel_count(), extent);
  compute_features(set, views, {0, 0, 0}, extent, all);
  ChoosySink some(wanted, extent);
  compute_features(set, views, {0, 0, 0}, extent, some);
  const auto names = set.channel_names();
  for (std::size_t f = 0; f < set.features().size(); ++f)
    for (int image = 0; image < set.image_channels(); ++image) {
      const int reach = set.scales()[set.features()[f].scale].is_2d() ? set.sections() : 0;
      std::vector<std::size_t> together;
      for (int dz = -reach; dz <= reach; ++dz)
        for (int i = 0; i < set.channels_of(f); ++i)
          together.push_back(static_cast<std::size_t>(set.first_channel(f, dz, image) + i));
      const bool any = std::ranges::any_of(together, [&](std::size_t c) { return wanted[c]; });
      for (const std::size_t c : together) {
        EXPECT_EQ(some.given[c], any) << names[c];
        if (!any) continue;
        EXPECT_EQ(test::differences(some.values[c].view(), all.values[c].view()), 0) << names[c];
      }
    }
}

TEST(ChannelSink, IsNotGivenFeaturesOfWhichItWantsNoChannel) {
  for (const FilterDialect dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2})
    for (const Dimensions dimensions : {Dimensions::three, Dimensions::two}) {
      FeatureSelection selection = test::selection_of(test::all_kinds, {0.7, 1.6}, dimensions);
      selection.dialect = dialect;
      selection.image_channels = 2;
      if (dimensions == Dimensions::two && dialect == FilterDialect::ilastik) selection.sections = 1;
      const FeatureSet set(selection, std::nullopt);
      const auto count = static_cast<std::size_t>(set.channel_count());
      Random random(4);
      for (const std::uint32_t one_of : {2U, 5U, 30U}) {
        std::vector<bool> wanted(count);
        for (std::size_t c = 0; c < count; ++c) wanted[c] = random.below(one_of) == 0;
        expect_wanted_alone(set, wanted);
      }
      for (std::size_t c = 0; c < count; c += 5) {  // one alone
        std::vector<bool> wanted(count);
        wanted[c] = true;
        expect_wanted_alone(set, wanted);
      }
      expect_wanted_alone(set, std::vector<bool>(count, false));
    }
}

TEST(ChannelArrays, TakeVoxelsCountedFromTheirFirst) {
  Array3<float> array({2, 3, 4});
  const std::vector<View3<float>> views{array.view()};
  ChannelArrays sink(views, {5, 6, 7});
  EXPECT_EQ(sink.room(0, {5, 6, 7}, 4), array.data());
  EXPECT_EQ(sink.room(0, {6, 8, 9}, 2), &array(1, 2, 2));
}

}  // namespace
}  // namespace cleft
