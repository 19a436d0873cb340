#include "forest/files/model_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <sstream>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "features/set/feature_set.hpp"
#include "forest/train/train.hpp"
#include "io/h5/file.hpp"
#include "io/sealed_file.hpp"
#include "support/synthetic_samples.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

/// Three channels at one scale in 2D, one more at another in 3D.
FeatureSelection small_features() {
  return {.scales = {{0.7, Dimensions::two}, {1.6, Dimensions::three}},
          .features = {{FeatureKind::gaussian_smoothing, 0},
                       {FeatureKind::hessian_of_gaussian_eigenvalues, 0},
                       {FeatureKind::gaussian_gradient_magnitude, 1}},
          .sigma_unit = SigmaUnit::voxel,
          .sections = 0,
          .dialect = FilterDialect::ilastik_1_2};
}

Model small_model() {
  Samples samples = test::synthetic_samples(60, 4, 1);
  for (std::uint32_t s = 0; s < 60; ++s) samples.strokes.push_back(s / 3);
  const TrainedTrees trained = train_trees(samples, {.trees = 3}, 0, 3, 1);
  Model model;
  model.forest = trained.forest;
  model.classes = {"membrane", "synapse", "rest"};
  model.features = small_features();
  model.voxel_size = VoxelSize{45, 4.6, 4.5};
  model.grey = {"uint16", {3, 40000}};
  model.summary = summarise(samples, trained.out_of_bag);
  model.recipe = R"({"trees":3})";
  return model;
}

class ModelFile : public testing::Test {
 protected:
  test::TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "my.model.h5";

