#include "io/volume/axis_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;
using Positions = PerAxis<std::size_t>;

constexpr auto none = AxisPositions::none;

AxesInFile says(const std::string& letters) {
  return {letters, "a.h5:/d attribute axistags"};
}

AxisPositions positions(const Lengths& shape, const std::optional<AxesInFile>& in_file = std::nullopt,
                        const ReadOptions& options = {}) {
  return axis_positions("a.h5:/d", axis_order("a.h5:/d", shape, in_file, options), shape, options.axes_key);
}

ReadOptions stating(const std::string& axes) {
  return {.axes = axes, .axes_key = "run.yaml:3: volume.axes"};
}

TEST(AxisOrder, OfADatasetThatSaysNothingIsZyxAndSingletonsAreSetAside) {
  EXPECT_EQ(positions({2, 3, 4}).space, (Positions{0, 1, 2}));
  EXPECT_EQ(positions({2, 3, 4, 1}).space, (Positions{0, 1, 2}));
  EXPECT_EQ(positions({1, 2, 3, 4}).space, (Positions{1, 2, 3}));
  EXPECT_EQ(positions({2, 1, 3, 4}).space, (Positions{0, 2, 3}));
  EXPECT_EQ(positions({1, 2, 3, 4, 1}).space, (Positions{1, 2, 3}));
  EXPECT_EQ(positions({1, 1, 512, 1}).space, (Positions{0, 1, 2}));
  EXPECT_EQ(positions({2, 3, 4, 1}).channel, none);
}

TEST(AxisOrder, IsWhatTheFileStates) {
  EXPECT_EQ(positions({1, 1, 5, 6}, says("zcyx")).space, (Positions{0, 2, 3}));
  EXPECT_EQ(positions({1, 4, 5, 6, 1}, says("tzyxc")).space, (Positions{1, 2, 3}));
  EXPECT_EQ(positions({6, 5, 4}, says("xyz")).space, (Positions{2, 1, 0}));
  const AxisPositions channels = positions({3, 4, 5, 6}, says("cxzy"));
  EXPECT_EQ(channels.space, (Positions{2, 3, 1}));
  EXPECT_EQ(channels.channel, 0U);
  EXPECT_FALSE(channels.in_order());
  EXPECT_TRUE(positions({2, 3, 4, 5}, says("zyxc")).in_order());
}

TEST(AxisOrder, WithoutZIsASingleSection) {
  EXPECT_EQ(positions({5, 6}, says("yx")).space, (Positions{none, 0, 1}));
  EXPECT_EQ(positions({5, 6}, std::nullopt, stating("xy")).space, (Positions{none, 1, 0}));
  EXPECT_EQ(positions({1, 5, 6}, says("tyx")).space, (Positions{none, 1, 2}));
  EXPECT_EQ(positions({5, 6, 3}, says("yxc")).channel, 2U);
}

TEST(AxisOrder, MayBeStatedWhereTheFileIsSilent) {
  EXPECT_EQ(positions({4, 5, 6, 3}, std::nullopt, stating("zyxc")).channel, 3U);
  EXPECT_EQ(positions({6, 5, 4}, std::nullopt, stating("xyz")).space, (Positions{2, 1, 0}));
  EXPECT_EQ(positions({6, 5, 4}, says("xyz"), stating("xyz")).space, (Positions{2, 1, 0}));
  EXPECT_THAT(
      [] {
        positions({6, 5, 4}, says("xyz"), stating("zyx"));
      },
      ThrowsMessage<InputError>("run.yaml:3: volume.axes: is 'zyx', but a.h5:/d attribute axistags says "
                                "'xyz'; expected the same order, or none"));
  EXPECT_THAT(
      [] {
        positions({4, 5, 6, 3}, std::nullopt, stating("zyx"));
      },
      ThrowsMessage<InputError>("run.yaml:3: volume.axes: 'zyx' names 3 axes, but a.h5:/d has 4 "
                                "(4 x 5 x 6 x 3); expected a letter for each axis, slowest first"));
}

