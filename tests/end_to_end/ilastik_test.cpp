// Projects of ilastik, run whole: against ilastik's own stored results, against an independent implementation
// of its features and forests, and against VIGRA's loader.

#include <array>
#include <filesystem>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ilastik/small_project.hpp"
#include "io/h5/file.hpp"
#include "support/run_cleft.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path shared = CLEFT_SHARED_DIR;
const std::string scripts = CLEFT_SOURCE_DIR "/tests/ilastik";
constexpr const char* python = "/usr/bin/python3";  // the one that Debian's numpy, h5py and vigra belong to

Outcome run_python(const std::vector<std::string>& arguments) {
  std::string line = std::string("timeout -k 5 200 ") + python;
  for (const std::string& argument : arguments) line += " " + shell_quoted(argument);
  return run_line(line);
}

bool python_has(const std::string& modules) {
  return run_python({"-c", "import " + modules}).exit_code == 0;
}

/// One .npy file of float32, as numpy.save writes it.
std::vector<float> read_npy(const std::filesystem::path& path) {
  const std::string bytes = file_bytes(path);
  const std::size_t header = 10 + static_cast<unsigned char>(bytes.at(8)) +
                             256 * static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(9)));
  std::vector<float> values((bytes.size() - header) / sizeof(float));
  std::copy_n(bytes.data() + header, values.size() * sizeof(float), reinterpret_cast<char*>(values.data()));
  return values;
}

/// A project and the image it is run on.
struct Case {
  std::filesystem::path project, image;
  std::string dataset;
};

