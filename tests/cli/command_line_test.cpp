#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/version.hpp"
#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using Words = std::vector<std::string>;

TEST(CommandLine, help_and_version_are_asked_for_and_printed_once) {
  for (const int ranks : {0, 3}) {
    const Outcome version_asked = run_cleft({"--version"}, ranks);
    EXPECT_EQ(version_asked.exit_code, 0);
    EXPECT_THAT(version_asked.out, MatchesRegex("cleft " + std::string(version()) + " \\([0-9a-z.-]+\\)\n"));
    const Outcome help = run_cleft({"--help"}, ranks);
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_EQ(help.out.find("Usage:"), help.out.rfind("Usage:"));
    EXPECT_EQ(help.err, "");
  }
}

/// The commands that `cleft --help` lists.
Words commands() {
  std::istringstream help(run_cleft({"--help"}).out);
  Words names;
  bool listing = false;
  for (std::string line; std::getline(help, line) && (!listing || !line.empty());) {
    if (listing) names.push_back(line.substr(2, line.find(' ', 2) - 2));
    listing = listing || line == "Subcommands:";
  }
  return names;
}

TEST(CommandLine, every_command_explains_itself_with_an_example) {
  const Words names = commands();
  EXPECT_FALSE(names.empty());
  for (const auto& name : names) {
    const Outcome help = run_cleft({name, "--help"});
    EXPECT_EQ(help.exit_code, 0) << name;
    EXPECT_THAT(help.out, HasSubstr("Usage: cleft " + name)) << name;
    EXPECT_THAT(help.out, HasSubstr("Example:")) << name;
    EXPECT_THAT(help.out, HasSubstr("cleft " + name + " ")) << name;
  }
}

TEST(CommandLine, a_typo_is_an_error_that_names_the_nearest_known_word) {
  for (const int ranks : {0, 2}) {
    const auto errors_of = [&](const Words& words) {
      const Outcome outcome = run_cleft(words, ranks);
      EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
      EXPECT_EQ(outcome.errors().size(), 1U) << outcome.err;
      EXPECT_EQ(outcome.out.find("Usage"), std::string::npos);
      return outcome.errors();
    };
    EXPECT_THAT(
        errors_of({"confg", "run.yaml"}),
        ElementsAre(
            "error: confg: not a command of cleft; expected one that 'cleft --help' lists; the nearest is "
            "config"));
    EXPECT_THAT(
        errors_of({"config", "--shwo", "run.yaml"}),
        ElementsAre(
            "error: --shwo: not an option of 'cleft config'; expected one that 'cleft config --help' lists; "
            "the nearest is --show"));
    EXPECT_THAT(errors_of({"config", "--shwo=yes", "run.yaml"}),
                ElementsAre(HasSubstr("the nearest is --show")));
    EXPECT_THAT(errors_of({"--lgo", "json", "config", "run.yaml"}),
                ElementsAre(HasSubstr("the nearest is --log")));
  }
}

TEST(CommandLine, no_word_at_all_and_help_show_the_help) {
  const std::string help = run_cleft({"--help"}).out, of_detect = run_cleft({"detect", "--help"}).out;
  for (const int ranks : {0, 2}) {
    for (const Words& words : {Words{}, Words{"help"}}) {
      const Outcome outcome = run_cleft(words, ranks);
      EXPECT_EQ(outcome.exit_code, 0);
      EXPECT_EQ(outcome.out, help);
    }
    EXPECT_EQ(run_cleft({"help", "detect"}, ranks).out, of_detect);
  }
  EXPECT_THAT(run_cleft({"help", "detekt"}).errors(), ElementsAre(HasSubstr("the nearest is detect")));
}

TEST(CommandLine, options_of_other_programs_are_answered_with_what_cleft_has) {
  const auto error_of = [](const Words& words) { return run_cleft(words).errors().at(0); };
  EXPECT_THAT(error_of({"detect", "run.yaml", "--threads", "4"}), HasSubstr("--set run.threads_per_rank=4"));
  EXPECT_THAT(error_of({"detect", "run.yaml", "-j4"}), HasSubstr("run.threads_per_rank"));
  EXPECT_THAT(error_of({"-n", "4", "detect", "run.yaml"}), HasSubstr("expected mpirun -n 4 cleft"));
  EXPECT_THAT(error_of({"train", "run.yaml", "-n", "4"}), HasSubstr("expected mpirun -n 4 cleft"));
  EXPECT_THAT(error_of({"import", "s", "v.h5", "--voxel-size", "47.5", "4.6", "4.6"}),
              HasSubstr("numbers of one option with commas between them"));
  EXPECT_THAT(error_of({"import", "s1.tif", "s2.tif", "s3.tif", "v.h5"}), HasSubstr("a pattern in quotes"));
}

TEST(CommandLine, an_option_never_becomes_the_value_of_another) {
  const Outcome outcome = run_cleft({"config", "run.yaml", "--set", "--show"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors(),
              ElementsAre("error: --set: '--show' where its value should be; expected a value (a file "
                          "named so is written './--show')"));
}

TEST(CommandLine, missing_and_superfluous_words_are_errors) {
  const auto errors_of = [](const Words& words) {
    const Outcome outcome = run_cleft(words);
    EXPECT_EQ(outcome.exit_code, 1);
    return outcome.errors();
  };
  EXPECT_THAT(errors_of({"--log", "text"}),
              ElementsAre("error: cleft: no command; expected one of those that 'cleft --help' lists"));
  EXPECT_THAT(errors_of({"config"}), ElementsAre(HasSubstr("error: cleft config: CONFIG is required")));
  EXPECT_THAT(errors_of({"config", "a.yaml", "b.yaml"}),
              ElementsAre(HasSubstr("error: b.yaml: one argument too many")));
  EXPECT_THAT(errors_of({"config", "a.yaml", "--set"}), ElementsAre(HasSubstr("--set")));
  EXPECT_THAT(errors_of({"detect", "a.yaml", "--stage", "1"}),
              ElementsAre(HasSubstr("--stage: '1' is none of all, predict, segment")));
  EXPECT_THAT(errors_of({"--log", "xml", "config", "a.yaml"}),
              ElementsAre(HasSubstr("--log: 'xml' is none of text, json")));
}

TEST(CommandLine, json_log_is_one_valid_object_per_line_also_for_usage_errors) {
  for (const Words& words :
       {Words{"--log", "json", "config", "no \"such\" file\\.yaml"},
        Words{"config", "--log=json", "a.yaml", "--set", "x"}, Words{"config", "--log", "json", "--x"}}) {
    const Outcome outcome = run_cleft(words);
    EXPECT_EQ(outcome.exit_code, 1);
    const auto line = nlohmann::json::parse(outcome.err);
    EXPECT_EQ(line["level"], "error");
    EXPECT_EQ(line["rank"], 0);
  }
}

}  // namespace
}  // namespace cleft
