#include "pipeline/run/project_dialect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

Config config_of(const std::string& text) {
  return parse_config(text, "/data/run.yaml", {});
}

/// What is logged where nothing says the dialect.
std::string logged(const std::string& version) {
  IlastikProject project;
  project.path = "my.ilp";
  project.version = version;
  testing::internal::CaptureStderr();
  EXPECT_EQ(dialect_for(config_of(""), project), FilterDialect::ilastik);
  return testing::internal::GetCapturedStderr();
}

TEST(ProjectDialect, IsWhatTheConfigurationSays) {
  EXPECT_EQ(dialect_for(config_of("features: {structure_tensor: ilastik-1.2}"), {}),
            FilterDialect::ilastik_1_2);
}

TEST(ProjectDialect, ByDefaultIsThatOfTodayAndSaysSo) {
  EXPECT_THAT(logged("1.4.0"), HasSubstr("since 1.3, the default"));
  EXPECT_THAT(logged("1.4.0"), Not(HasSubstr("warning")));
  EXPECT_THAT(logged(""), Not(HasSubstr("warning")));
}

TEST(ProjectDialect, WarnsWhereTheProjectIsOlder) {
  EXPECT_THAT(logged("1.2.2rc4"), HasSubstr("add features.structure_tensor: ilastik-1.2"));
  EXPECT_THAT(logged("0.6"), HasSubstr("warning"));
}

TEST(StatedFeatureKey, IsAnyButTheDialect) {
  EXPECT_EQ(stated_feature_key(config_of("features: {structure_tensor: ilastik-1.2}")), std::nullopt);
  EXPECT_EQ(stated_feature_key(config_of("features: {color: [0.7]}")), "features.color");
}

}  // namespace
}  // namespace cleft
