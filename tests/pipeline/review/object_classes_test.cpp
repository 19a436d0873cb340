#include "pipeline/review/object_classes.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::ThrowsMessage;

Config with_classes(std::vector<std::string> classes) {
  Config config;
  config.classes = std::move(classes);
  return config;
}

std::optional<RunProbability> stored(std::vector<std::string> classes) {
  return RunProbability{.file = "probability.h5", .classes = std::move(classes)};
}

TEST(TaughtClasses, of_rejected_objects_are_the_stored_ones_and_the_rest_where_these_do_not_tell) {
  const auto classes = taught_classes(with_classes({"membrane", "synapse", "rest"}), {},
                                      stored({"membrane", "synapse", "rest"}), true);
  EXPECT_EQ(classes.accepted, 2);
  EXPECT_EQ(classes.rejected, 0);
  EXPECT_THAT(classes.others, ElementsAre("membrane", "rest"));
  EXPECT_THAT(classes.labels_of_others, ElementsAre(1, 3));
  EXPECT_EQ(classes.undecided, 3);
  const std::vector<std::string> glia{"membrane", "synapse", "glia"};
  EXPECT_EQ(taught_classes(with_classes(glia), {}, stored(glia), true).undecided, 0) << "unlabelled";
  const std::vector<std::string> two{"other", "synapse"};
  EXPECT_EQ(taught_classes(with_classes(two), {}, stored(two), true).undecided, 1)
      << "the only other one, however likely";
}

TEST(TaughtClasses, refuse_a_stored_class_that_nobody_knows) {
  const Config config = with_classes({"membrane", "synapse", "rest"});
  EXPECT_THAT(
      [&] {
        taught_classes(config, {}, stored({"glia", "synapse", "rest"}), true);
      },
      ThrowsMessage<ConfigError>(AllOf(HasSubstr("none is called 'glia'"), HasSubstr("probability.h5"))));
}

TEST(TaughtClasses, know_no_class_of_the_rest_where_nothing_is_rejected) {
  const Config config = with_classes({"membrane", "synapse", "glia"});
  EXPECT_EQ(taught_classes(config, {}, std::nullopt, false).rejected, 0);
  EXPECT_THAT([&] { taught_classes(config, {}, std::nullopt, true); },
              ThrowsMessage<ConfigError>(
                  AllOf(HasSubstr("expected --rejected-class"), Not(HasSubstr("predict.classes")))));
  EXPECT_EQ(taught_classes(config, "glia", std::nullopt, true).rejected, 3);
  EXPECT_EQ(taught_classes(with_classes({"other", "synapse"}), {}, std::nullopt, true).rejected, 1);
  EXPECT_THAT(taught_classes(with_classes({"other", "synapse"}), {}, stored({"synapse"}), true).others,
              IsEmpty());
}

}  // namespace
}  // namespace cleft
