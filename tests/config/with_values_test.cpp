#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/load.hpp"
#include "config/show.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Config parsed() {
  return parse_config("threshold: {sigma: 2, core_ratio: 10}\nfilter: {min_size: 100}\n", "/data/run.yaml");
}

Config with(const std::vector<std::string>& assignments) {
  return with_values(parsed(), assignments, "--sweep");
}

std::string refusal(const std::vector<std::string>& assignments) {
  try {
    with(assignments);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(WithValues, ReplacesTheseAndNothingElse) {
  EXPECT_THAT(differing_keys(parsed(), with({}), MayDiffer::how_it_runs), IsEmpty());
  const Config config = with({"threshold.core_ratio=3", "filter.min_size=7"});
  EXPECT_EQ(config.threshold.core_ratio, 3);
  EXPECT_EQ(config.filter.min_size, 7);
  EXPECT_THAT(differing_keys(parsed(), config, MayDiffer::how_it_runs),
              testing::UnorderedElementsAre("threshold.core_ratio", "filter.min_size"));
}

TEST(WithValues, IsWhatTheSameSetsWouldRead) {
  const std::vector<std::string> sets{"threshold.sigma_nm=16", "filter.max_volume_nm3=1000000",
                                      "components.split=distance", "components.split_distance_nm=70"};
  const Config set = parse_config("threshold: {sigma: 2, core_ratio: 10}\nfilter: {min_size: 100}\n",
                                  "/data/run.yaml", sets);
  EXPECT_THAT(differing_keys(set, with(sets), MayDiffer::how_it_runs), IsEmpty());
}

TEST(WithValues, OfKeysThatStandForEachOtherTheLaterCounts) {
  const Config nm = with({"threshold.sigma_nm=16"});
  EXPECT_EQ(shown_value(nm, "threshold.sigma_nm"), "16");
  const Config voxels = with_values(nm, std::vector<std::string>{"threshold.sigma=3"}, "--sweep");
  EXPECT_EQ(shown_value(voxels, "threshold.sigma_nm"), "none");
  EXPECT_EQ(voxels.threshold.sigma, (PerAxis<double>{3, 3, 3}));
}

TEST(WithValues, NamesWhoGaveAValueThatIsNone) {
  EXPECT_THAT(refusal({"threshold.core_ratio=much"}), HasSubstr("--sweep"));
  EXPECT_THAT(refusal({"threshold.core=3"}), HasSubstr("threshold.core"));
  EXPECT_THAT(refusal({"threshold.reference_ratio=20"}), HasSubstr("reference_ratio"));
}

}  // namespace
}  // namespace cleft
