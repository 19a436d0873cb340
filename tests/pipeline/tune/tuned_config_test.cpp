#include "pipeline/tune/tuned_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "config/show.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const Config before = parse_config(
    "model: m.h5\nthreshold: {sigma: 2,\n  core_ratio: 10}\nfilter: {min_size: 100}\n", "/data/run.yaml");

Config with(const std::vector<std::string>& assignments) {
  return with_values(before, assignments, "tune");
}

TEST(TunedConfig, TellsWhatWasChangedAndFromWhat) {
  EXPECT_THAT(changed_values(before, before), IsEmpty());
  EXPECT_EQ(changes_text(changed_values(before, with({"threshold.core_ratio=3", "filter.min_size=30"}))),
            "threshold.core_ratio 10 -> 3, filter.min_size 100 -> 30");
}

TEST(TunedConfig, AKeyInPlaceOfAnotherWasNotGivenBefore) {
  const auto changes = changed_values(before, with({"threshold.sigma_nm=16"}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes_text(changes), "threshold.sigma_nm 16 (not given before)");
}

TEST(TunedConfig, NoSplitIsAValue) {
  EXPECT_EQ(changes_text(changed_values(before, with({"components.split=cores"}))),
            "components.split none -> cores");
  EXPECT_EQ(changes_text(changed_values(with({"components.split=cores"}), before)),
            "components.split cores -> none");
}

TEST(TunedConfig, ReadsBackAndSaysWhatStoodThereBefore) {
  const Config tuned = with({"threshold.core_ratio=3", "components.connectivity=6"});
  const std::string text = tuned_config_text(before, tuned, "changed: because");
  const Config again = parse_config(text, "/elsewhere/tuned.yaml");
  EXPECT_THAT(differing_keys(tuned, again, MayDiffer::how_it_runs), IsEmpty());
  EXPECT_THAT(text, HasSubstr("# Made by cleft tune from /data/run.yaml."));
  EXPECT_THAT(text, HasSubstr("# changed: because"));
  EXPECT_THAT(text, HasSubstr("# chosen by cleft tune; it was 10 (/data/run.yaml:3"));
  EXPECT_THAT(text, HasSubstr("# chosen by cleft tune; it was 26 (not given in /data/run.yaml)"));
}

}  // namespace
}  // namespace cleft
