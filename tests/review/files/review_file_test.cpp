#include "review/files/review_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "review/review_test.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using enum Verdict;

/// As the page writes it, with JSON.stringify(…, null, 1).
const std::string written = R"({
 "format": "cleft review",
 "version": 1,
 "run": {
  "table": "0123456789abcdef",
  "model": "fedcba9876543210"
 },
 "chosen": {
  "how": "sample",
  "ids": [
   2,
   4
  ]
 },
 "decisions": {
  "2": "accept",
  "4": "reject",
  "10": "unsure"
 },
 "missed": [
  [
   0,
   7,
   19
  ]
 ]
}
)";

class ReviewFile : public testing::Test {
 protected:
  Review read(const std::string& text) {
    test::write_bytes(file_, text);
    return read_review(file_, run_);
  }
  /// What is said of a file in which one part is another.
  std::string problem_with(const std::string& part, const std::string& instead) {
    std::string text = written;
    const auto at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return problem_of(text.replace(at, part.size(), instead));
  }
  std::string problem_of(const std::string& text) {
    try {
      read(text);
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(file_.string()));
      return error.what();
    }
    return "nothing";
  }

  test::TempDirectory directory_;
  std::filesystem::path file_ = directory_ / "review.json";
  ReviewedRun run_{.directory = "results",
                   .table = "0123456789abcdef",
                   .model = "fedcba9876543210",
                   .rows = test::table_of(9, 3),
                   .extent = {10, 8, 20}};
};

TEST_F(ReviewFile, is_read_as_the_page_writes_it) {
  const Review review = read(written);
  EXPECT_EQ(review.name, file_.string());
  EXPECT_EQ(review.how, ChooseBy::sample);
  EXPECT_THAT(review.chosen, ElementsAre(2, 4));
  EXPECT_THAT(review.verdicts, ElementsAre(Pair(2, accept), Pair(4, reject), Pair(10, unsure)));
  EXPECT_THAT(review.missed, ElementsAre(GlobalVoxel{0, 7, 19}));
}

TEST_F(ReviewFile, of_something_else_is_refused) {
  EXPECT_THAT(problem_with("0123456789abcdef", "1123456789abcdef"), HasSubstr("is of another run's table"));
  EXPECT_THAT(problem_with("fedcba9876543210", "1edcba9876543210"), HasSubstr("is of another model"));
  EXPECT_THAT(problem_with("cleft review", "cleft report"), HasSubstr("is no review"));
  EXPECT_THAT(problem_with("\"version\": 1", "\"version\": 2"), HasSubstr("has version 2"));
  EXPECT_THAT(problem_with("\"version\": 1", "\"version\": \"1\""), HasSubstr("has version \"1\""));
}

TEST_F(ReviewFile, with_unknown_ids_or_verdicts_is_refused) {
  for (const auto* id :
       {"\"0\"", "\"13\"", "\"02\"", "\"-2\"", "\"2.0\"", "\"two\"", "\"\"", "\"18446744073709551618\""})
    EXPECT_THAT(problem_with("\"2\"", id), HasSubstr(std::string("decides on ") + id));
  EXPECT_THAT(problem_with("\"accept\"", "\"accepted\""), HasSubstr("the verdict \"accepted\" on object 2"));
  EXPECT_THAT(problem_with("\"accept\"", "null"), HasSubstr("the verdict null on object 2"));
  EXPECT_THAT(problem_with("   2,", "   13,"), HasSubstr("chosen object 13"));
  EXPECT_THAT(problem_with("   2,", "   4,"), HasSubstr("do not ascend"));
  EXPECT_THAT(problem_with("   2,", "   \"2\","), HasSubstr("chosen object \"2\""));
  EXPECT_THAT(problem_with("\"sample\"", "\"best\""), HasSubstr("chosen.how \"best\""));
  EXPECT_THAT(problem_with("\"sample\"", "\"all\""), HasSubstr("but 1 was not"));
}

TEST_F(ReviewFile, with_places_outside_the_volume_is_refused) {
  for (const auto* place : {"10, 7, 19", "0, 8, 19", "0, 7, 20", "-1, 7, 19", "0.5, 7, 19", "0, 7",
                            "0, 7, 19, 1", "null, 7, 19", "0, 7, 1e30"})
    EXPECT_THAT(problem_with("0,\n   7,\n   19", place), HasSubstr("has the missed place")) << place;
  EXPECT_THAT(problem_with("[\n  [\n   0,\n   7,\n   19\n  ]\n ]", "{}"), HasSubstr("no list"));
}

TEST_F(ReviewFile, that_is_cut_short_or_says_things_twice_is_refused) {
  for (std::size_t length = 0; length + 1 < written.size() - 1; length += 7)
    EXPECT_THAT(problem_of(written.substr(0, length)), HasSubstr("is no JSON")) << length;
  EXPECT_THAT(problem_with("\"4\": \"reject\"", "\"2\": \"reject\""), HasSubstr("the member \"2\" twice"));
  EXPECT_THAT(problem_with("\"missed\"", "\"mised\""), HasSubstr("has no member \"missed\""));
  EXPECT_THAT(problem_with("\"version\": 1,", "\"version\": 1, \"who\": 3,"),
              HasSubstr("has a member \"who\""));
  EXPECT_THAT(problem_of("[]"), HasSubstr("is no review"));
  EXPECT_THAT(problem_of(std::string(100'000, '[')), HasSubstr("nested"));
}

TEST_F(ReviewFile, larger_than_64_mib_is_refused_and_one_of_that_size_is_read) {
  const std::size_t most = std::size_t{64} << 20U;
  EXPECT_EQ(read(written + std::string(most - written.size(), ' ')).verdicts.size(), 3U);
  EXPECT_THAT(problem_of(written + std::string(most + 1 - written.size(), ' ')),
              HasSubstr("at most 67108864 bytes"));
}

TEST_F(ReviewFile, that_is_no_file_is_refused) {
  EXPECT_THROW(read_review(directory_ / "none.json", run_), InputError);
  EXPECT_THROW(read_review(directory_ / "", run_), InputError);
}

}  // namespace
}  // namespace cleft
