#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "objects/files/object_table.hpp"
#include "support/run_cleft.hpp"

namespace cleft {
namespace {

using test::Outcome;
using test::run_cleft;
using testing::ElementsAre;
using testing::HasSubstr;

/// A truth of two bars, and a run directory whose labels have one of them and one of their own.
class EvaluateCommand : public testing::Test {
 protected:
  test::TempDirectory temp;
  const std::string results = (temp / "results").string();
  const std::string truth = (temp / "truth.h5").string() + "/synapses";

  void SetUp() override {
    std::filesystem::create_directory(results);
    const auto write = [&](const std::string& file, const std::string& dataset, std::vector<int> values) {
      h5::write_file(temp / file, [&](h5::File& h5) { h5.write(dataset, values, {1, 2, 8}); });
    };
    write("truth.h5", "synapses",
          {1, 1, 1, 0, 0, 0, 0, 0,  //
           0, 0, 0, 0, 0, 1, 1, 0});
    write("results/synapses.h5", "labels",
          {4, 4, 0, 0, 0, 0, 0, 7,  //
           0, 0, 0, 0, 0, 0, 0, 0});
  }
  Outcome evaluated(const std::vector<std::string>& options = {}, int ranks = 0) const {
    std::vector<std::string> line{"evaluate", results, "--truth", truth};
    line.insert(line.end(), options.begin(), options.end());
    return run_cleft(line, ranks);
  }
};

TEST_F(EvaluateCommand, PrintsTheAgreementAndWhereItFails) {
  for (const int ranks : {0, 2}) {
    const Outcome outcome = evaluated({}, ranks);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(
        outcome.out,
        "sections     0:1\n"
        "voxels       precision 0.6667  recall 0.4000  F1 0.5000\n"
        "objects      precision 0.5000  recall 0.5000  F1 0.5000\n"
        "intervals    precision 0.000-1.000  recall 0.000-1.000  F1 0.000-1.000  (95 %, 1000 resamplings)\n"
        "             2 truth objects, 2 detections, 1 matched by an "
        "overlap of at "
        "least 1 voxel\n"
        "missed       1\n"
        "         2  at z 0.0, y 1.0, x 5.5  2 voxels\n"
        "false        1\n"
        "         7  at z 0.0, y 0.0, x 7.0  1 voxel\n");
  }
}

TEST_F(EvaluateCommand, TakesALabelVolumeAsWellAsARunDirectory) {
  const std::string expected = evaluated().out;
  for (const char* dataset : {"", "/labels"}) {
    const Outcome outcome = run_cleft({"evaluate", results + "/synapses.h5" + dataset, "--truth", truth});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, expected);
  }
}

TEST_F(EvaluateCommand, FindsTheProbabilityOfARunDirectory) {
  h5::write_file(temp / "results/probability.h5", [](h5::File& file) {
    file.write("probability", std::vector<std::uint8_t>{9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 8},
               {1, 2, 8});
  });
  EXPECT_THAT(evaluated().out, HasSubstr("average precision 1.0000  best F1 1.0000 at 0.0353"));
}

TEST_F(EvaluateCommand, MatchesByTheCriterionAskedFor) {
  EXPECT_THAT(evaluated({"--overlap-voxels", "3"}).out,
              HasSubstr("0 matched by an overlap of at least 3 voxels"));
  EXPECT_THAT(evaluated({"--iou", "0.6"}).out,
              HasSubstr("1 matched by intersection over union of at least 0.6"));
  EXPECT_THAT(evaluated({"--iou", "0.7"}).out, HasSubstr("0 matched"));
  EXPECT_THAT(evaluated({"--min-truth", "3"}).out, HasSubstr("1 truth object (1 more too small to judge)"));
}

TEST_F(EvaluateCommand, RefusesTwoCriteria) {
  const Outcome outcome = evaluated({"--iou", "0.5", "--distance-nm", "100"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("--iou")));
}

TEST_F(EvaluateCommand, RefusesWhatIsNotARangeOrASigma) {
  for (const char* sections : {"5", ":", "", "5:5", "5:a", ":-1", "a:b", "1:2:3", "-1:2"}) {
    const Outcome outcome = evaluated({"--sections", sections});
    EXPECT_EQ(outcome.exit_code, 1) << sections;
    EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("--sections"))) << sections;
  }
  for (const char* sigma : {"1,2", "1,2,", "one", "1,2,3,4", "-1"}) {
    const Outcome outcome = evaluated({"--sigma", sigma});
    EXPECT_EQ(outcome.exit_code, 1) << sigma;
    EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("--sigma"))) << sigma;
  }
}

