#include "cli/usage.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

/// A small command line with what matters: two commands, options with one or three values, a flag, a file.
struct Line {
  Line() {
    CLI::App* cut = app.add_subcommand("cut");
    cut->add_option("input", input)->required();
    cut->add_option("--output,-o", output);
    cut->add_option("--offset", offset)->expected(3);
    cut->add_flag("--overwrite", overwrite);
    app.add_subcommand("count")->add_option("--limit", limit)->required();
    app.require_subcommand(1);
  }

  /// What is wrong with these words, as cleft says it; empty when nothing is.
  std::string complaint(std::vector<std::string> words) {
    std::vector<std::string> backwards(words.rbegin(), words.rend());  // as CLI11 takes them
    try {
      app.parse(backwards);
      refuse_options_as_values(app);
    } catch (const CLI::ParseError& error) {
      return usage_error(app, error).what();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  CLI::App app{"", "tool"};
  std::string input, output;
  std::vector<double> offset;
  double limit = 0;
  bool overwrite = false;
};

std::string complaint(const std::vector<std::string>& words) {
  return Line().complaint(words);
}

TEST(Usage, AcceptsWhatIsRight) {
  Line line;
  EXPECT_EQ(line.complaint({"cut", "a.h5", "--output", "b.h5", "--offset", "1", "2", "3", "--overwrite"}),
            "");
  EXPECT_EQ(line.output, "b.h5");
  EXPECT_EQ(line.offset, (std::vector<double>{1, 2, 3}));
}

TEST(Usage, NamesTheNearestCommand) {
  EXPECT_EQ(complaint({"cutt"}),
            "cutt: not a command of tool; expected one that 'tool --help' lists; the nearest is cut");
  EXPECT_EQ(complaint({"conut", "--limit", "5"}),
            "conut: not a command of tool; expected one that 'tool --help' lists; the nearest is count");
}

TEST(Usage, NamesTheNearestOptionOfTheCommand) {
  EXPECT_EQ(complaint({"cut", "a.h5", "--ouput", "b.h5"}),
            "--ouput: not an option of 'tool cut'; expected one that 'tool cut --help' lists; the nearest is "
            "--output");
  EXPECT_EQ(complaint({"cut", "a.h5", "--overwrit"}).substr(0, 33), "--overwrit: not an option of 'too");
}

TEST(Usage, TellsAnOptionFromItsValue) {
  EXPECT_EQ(complaint({"cut", "a.h5", "--ouput=b.h5"}), complaint({"cut", "a.h5", "--ouput", "b.h5"}));
}

/// A typo hides what it should have given: the typo is what to mend.
TEST(Usage, SpeaksOfTheTypoEvenWhenSomethingIsMissing) {
  EXPECT_EQ(complaint({"count", "--limt", "5"}),
            "--limt: not an option of 'tool count'; expected one that 'tool count --help' lists; the nearest "
            "is --limit");
  EXPECT_EQ(complaint({"cut", "--overwite"}),
            "--overwite: not an option of 'tool cut'; expected one that 'tool cut --help' lists; the nearest "
            "is --overwrite");
}

TEST(Usage, NamesAnArgumentTooMany) {
  EXPECT_EQ(complaint({"cut", "a.h5", "c.h5"}),
            "c.h5: one argument too many for 'tool cut', see 'tool cut --help'");
}

TEST(Usage, NamesTheCommandThatLacksSomething) {
  const std::string missing = complaint({"cut"});
  EXPECT_EQ(missing.substr(0, 10), "tool cut: ");
  EXPECT_NE(missing.find("input"), std::string::npos) << missing;
  EXPECT_NE(missing.find(", see 'tool cut --help'"), std::string::npos) << missing;
  EXPECT_EQ(complaint({}).substr(0, 6), "tool: ");
}

TEST(Usage, SaysWhichValueIsNoNumber) {
  const std::string wrong = complaint({"count", "--limit", "many"});
  EXPECT_EQ(wrong.substr(0, 12), "tool count: ");
  EXPECT_NE(wrong.find("--limit"), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("many"), std::string::npos) << wrong;
  const std::string comma = complaint({"count", "--limit", "4,6"});
  EXPECT_NE(comma.find("4,6 (numbers are written 4.6 or 1000, without a comma), see"), std::string::npos)
      << comma;
}

TEST(OptionsAsValues, AreRefusedWhereTheValueWasForgotten) {
  EXPECT_EQ(complaint({"cut", "a.h5", "--output=--overwrite"}),
            "--output: '--overwrite' where its value should be; expected a value (a file named so is written "
            "'./--overwrite')");
  EXPECT_EQ(complaint({"cut", "a.h5", "--output=-o"}).substr(0, 14), "--output: '-o'");
}

TEST(OptionsAsValues, NegativeNumbersAndASingleDashAreValues) {
  Line line;
  EXPECT_EQ(line.complaint({"cut", "a.h5", "--offset", "-1", "-2.5", "-3e-4", "--output", "-"}), "");
  EXPECT_EQ(line.offset, (std::vector<double>{-1, -2.5, -3e-4}));
  EXPECT_EQ(line.output, "-");
  EXPECT_EQ(Line().complaint({"cut", "a.h5", "--output", "-8,8,8"}), "");
  EXPECT_EQ(Line().complaint({"cut", "a.h5", "--output=-.5,8"}), "");
}

}  // namespace
}  // namespace cleft
