#include "pipeline/detect/input_identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files/file_stamp.hpp"
#include "base/files/fingerprint.hpp"
#include "base/recipe.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

class InputIdentityTest : public testing::Test {
 protected:
  VolumePath write(const std::string& name, std::uint8_t value, hsize_t sections = 2) {
    h5::write_file(dir / name, [&](h5::File& file) {
      file.write("raw", std::vector<std::uint8_t>(sections * 12, value), {sections, 3, 4});
    });
    return {dir / name, "/raw"};
  }
  static json recipe_of(const VolumePath& volume) {
    return {{"volume", identify_input(volume).fingerprint}, {"model", "m"}};
  }
  test::TempDirectory dir;
};

TEST_F(InputIdentityTest, IsTheSameOfACopyUnderAnotherName) {
  const auto first = identify_input(write("a.h5", 1));
  EXPECT_EQ(identify_input(write("b.h5", 1)).fingerprint, first.fingerprint);
  EXPECT_NE(identify_input(write("b.h5", 2)).fingerprint, first.fingerprint);
  EXPECT_FALSE(first.state.empty());
}

TEST_F(InputIdentityTest, SaysWhetherAllOfItIsComparedAndWhenItWasWritten) {
  const auto before = stamp_of(write("small.h5", 1).file).seconds;
  const auto small = identify_input(write("small.h5", 1));
  EXPECT_FALSE(small.sampled);
  EXPECT_GE(small.changed, before);
  EXPECT_TRUE(identify_input(write("large.h5", 1, (std::size_t{5} << 20U) / 12)).sampled);
}

TEST_F(InputIdentityTest, OfAnIncompleteInputIsRefused) {
  h5::write_file(dir / "a.h5", [](h5::File& file) {
    file.create_dataset<std::uint8_t>("raw", {2, 3, 4}, {.chunks = {1, 3, 4}});
  });
  EXPECT_THAT(
      [&] {
        identify_input({dir / "a.h5", "/raw"});
      },
      ThrowsMessage<InputError>(HasSubstr("2 of its 2 chunks were never written")));
}

TEST_F(InputIdentityTest, DifferencesAreSaidInWords) {
  const json a = recipe_of(write("a.h5", 1)), b = recipe_of(write("b.h5", 2)),
             longer = recipe_of(write("c.h5", 1, 200));
  EXPECT_THAT(differences_in_words(a, a), IsEmpty());
  EXPECT_THAT(differences_in_words(a, b), ElementsAre("volume (as many bytes, but another content)"));
  EXPECT_THAT(
      differences_in_words(a, longer),
      ElementsAre("volume (axes z, y, x and shape 2 x 3 x 4 then, axes z, y, x and shape 200 x 3 x 4 now)"));
  json other = a;
  other["volume"]["type"] = "uint16";
  other["model"] = "n";
  EXPECT_THAT(differences_in_words(a, other), ElementsAre("model", "volume (uint8 then, uint16 now)"));
}

TEST_F(InputIdentityTest, ARunOf0_1_0GoesOnWithTheSameFile) {
  const VolumePath volume = write("a.h5", 1);
  const json recipe = recipe_of(volume);
  json old = recipe;
  old["volume"] = file_fingerprint_of_0_1_0(volume.file);
  const auto go_on = [&](OtherInput other) {
    return go_on_with(old, recipe, volume, std::nullopt, other).recipe;
  };
  EXPECT_THAT(differing_parts(go_on(OtherInput::refuse), old), IsEmpty());
  old["volume"]["modified"] = "2001-01-01T00:00:00.000000000Z";
  EXPECT_THAT(differences_in_words(old, go_on(OtherInput::refuse)), ElementsAre(HasSubstr("time of change")));
  EXPECT_THAT(differing_parts(go_on(OtherInput::accept), old), IsEmpty());
}