TEST_F(EvaluateCommand, TakesSectionsWithOpenEndsAsFarAsTheTruthGoes) {
  for (const char* sections : {"0:", ":1", "0:1"}) {
    const Outcome outcome = evaluated({"--sections", sections});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  const Outcome beyond = evaluated({"--sections", "3:"});
  EXPECT_EQ(beyond.exit_code, 1);
  EXPECT_THAT(beyond.errors(), ElementsAre(HasSubstr("sections 3:1 were asked for")));
}

TEST_F(EvaluateCommand, JudgesABoxAsTheConfigurationSpellsIt) {
  for (const char* box : {":, 0:1, 0:5", "0:1,0:1,:5"}) {
    const Outcome outcome = evaluated({"--box", box});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, testing::StartsWith("part         z 0:1, y 0:1, x 0:5\n"));
    EXPECT_THAT(outcome.out, HasSubstr("1 truth object, 1 detection, 1 matched"));
  }
  for (const char* box : {"5", "0:1,0:1", "0:1,0:1,5:5", "a:b,:,:", "0:1,0:1,-1:2"}) {
    const Outcome outcome = evaluated({"--box", box});
    EXPECT_EQ(outcome.exit_code, 1) << box;
    EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("is not a box such as 0:20,100:300,64:"))) << box;
  }
  EXPECT_THAT(evaluated({"--box", ":,:,:9"}).errors(),
              ElementsAre(HasSubstr("columns 0:9 were asked for; expected a part of 0:8")));
  EXPECT_THAT(evaluated({"--box", ":,:,:", "--sections", "0:1"}).errors(), ElementsAre(HasSubstr("--box")));
}

TEST_F(EvaluateCommand, DrawsAsOftenAsAskedFor) {
  EXPECT_THAT(evaluated({"--bootstrap", "0"}).out, testing::Not(HasSubstr("95 %")));
  EXPECT_THAT(evaluated({"--bootstrap", "100", "--seed", "7"}).out, HasSubstr("(95 %, 100 resamplings)"));
  for (const char* number : {"99", "-1", "many", "1e3", "1000001"}) {
    const Outcome outcome = evaluated({"--bootstrap", number});
    EXPECT_EQ(outcome.exit_code, 1) << number;
    EXPECT_THAT(outcome.errors(),
                ElementsAre(HasSubstr("is neither 0 nor a whole number from 100 to 1000000")))
        << number;
  }
}

/// A table of objects beside the labels of a run.
void write_table(const std::filesystem::path& file, const std::vector<std::uint64_t>& ids) {
  h5::File h5 = h5::File::open_write(file);
  std::vector<Synapse> rows;
  for (const std::uint64_t id : ids) {
    Synapse row;
    row.id = id;
    row.max_probability = static_cast<double>(id) / 16;
    rows.push_back(row);
  }
  write_object_table(h5, rows);
  h5.close();
}