  std::string bytes() const { return test::file_bytes(path_); }
  void put(const std::string& bytes) const { test::write_bytes(path_, bytes); }
  std::string refusal() const {
    try {
      read_model(path_);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
  /// A model with a valid seal around content that was made wrong on purpose.
  void put_forged(const std::function<void(Model&)>& change) const {
    Model model = small_model();
    change(model);
    write_model(path_, model);
  }
};

TEST_F(ModelFile, GivesBackTheModelThatWasWritten) {
  Model model = small_model();
  model.checksum = write_model(path_, model);
  EXPECT_EQ(read_model(path_), model);
  model.voxel_size.reset();
  model.grey = {};
  model.checksum = write_model(path_, model);
  EXPECT_EQ(read_model(path_), model);
}

TEST_F(ModelFile, HoldsAForestWithoutAnyInnerNode) {
  Model model = small_model();
  Forest& f = model.forest;
  f.roots = {~0};
  f.left = f.right = f.channel = {};
  f.threshold = {};
  f.leaf_fractions.resize(3);
  write_model(path_, model);
  EXPECT_EQ(read_model(path_).forest, f);
}

TEST_F(ModelFile, HasTheSameBytesForTheSameModel) {
  write_model(path_, small_model());
  const std::string first = bytes();
  write_model(path_, small_model());
  EXPECT_EQ(first, bytes());
}

TEST_F(ModelFile, TravelsBetweenRanksAsAnArchive) {
  Model model = small_model();
  model.checksum = 7;
  std::stringstream stream;
  boost::archive::binary_oarchive(stream) << std::as_const(model);
  Model received;
  boost::archive::binary_iarchive(stream) >> received;
  EXPECT_EQ(received, model);
}

TEST_F(ModelFile, RefusesEveryFlippedByteAndTruncation) {
  write_model(path_, small_model());
  const std::string whole = bytes();
  for (std::size_t i = 0; i < whole.size(); i += 29) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(~static_cast<unsigned char>(flipped[i]));
    put(flipped);
    ASSERT_THAT(refusal(), testing::StartsWith(path_.string())) << "byte " << i;
  }
  for (std::size_t length = 0; length < whole.size(); length += 211) {
    put(whole.substr(0, length));
    ASSERT_THAT(refusal(), testing::StartsWith(path_.string())) << length << " bytes";
  }
}

TEST_F(ModelFile, RefusesAnHdf5FileThatIsNoModel) {
  h5::write_file(path_, [](h5::File& file) { file.write("raw", std::vector<int>{1, 2, 3}); });
  EXPECT_THAT(refusal(), testing::HasSubstr("is not a cleft model"));
  write_sealed(path_, {"cleft model", 2}, {});
  EXPECT_THAT(refusal(), testing::HasSubstr("of format 2; expected format 1"));
}

TEST_F(ModelFile, RefusesPartsThatDoNotFitEachOther) {
  const auto expect_refusal = [&](const std::function<void(Model&)>& change, const char* reason) {
    put_forged(change);
    EXPECT_THAT(refusal(), testing::AllOf(testing::StartsWith(path_.string()), testing::HasSubstr(reason)));
  };
  expect_refusal([](Model& m) { m.forest.left[0] = 1 << 30U; }, "node 0 leads to node 1073741824");
  expect_refusal([](Model& m) { m.forest.left[0] = 0; }, "leads back to node 0");
  expect_refusal([](Model& m) { m.classes.pop_back(); }, "has 2 class names; expected 3");
  expect_refusal([](Model& m) { m.classes[0] = m.classes[1]; }, "has two classes 'synapse'");
  expect_refusal([](Model& m) { m.classes[0].clear(); }, "has a class without a name");
  expect_refusal([](Model& m) { m.classes[0] = "\xff"; }, "which is not UTF-8");
  expect_refusal([](Model& m) { m.features.features.pop_back(); }, "its features have 3 channels");
  expect_refusal([](Model& m) { m.summary.importance.pop_back(); }, "training summary");
  expect_refusal(
      [](Model& m) {
        m.summary.confusion.resize(4);
        m.summary.label_counts.resize(2);
      },
      "summary");
}

TEST_F(ModelFile, RefusesNumbersThatCannotBe) {
  const auto expect_refusal = [&](const std::function<void(Model&)>& change, const char* reason) {
    put_forged(change);
    EXPECT_THAT(refusal(), testing::AllOf(testing::StartsWith(path_.string()), testing::HasSubstr(reason)));
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  expect_refusal([](Model& m) { std::fill_n(m.forest.leaf_fractions.begin(), 3, 0.0F); },
                 "of leaf 0 sum to 0");
  expect_refusal([](Model& m) { std::fill_n(m.forest.leaf_fractions.begin(), 3, 0.5F); },
                 "of leaf 0 sum to 1.5");
  expect_refusal([](Model& m) { m.voxel_size->y = -4.6; },
                 "voxel_size_nm: holds -4.6; expected lengths above 0");
  expect_refusal([=](Model& m) { m.voxel_size->z = nan; }, "voxel_size_nm: holds nan");
  expect_refusal([=](Model& m) { m.voxel_size->x = 1 / 0.0; }, "voxel_size_nm: holds inf");
  expect_refusal([](Model& m) { m.grey.range.max = std::numeric_limits<float>::infinity(); },
                 "grey_range: is no range");
  expect_refusal([](Model& m) { m.summary.label_counts[0] = -1; }, "counts less than nothing");
  expect_refusal([](Model& m) { m.summary.strokes = -1; }, "counts less than nothing");
  expect_refusal([](Model& m) { m.summary.wrong_by_stroke = m.summary.judged_by_stroke + 1; },
                 "more than there can be");
  expect_refusal([](Model& m) { m.summary.confusion[1] = std::int64_t{1} << 49U; }, "more than there can be");
  expect_refusal([=](Model& m) { m.summary.importance[0] = nan; }, "no shares of importance");
}

/// Changes an attribute of a group in a model's content, under a valid seal.
TEST_F(ModelFile, BoundsItsCountsBeforeItTakesMemoryForThem) {
  for (const char* name : {"image_channels", "sections"})
    for (const int count : {100000000, std::numeric_limits<int>::max(), -1}) {
      write_model(path_, small_model());
      const auto content = directory_ / "content.h5";
      test::write_bytes(content, bytes().substr(512));  // without the seal
      {
        h5::File file = h5::File::open_write(content);
        file.group("features").set_attribute(name, count);
      }
      write_sealed(path_, {"cleft model", 1}, test::file_bytes(content));
      EXPECT_THAT(refusal(), testing::AllOf(testing::StartsWith(path_.string()),
                                            testing::HasSubstr(fmt::format("has {} ", count))));
    }
}

TEST_F(ModelFile, RefusesReferencesThatAreNoWholeNumbers) {
  for (const char* name :
       {"forest/roots", "forest/left", "forest/channel", "features/scale", "summary/confusion"}) {
    write_model(path_, small_model());
    const auto content = directory_ / "content.h5";
    test::write_bytes(content, bytes().substr(512));  // without the seal
    {
      h5::File file = h5::File::open_write(content);
      const auto values = file.dataset(name).read<double>();
      const h5::Shape shape = file.dataset(name).shape();
      file.remove(name);
      file.write(name, values, shape);
    }
    write_sealed(path_, {"cleft model", 1}, test::file_bytes(content));
    EXPECT_THAT(refusal(), testing::HasSubstr(std::string(name) + ": holds other than whole numbers"));
  }
}

/// Content that HDF5 can read and no version of cleft would write, under a valid seal.
TEST_F(ModelFile, RefusesForgedContent) {
  const auto expect_refusal = [&](const std::function<void(h5::File&)>& fill, const char* reason) {
    h5::File file = h5::File::create_in_memory(path_);
    fill(file);
    write_sealed(path_, {"cleft model", 1}, file.image());
    EXPECT_THAT(refusal(), testing::HasSubstr(reason));
  };
  expect_refusal([](h5::File&) {}, "classes");
  expect_refusal([](h5::File& f) { f.write("classes", std::vector<int>{1}); }, "classes");
  expect_refusal(
      [](h5::File& f) {
        f.write("classes", std::vector<std::string>{"a"});
        f.create_group("forest").set_attribute("channel_count", 1);
        f.create_dataset<std::int32_t>("forest/roots", {hsize_t{1} << 50U}, {.chunks = {1024}});
      },
      "claims 1125899906842624 elements");
  put("not even HDF5");
  EXPECT_THAT(refusal(), testing::HasSubstr("is not a cleft model"));
}

TEST_F(ModelFile, OfAnImageWithOneChannelNeedNotSayHowMany) {
  Model model = small_model();
  write_model(path_, model);
  const auto content = directory_ / "content.h5";
  test::write_bytes(content, bytes().substr(512));  // without the seal
  {
    h5::File file = h5::File::open_write(content);
    const h5::Group features = file.group("features");
    ASSERT_GE(H5Adelete(features.id(), "image_channels"), 0);
  }
  const std::string older = test::file_bytes(content);
  model.checksum = write_sealed(path_, {"cleft model", 1}, older);
  EXPECT_EQ(read_model(path_), model);
}

TEST_F(ModelFile, OfVersion010NamesTheOldDialectDifferently) {
  Model model = small_model();
  ASSERT_EQ(model.features.dialect, FilterDialect::ilastik_1_2);
  write_model(path_, model);
  const auto content = directory_ / "content.h5";
  const auto put_with = [&](const char* dialect) {
    {
      h5::File file = h5::File::open_write(content);
      h5::Group features = file.group("features");
      ASSERT_GE(H5Adelete(features.id(), "structure_tensor"), 0);
      features.set_attribute("structure_tensor", dialect);
    }
    model.checksum = write_sealed(path_, {"cleft model", 1}, test::file_bytes(content));
  };
  test::write_bytes(content, bytes().substr(512));  // without the seal
  put_with("ilastik_1_2");
  EXPECT_EQ(read_model(path_), model);
  put_with("ilastik-1.3");
  EXPECT_THAT(refusal(), testing::HasSubstr("says 'ilastik-1.3'; expected one like 'ilastik'"));
}

TEST_F(ModelFile, CanBeReadFromPython) {
  if (std::system("/usr/bin/python3 -c 'import h5py' 2>/dev/null") != 0)
    GTEST_SKIP() << "skipped: no python3-h5py";
  const Model model = small_model();
  write_model(path_, model);
  const std::string script =
      "import h5py, sys\n"
      "f = h5py.File(sys.argv[1], 'r')\n"
      "t = f['forest']\n"
      "names = [n.decode() for n in f['features/channel_names'][()]]\n"
      "print([c.decode() for c in f['classes'][()]], f.attrs['voxel_size_nm'].tolist(), len(names), "
      "names[0],\n"
      "      t.attrs['channel_count'], t['roots'].shape, t['leaf_fractions'].shape, t['threshold'][0] ==\n"
      "      float(sys.argv[2]), f['summary/confusion'].shape, f['summary/importance'].shape)\n";
  test::write_bytes(directory_ / "read.py", script);
  const std::string command =
      fmt::format("/usr/bin/python3 '{}' '{}' {:.17g} > '{}' 2>&1", (directory_ / "read.py").string(),
                  path_.string(), model.forest.threshold[0], (directory_ / "out").string());
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(
      test::file_bytes(directory_ / "out"),
      fmt::format(
          "['membrane', 'synapse', 'rest'] [45.0, 4.6, 4.5] 4 GaussianSmoothing sigma=0.7 4 (3,) ({}, 3) "
          "True (3, 3) (4,)\n",
          model.forest.leaf_count()));
}

}  // namespace
}  // namespace cleft