class IlastikProjects : public testing::Test {
 protected:
  /// Runs a project with cleft and returns all probabilities, z, y, x, class.
  std::vector<float> run(const Case& c, int ranks, const std::vector<std::string>& settings = {}) {
    const auto results = directory_ / ("results" + std::to_string(++runs_));
    write_bytes(
        directory_ / "run.yaml",
        "volume: {path: " + c.image.string() + ", dataset: " + c.dataset + "}\nmodel: " + c.project.string() +
            "\npredict: {dtype: float32, classes: all}\nrun: {directory: " + results.string() + "}\n");
    std::vector<std::string> arguments{"detect", (directory_ / "run.yaml").string(), "--stage", "predict"};
    for (const auto& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    const Outcome outcome = run_cleft(arguments, ranks);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    last_log_ = outcome.err;
    return h5::File::open_read(results / "probability.h5").dataset("/probability").read<float>();
  }

  Case make_project(const std::string& name, const std::string& parameters) {
    const Case c{directory_ / (name + ".ilp"), directory_ / (name + ".h5"), "/raw"};
    const Outcome made =
        run_python({scripts + "/make_project.py", c.project.string(), c.image.string(), parameters});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return c;
  }

  std::vector<float> ask_oracle(const Case& c, const std::string& dialect = "ilastik") {
    const Outcome asked =
        run_python({scripts + "/answers_of_oracle.py", (shared / "oracle").string(), c.project.string(),
                    c.image.string(), c.dataset, (directory_ / "answer.npy").string(), dialect});
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    return read_npy(directory_ / "answer.npy");
  }

  /// As sign_answers.py writes it into kinds.json.
  std::string sha256_of(const std::vector<float>& values) {
    const auto file = directory_ / "values";
    write_bytes(file, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
    return run_line("sha256sum " + shell_quoted(file.string())).out.substr(0, 64);
  }

  void expect_equal(const std::vector<float>& found, const std::vector<float>& expected,
                    const std::string& what) {
    ASSERT_EQ(found.size(), expected.size()) << what;
    std::size_t differ = 0;
    for (std::size_t i = 0; i < found.size(); ++i) differ += found[i] != expected[i] ? 1 : 0;
    EXPECT_EQ(differ, 0U) << what << ": of " << found.size() << " probabilities";
  }

  TempDirectory directory_;
  int runs_ = 0;
  std::string last_log_;
};

TEST_F(IlastikProjects, GiveWhatIlastikStored) {
  const auto folder = shared / "ilastik";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: shared data not present";
  const Case modern{folder / "PixelClass3D.ilp", folder / "PixelClass3D.h5", "/raw"};
  const auto stored = h5::File::open_read(modern.image).dataset("/probabilities").read<float>();
  expect_equal(run(modern, 1), stored, "modern, 1 rank");
  expect_equal(run(modern, 3, {"run.block_shape=[17, 30, 64]"}), stored, "modern, 3 ranks");

  const Case old{folder / "PixelClassification3d.ilp", folder / "PixelClassification3d_input.h5", "/data"};
  const auto old_stored = h5::File::open_read(folder / "PixelClassification3d_probabilities.h5")
                              .dataset("/exported_data")
                              .read<float>();
  const std::string dialect = "features.structure_tensor=ilastik-1.2";
  expect_equal(run(old, 2, {dialect}), old_stored, "old, 2 ranks");
  expect_equal(run(old, 4, {dialect, "run.block_shape=[50, 13, 20]"}), old_stored, "old, 4 ranks");
}

TEST_F(IlastikProjects, OfEveryKindGiveWhatAnIndependentImplementationGives) {
  if (!python_has("vigra, h5py")) GTEST_SKIP() << "skipped: " << python << " lacks vigra or h5py";
  for (const auto& kind : nlohmann::json::parse(file_bytes(scripts + "/kinds.json"))) {
    const auto name = kind["name"].get<std::string>();
    const Case c = make_project(name, kind["parameters"].dump());
    for (const auto& [dialect, signature] : kind["sha256"].items()) {
      const std::string what = name + ", " + dialect, setting = "features.structure_tensor=" + dialect;
      const auto answers = run(c, 1, {setting});
      EXPECT_EQ(sha256_of(answers), signature.get<std::string>()) << what;
      expect_equal(run(c, 3, {setting, "run.block_shape=[7, 16, 11]"}), answers,
                   what + ", 3 ranks in blocks");
      if (std::filesystem::exists(shared / "oracle")) expect_equal(answers, ask_oracle(c, dialect), what);
    }
  }
}

TEST_F(IlastikProjects, BecomeModelsThatAnswerTheSame) {
  if (!python_has("vigra, h5py")) GTEST_SKIP() << "skipped: " << python << " lacks vigra or h5py";
  Case c = make_project("plain", R"({"trees": [3, 5, 2], "classes": 3})");
  const auto of_project = run(c, 2);
  const Outcome exported =
      run_cleft({"export-model", c.project.string(), (directory_ / "synapse.model.h5").string()});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  c.project = directory_ / "synapse.model.h5";
  expect_equal(run(c, 2), of_project, "as a model");
}

TEST_F(IlastikProjects, TakeAForestTrainedOnTheirStrokesSoThatVigraReadsIt) {
  if (!python_has("vigra, h5py")) GTEST_SKIP() << "skipped: " << python << " lacks vigra or h5py";
  Case c = make_project("plain", R"({"classes": 2})");
  write_bytes(directory_ / "train.yaml", "volume: {path: " + c.image.string() +
                                             ", dataset: /raw}\nlabels: {project: " + c.project.string() +
                                             "}\nforest: {trees: 7}\nmodel: trained.model.h5\n");
  const Outcome trained = run_cleft({"train", (directory_ / "train.yaml").string()}, 2);
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("The project's own classifier (6 trees) gets"));
  const auto copy = directory_ / "with_new_forest.ilp";
  const Outcome exported = run_cleft({"export-model", (directory_ / "trained.model.h5").string(),
                                      copy.string(), "--project", c.project.string()});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;

  // ilastik hands each forest group to VIGRA's loader.
  const Outcome loaded = run_python({"-c",
                                     "import sys, vigra; f = vigra.learning.RandomForest(sys.argv[1], "
                                     "'PixelClassification/ClassifierForests/Forest0000');"
                                     "print(f.treeCount(), f.featureCount(), f.labelCount())",
                                     copy.string()});
  EXPECT_EQ(loaded.out, "7 8 2\n") << loaded.err;

  Case with_model = c;
  with_model.project = directory_ / "trained.model.h5";
  const auto of_model = run(with_model, 1);
  c.project = copy;
  const auto of_copy = run(c, 1);
  ASSERT_EQ(of_model.size(), of_copy.size());
  // ilastik multiplies a forest's average by its number of trees and divides again: two roundings more.
  for (std::size_t i = 0; i < of_model.size(); ++i) ASSERT_NEAR(of_model[i], of_copy[i], 2e-7) << i;
  if (std::filesystem::exists(shared / "oracle")) expect_equal(of_copy, ask_oracle(c), "the copy");
}

TEST_F(IlastikProjects, BringTheirMask) {
  const auto write = [&](const std::string& name, const std::function<int(int)>& value_of_x) {
    std::vector<std::uint8_t> values;
    for (int i = 0; i < 8 * 16 * 20; ++i) values.push_back(static_cast<std::uint8_t>(value_of_x(i % 20)));
    h5::write_file(directory_ / name, [&](h5::File& file) { file.write("raw", values, {8, 16, 20}); });
  };
  write("raw.h5", [](int x) { return 10 * x; });
  write("mask.h5", [](int x) { return x < 12 ? 1 : 0; });
  const auto project_with = [&](const std::string& name, const std::string& mask) {
    write_small_project(directory_ / name, {}, [&](h5::File& file) {
      file.group("Input Data/infos/lane0000/Prediction Mask").write_text("filePath", mask);
    });
    return Case{directory_ / name, directory_ / "raw.h5", "/raw"};
  };
  const auto whole = run(project_with("without.ilp", "gone.h5/raw"), 2);
  EXPECT_THAT(last_log_,
              HasSubstr("has the mask gone.h5/raw: there is no such file: detect looks at the whole "
                        "volume (volume.mask names a mask)"));
  auto expected = whole;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (i / 2 % 20 < 12 || expected[i] == 0) continue;
    expected[i] = 0;
    ++changed;
  }
  EXPECT_GT(changed, 0U);
  expect_equal(run(project_with("with.ilp", "mask.h5/raw"), 2), expected, "with the mask");
  EXPECT_THAT(last_log_, HasSubstr("mask.h5:/raw is applied"));
  // Where nothing was looked for, nothing is judged.
  const Outcome segmented =
      run_cleft({"detect", (directory_ / "run.yaml").string(), "--set", "threshold.sigma=0"});
  ASSERT_EQ(segmented.exit_code, 0) << segmented.err;
  const auto judged = [&] {
    return run_cleft(
        {"evaluate", (directory_ / "results2").string(), "--truth", (directory_ / "raw.h5/raw").string()});
  };
  EXPECT_THAT(judged().out, HasSubstr("not judged   1024 voxels outside the mask"));
  write("mask.h5", [](int x) { return x < 13 ? 1 : 0; });
  EXPECT_EQ(judged().exit_code, 1);
  EXPECT_THAT(judged().errors(), ElementsAre(HasSubstr("mask.h5:/raw: is not what ")));
}

TEST_F(IlastikProjects, ThatCannotBeRunSayWhyInOneLine) {
  const auto folder = shared / "ilastik";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: shared data not present";
  const auto refused = [&](const std::string& project) {
    write_bytes(directory_ / "run.yaml", "volume: {path: " + (folder / "PixelClass3D.h5").string() +
                                             ", dataset: /raw}\nmodel: " + (folder / project).string() +
                                             "\nrun: {directory: results}\n");
    const Outcome outcome = run_cleft({"detect", (directory_ / "run.yaml").string()}, 2);
    EXPECT_EQ(outcome.exit_code, 1);
    return outcome.errors();
  };
  EXPECT_THAT(refused("PixelClassNoClassifier.ilp"), ElementsAre(HasSubstr("holds no trained classifier")));
  EXPECT_THAT(refused("PixelClassNoData.ilp"), ElementsAre(HasSubstr("holds no trained classifier")));
}

}  // namespace
}  // namespace cleft::test