TEST_F(EvaluateCommand, DrawsTheCurveOverARank) {
  write_table(temp / "results/synapses.h5", {4, 7});
  const std::string table = (temp / "curve.csv").string(), picture = (temp / "curve.svg").string();
  for (const std::string& name : {table, picture}) {  // the second time both are replaced
    const Outcome outcome = evaluated({"--rank", "max_probability", "--curve", name});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(
        outcome.out,
        HasSubstr("ranked       average precision 0.2500  best F1 0.5000 at 0.25  (by max_probability)\n"));
    EXPECT_EQ(test::file_bytes(table),
              "max_probability,detections,matched,false,missed,precision,recall,f1\n"
              "0.4375,1,0,1,2,0,0,0\n"
              "0.25,2,1,1,1,0.5,0.5,0.5\n");
    EXPECT_THAT(test::file_bytes(picture), HasSubstr("ranked by max_probability"));
  }
  test::write_bytes(temp / "other.svg", "<svg/>");
  const Outcome refused = evaluated({"--rank", "max_probability", "--curve", (temp / "other.csv").string()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors(),
              ElementsAre(HasSubstr("other.svg: is there already and is no picture of a curve")));
  EXPECT_FALSE(std::filesystem::exists(temp / "other.csv"));
}

TEST_F(EvaluateCommand, RefusesARankThatIsNotThere) {
  const auto errors = [&](const std::vector<std::string>& options) {
    const Outcome outcome = evaluated(options);
    EXPECT_EQ(outcome.exit_code, 1);
    return outcome.errors();
  };
  EXPECT_THAT(errors({"--rank", "max_probability"}),
              ElementsAre(HasSubstr("has no table of objects with the column 'max_probability'")));
  EXPECT_THAT(errors({"--curve", (temp / "curve.txt").string()}),
              ElementsAre(HasSubstr("does not end in .csv or .svg")));
  write_table(temp / "results/synapses.h5", {4});
  EXPECT_THAT(errors({"--rank", "beauty"}),
              ElementsAre(testing::AllOf(HasSubstr("the column 'beauty'"),
                                         HasSubstr("mean_probability, max_probability"))));
  EXPECT_THAT(errors({"--rank", "max_probability"}),
              ElementsAre(HasSubstr("has the object 7, but no row of it")));
}

TEST_F(EvaluateCommand, RefusesNumbersThatNothingCanBeMatchedBy) {
  for (const auto& [option, value] : {std::pair{"--distance-nm", "nan"},
                                      {"--iou", "0"},
                                      {"--iou", "1.1"},
                                      {"--truth-gap-nm", "-1"},
                                      {"--overlap-voxels", "0"}}) {
    const Outcome outcome = evaluated({option, value});
    EXPECT_EQ(outcome.exit_code, 1) << option;
    EXPECT_THAT(outcome.errors(),
                ElementsAre(HasSubstr(std::string(option) + ": '" + value + "' is not a ")));
  }
}

TEST_F(EvaluateCommand, NamesTheFileThatIsMissing) {
  std::filesystem::remove(temp / "truth.h5");
  const Outcome outcome = evaluated({}, 2);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr("truth.h5")));
}

TEST_F(EvaluateCommand, ReplacesItsOwnReportAndNothingElse) {
  const std::string report = (temp / "judged.json").string();
  for (int times = 0; times < 2; ++times) EXPECT_EQ(evaluated({"--json", report}).exit_code, 0);
  const std::string before = test::file_bytes(temp / "truth.h5");
  for (const auto& [target, found] :
       {std::pair{(temp / "truth.h5").string(), "is there already and is no report of cleft evaluate"},
        {results, "is a directory; expected a new name, or a report of cleft evaluate to replace"}}) {
    const Outcome outcome = evaluated({"--json", target});
    EXPECT_EQ(outcome.exit_code, 1) << target;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.errors(), ElementsAre(HasSubstr(target + ": " + found)));
  }
  EXPECT_EQ(test::file_bytes(temp / "truth.h5"), before);
}