TEST_F(InputIdentityTest, WhatElseIsStoredInTheFileIsNoOtherInput) {
  const VolumePath volume = write("a.h5", 1);
  const json before = identify_input(volume).fingerprint;
  {
    auto file = h5::File::open_write(volume.file);
    file.write("labels", std::vector<std::uint8_t>(5000, 1), {50, 10, 10});
    file.dataset("/raw").set_attribute("note", "mine");
  }
  EXPECT_EQ(identify_input(volume).fingerprint, before);
  {
    auto file = h5::File::open_write(volume.file);
    file.dataset("/raw").write_part<std::uint8_t>({1, 2, 3}, {1, 1, 1}, std::vector<std::uint8_t>{2});
  }
  EXPECT_NE(identify_input(volume).fingerprint, before);
}

TEST_F(InputIdentityTest, AxesCount) {
  const VolumePath volume = write("a.h5", 1);
  const json before = identify_input(volume).fingerprint;
  {
    auto file = h5::File::open_write(volume.file);
    file.dataset("/raw").set_attribute("axistags", R"({"axes": [{"key": "x"}, {"key": "y"}, {"key": "z"}]})");
  }
  EXPECT_NE(identify_input(volume).fingerprint, before);
}

TEST_F(InputIdentityTest, ARunThatHasNotedWholeFilesGoesOnWithTheSameFile) {
  const VolumePath volume = write("a.h5", 1);
  const json recipe = recipe_of(volume);
  json old = recipe;
  const std::vector<std::filesystem::path> files{volume.file};
  old["volume"] = content_fingerprint(files);
  old["volume"]["type"] = "uint8";
  const auto go_on = [&](OtherInput other) {
    return go_on_with(old, recipe, volume, std::nullopt, other).recipe;
  };
  EXPECT_THAT(differing_parts(go_on(OtherInput::refuse), old), IsEmpty());
  h5::File::open_write(volume.file).write("labels", std::vector<std::uint8_t>{1}, {1, 1, 1});
  EXPECT_THAT(differences_in_words(old, go_on(OtherInput::refuse)),
              ElementsAre("volume (its file has changed, and the whole file is what was noted then)"));
  EXPECT_THAT(differing_parts(go_on(OtherInput::accept), old), IsEmpty());
}

TEST_F(InputIdentityTest, AVolumeThatWasPackedAgainIsAnotherAndTheReasonIsSaid) {
  const json plain = recipe_of(write("a.h5", 1));
  h5::write_file(dir / "b.h5", [](h5::File& file) {
    file.create_dataset<std::uint8_t>("raw", {2, 3, 4}, {.chunks = {1, 3, 4}})
        .write(std::vector<std::uint8_t>(24, 1));
  });
  EXPECT_THAT(differences_in_words(plain, recipe_of({dir / "b.h5", "/raw"})),
              ElementsAre("volume (contiguous then, chunks of 1, 3, 4 now: written again, perhaps with the "
                          "same values)"));
}

TEST_F(InputIdentityTest, AnotherInputIsAcceptedOnlyWhereTheUserSaysSo) {
  const VolumePath volume = write("b.h5", 2);
  const json stored = recipe_of(write("a.h5", 1)), recipe = recipe_of(volume);
  const Continuation refused = go_on_with(stored, recipe, volume, std::nullopt, OtherInput::refuse);
  EXPECT_EQ(refused.recipe, recipe);
  EXPECT_THAT(refused.accepted, IsEmpty());
  const Continuation accepted = go_on_with(stored, recipe, volume, std::nullopt, OtherInput::accept);
  EXPECT_EQ(accepted.recipe, stored);
  EXPECT_THAT(accepted.accepted,
              ElementsAre("volume " + to_string(volume) + " (as many bytes, but another content)"));
  json other_model = stored;
  other_model["model"] = "n";
  EXPECT_EQ(go_on_with(other_model, recipe, volume, std::nullopt, OtherInput::accept).recipe["model"], "m");
}

}  // namespace
}  // namespace cleft