TEST(AxisOrder, ThatIsRecordedCountsAfterWhatTheFileAndTheUserState) {
  const ReadOptions recorded{.recorded_axes = "xyzc"};
  EXPECT_EQ(positions({6, 5, 4, 2}, std::nullopt, recorded).space, (Positions{2, 1, 0}));
  EXPECT_EQ(positions({6, 5, 4, 2}, says("zyxc"), recorded).space, (Positions{0, 1, 2}));
  ReadOptions both = stating("zyxc");
  both.recorded_axes = "xyzc";
  EXPECT_EQ(positions({6, 5, 4, 2}, std::nullopt, both).space, (Positions{0, 1, 2}));
  // ilastik adds axes that the file has not.
  EXPECT_EQ(positions({6, 5, 4}, std::nullopt, recorded).space, (Positions{2, 1, 0}));
  EXPECT_EQ(positions({6, 5, 4}, std::nullopt, {.recorded_axes = "txyzc"}).space, (Positions{2, 1, 0}));
  // Of c and t the dataset has the one that its shape allows.
  EXPECT_EQ(positions({4, 5, 6, 1}, std::nullopt, {.recorded_axes = "tzyxc"}).space, (Positions{0, 1, 2}));
  EXPECT_EQ(positions({4, 5, 6, 3}, std::nullopt, {.recorded_axes = "tzyxc"}).channel, 3U);
  EXPECT_THAT(
      [] {
        positions({1, 5, 6, 3}, std::nullopt, {.recorded_axes = "tzyxc", .axes_key = "volume.axes"});
      },
      ThrowsMessage<InputError>(
          HasSubstr("a.h5:/d: has shape 1 x 5 x 6 x 3, which may be tzyx or zyxc of the "
                    "recorded axes tzyxc; expected axes that are stated")));
  // What does not fit the dataset is not of it.
  EXPECT_EQ(positions({6, 5, 4}, std::nullopt, {.recorded_axes = "yx"}).space, (Positions{0, 1, 2}));
  EXPECT_EQ(positions({6, 5, 4}, std::nullopt, {.recorded_axes = "zzz"}).space, (Positions{0, 1, 2}));
}

TEST(AxisOrder, OfNoVolumeIsRefusedWithWhatWasFoundAndTheWayOut) {
  const auto message = [](const Lengths& shape, const std::optional<AxesInFile>& in_file,
                          const std::string& text) {
    EXPECT_THAT([&] { positions(shape, in_file); }, ThrowsMessage<InputError>(HasSubstr(text)));
  };
  message({3, 4}, std::nullopt, "has 2 axes; expected 3 (z, y, x)");
  message({4}, std::nullopt, "has 1 axis; expected 3");
  message({2, 3, 4, 5}, std::nullopt, "has shape 2 x 3 x 4 x 5; expected 3 axes");
  message({4, 5, 6, 3}, says("zyxt"),
          "has axes z, y, x, t and shape 4 x 5 x 6 x 3; expected 3 axes (z, y, x), any");
  message({4, 5, 6}, says("zyxc"), "names 4 axes but has 3");
  for (const char* twice : {"yyx", "yxx", "cyyx", "yxyc", "zyz", "zcy", "zzyx"})
    message(Lengths(std::string(twice).size(), 5), says(twice),
            "expected the axes y and x once each, and z at most once");
  for (const char* twice : {"zyxcc", "czyxc", "cyxc"})
    message(Lengths(std::string(twice).size(), 5), says(twice), "expected one axis c");
  EXPECT_THAT(
      [] {
        positions({2, 3, 4, 5}, std::nullopt, {.axes_key = "run.yaml: volume.axes"});
      },
      ThrowsMessage<InputError>(HasSubstr(", or a letter for each axis as volume.axes (such as zyxc)")));
}

TEST(AxisOrder, ThatMayBeStatedHasKnownLettersOnce) {
  for (const auto* good : {"zyx", "xyz", "yx", "zyxc", "cyx", "tczyx", "xcyzt"})
    EXPECT_TRUE(is_axis_order(good)) << good;
  for (const auto* bad : {"", "zyy", "zy", "zx", "zyxcc", "zyxq", "ZYX", "zyx ", "z,y,x", "zyx?"})
    EXPECT_FALSE(is_axis_order(bad)) << bad;
}

}  // namespace
}  // namespace cleft