TEST_F(EvaluateCommand, ExplainsItself) {
  const Outcome outcome = run_cleft({"evaluate", "--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* word : {"--truth-gap-nm", "--iou", "--distance-nm", "Example:"})
    EXPECT_THAT(outcome.out, HasSubstr(word));
}

TEST_F(EvaluateCommand, FindsTheProbabilityInAFileOfCleft) {
  h5::write_file(temp / "p.h5", [](h5::File& file) {
    file.write("probability", std::vector<std::uint8_t>{9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 8},
               {1, 2, 8});
    file.write("manifest", std::vector<std::uint8_t>{1}, {1});
    file.write("checksums", std::vector<std::uint64_t>{1}, {1});
  });
  const Outcome outcome = evaluated({"--probability", (temp / "p.h5").string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("average precision 1.0000"));
}

TEST_F(EvaluateCommand, AsksForADatasetAsTheCommandLineNamesIt) {
  h5::write_file(temp / "two.h5", [](h5::File& file) {
    for (const char* name : {"a", "b"}) file.write(name, std::vector<std::uint8_t>(16), {1, 2, 8});
  });
  const Outcome outcome = run_cleft({"evaluate", results, "--truth", (temp / "two.h5").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors(),
              ElementsAre("error: " + (temp / "two.h5").string() +
                          ": holds several datasets (/a, /b), and the path names none of them; expected one "
                          "of them behind the file, as in " +
                          (temp / "two.h5/a").string()));
}

TEST_F(EvaluateCommand, ShowsWhatIsUndefined) {
  for (const char* file : {"truth.h5", "results/synapses.h5"})
    h5::write_file(temp / file, [&](h5::File& h5) {
      h5.write(std::string(file) == "truth.h5" ? "synapses" : "labels", std::vector<int>(16), {1, 2, 8});
    });
  const std::string report = (temp / "judged.json").string();
  const Outcome outcome = evaluated({"--json", report});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("objects      precision undefined  recall undefined  F1 undefined\n"));
  EXPECT_THAT(outcome.err, HasSubstr("truth.h5:/synapses: no object in what is judged (16 voxels of "));
  EXPECT_THAT(test::file_bytes(report), HasSubstr("\"f1\": null"));
}

TEST_F(EvaluateCommand, AVoxelSizeOverrulesTheFiles) {
  for (const auto& [name, nm] : {std::pair{"truth.h5", 8.0}, std::pair{"results/synapses.h5", 9.0}}) {
    h5::File file = h5::File::open_write(temp / name);
    file.dataset(std::string(name) == "truth.h5" ? "synapses" : "labels")
        .set_attribute("resolution", std::vector<double>{nm, nm, nm});
    file.close();
  }
  const Outcome refused = evaluated();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors(), ElementsAre(testing::AllOf(HasSubstr("8 x 8 x 8"), HasSubstr("9 x 9 x 9"),
                                                           HasSubstr("--voxel-size Z,Y,X"))));
  EXPECT_EQ(evaluated({"--voxel-size", "8,8,8"}).exit_code, 0);
  EXPECT_THAT(evaluated({"--voxel-size", "8,8,0"}).errors(), ElementsAre(HasSubstr("--voxel-size")));
}

TEST_F(EvaluateCommand, TheHelpSaysWhereSectionsCountFrom) {
  const Outcome outcome = run_cleft({"evaluate", "--help"});
  std::string words;
  for (const char c : outcome.out)
    if (const bool blank = c == ' ' || c == '\n'; !blank || !words.ends_with(' ')) words += blank ? ' ' : c;
  EXPECT_THAT(words, testing::AllOf(HasSubstr("counted from its own first one (with volume.box: of the box)"),
                                    HasSubstr("its attribute first_section, which counts in the volume")));
}

TEST_F(EvaluateCommand, TakesPointsForATruth) {
  const std::string points = (temp / "p.csv").string();
  test::write_bytes(points, "z,y,x,class,sure\n0,0,0.5,synapse,3\n0,1,3,synapse,2\n0,0,7,ignore,1\n");
  const auto by_points = [&](const std::vector<std::string>& options) {
    std::vector<std::string> line{"evaluate", results, "--truth-points", points, "--voxel-size", "10,10,10"};
    line.insert(line.end(), options.begin(), options.end());
    return run_cleft(line);
  };
  const Outcome near = by_points({"--distance-nm", "15"});
  EXPECT_EQ(near.exit_code, 0) << near.err;
  EXPECT_EQ(
      near.out,
      "sections     0:1\n"
      "objects      precision 1.0000  recall 0.5000  F1 0.6667\n"
      "intervals    precision 1.000-1.000  recall 0.000-1.000  F1 0.000-1.000  (95 %, 1000 resamplings)\n"
      "             2 points of class synapse (1 of class ignore, 0 not judged), 2 detections, 1 matched "
      "by a nearest voxel at most 15 nm away\n"
      "missed       1\n"
      "  line     3  at z 0.0, y 1.0, x 3.0\n"
      "false        0\n"
      "not judged   1 detection, only near points that are not judged\n"
      "         7  at z 0.0, y 0.0, x 7.0  1 voxel\n");
  EXPECT_THAT(by_points({}).out, HasSubstr("2 matched by a nearest voxel at most 80 nm away"));
  EXPECT_THAT(by_points({"--truth-class", "ignore", "--distance-nm", "15"}).out,
              HasSubstr("1 point of class ignore (0 of class ignore, 0 not judged)"));
  EXPECT_THAT(by_points({"--iou", "0.5"}).errors(), ElementsAre(HasSubstr("--truth-points excludes --iou")));
  EXPECT_THAT(by_points({"--truth", truth}).errors(), ElementsAre(HasSubstr("excludes --truth")));
  EXPECT_THAT(run_cleft({"evaluate", results}).errors(),
              ElementsAre(HasSubstr("--truth, --truth-points or --review is required")));
}

}  // namespace
}  // namespace cleft
