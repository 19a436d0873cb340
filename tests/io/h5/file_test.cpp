#include "io/h5/file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/superblock.hpp"
#include "support/file_size_limit.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

class H5 : public testing::Test {
 protected:
  test::TempDirectory dir;
  std::string path = (dir / "a.h5").string();
};

TEST_F(H5, ReadsBackEveryNumberTypeConverted) {
  h5::write_file(path, [](h5::File& file) {
    file.write<std::uint8_t>("u8", {0, 255});
    file.write<std::int16_t>("i16", {-5, 5});
    file.write<std::uint64_t>("u64", {1, ~std::uint64_t{0}});
    file.write<float>("f", {0.5F, -2.0F});
  });
  const auto file = h5::File::open_read(path);
  EXPECT_THAT(file.dataset("u8").read<double>(), ElementsAre(0, 255));
  EXPECT_THAT(file.dataset("i16").read<std::int64_t>(), ElementsAre(-5, 5));
  EXPECT_THAT(file.dataset("u64").read<std::uint64_t>(), ElementsAre(1, ~std::uint64_t{0}));
  EXPECT_THAT(file.dataset("f").read<double>(), ElementsAre(0.5, -2));
  EXPECT_THAT(file.members(), ElementsAre("f", "i16", "u64", "u8"));
}

TEST_F(H5, KeepsShapeChunksAndOrder) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  h5::write_file(path, [&](h5::File& file) {
    file.write("/deep/er/values", values, {2, 3}, {.chunks = {1, 3}, .gzip = 1, .shuffle = true});
  });
  const auto file = h5::File::open_read(path);
  const auto dataset = file.group("deep/er").dataset("values");
  EXPECT_EQ(dataset.name(), path + ":/deep/er/values");
  EXPECT_THAT(dataset.shape(), ElementsAre(2, 3));
  EXPECT_THAT(dataset.chunks(), ElementsAre(1, 3));
  EXPECT_EQ(dataset.read<float>(), values);
  std::vector<std::int32_t> part(2);
  dataset.read_part<std::int32_t>({0, 1}, {2, 1}, part);
  EXPECT_THAT(part, ElementsAre(2, 5));
}

TEST_F(H5, NamesTheFiltersOfADataset) {
  h5::write_file(path, [](h5::File& file) {
    const std::vector<std::uint64_t> values(4096, 1);
    file.write("plain", values);
    file.write("packed", values, {4096}, {.chunks = {512}, .gzip = 1, .shuffle = true});
  });
  const auto file = h5::File::open_read(path);
  EXPECT_THAT(file.dataset("plain").filters(), IsEmpty());
  EXPECT_THAT(file.dataset("packed").filters(), ElementsAre("shuffle", "deflate"));
}

TEST_F(H5, WritesAPart) {
  h5::write_file(path, [](h5::File& file) {
    auto dataset = file.write<int>("d", {0, 0, 0, 0, 0, 0}, {2, 3});
    dataset.write_part<int>({0, 1}, {2, 2}, std::vector<int>{1, 2, 3, 4});
  });
  EXPECT_THAT(h5::File::open_read(path).dataset("d").read<int>(), ElementsAre(0, 1, 2, 0, 3, 4));
}

TEST_F(H5, KeepsTextsAndAttributes) {
  h5::write_file(path, [](h5::File& file) {
    file.write("names", {"membrane", "", "r\u00e9st"});
    file.set_attribute("version", 1);
    file.set_attribute("version", 2);
    file.set_attribute("title", "first");
    file.set_attribute("sizes", std::vector<double>{0.5, 1});
    file.dataset("names").set_attribute("kinds", std::vector<std::string>{"x", "yy"});
    file.set_attribute("on", true);
  });
  const auto file = h5::File::open_read(path);
  EXPECT_THAT(file.dataset("names").read<std::string>(), ElementsAre("membrane", "", "r\u00e9st"));
  EXPECT_EQ(file.scalar_attribute<int>("version"), 2);
  EXPECT_EQ(file.scalar_attribute<std::string>("title"), "first");
  EXPECT_THAT(file.attribute<double>("sizes"), ElementsAre(0.5, 1));
  EXPECT_THAT(file.dataset("names").attribute<std::string>("kinds"), ElementsAre("x", "yy"));
  EXPECT_EQ(file.scalar_attribute<int>("on"), 1);
  EXPECT_FALSE(file.has_attribute("off"));
}

TEST_F(H5, ReadsTextOfFixedLength) {
  h5::write_file(path, [](h5::File& file) {
    const h5::Handle type(H5Tcopy(H5T_C_S1), "type", "copy");
    H5Tset_size(type.get(), 4);
    file.create_dataset("fixed", type.get(), {3}).write_as(type.get(), "one\0fourab\0\0");
  });
  EXPECT_THAT(h5::File::open_read(path).dataset("fixed").read<std::string>(),
              ElementsAre("one", "four", "ab"));
}

TEST_F(H5, TwoFilesWithTheSameContentHaveTheSameBytes) {
  const auto fill = [](h5::File& file) {
    file.write<int>("g/d", {1, 2, 3}, {3}, {.chunks = {2}, .gzip = 1}).set_attribute("a", "b");
  };
  h5::write_file(path, fill);
  h5::write_file(dir / "b.h5", fill);
  EXPECT_TRUE(test::file_bytes(path) == test::file_bytes(dir / "b.h5"));
}

TEST_F(H5, AFailureWhileWritingLeavesTheOldFileAndNothingElse) {
  h5::write_file(path, [](h5::File& file) { file.write<int>("old", {1}); });
  EXPECT_THROW(h5::write_file(path,
                              [](h5::File& file) -> void {
                                file.write<int>("new", {1});
                                throw InputError({"something", "is wrong", ""});
                              }),
               InputError);
  EXPECT_TRUE(h5::File::open_read(path).has_dataset("old"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST_F(H5, AMissingDatasetIsAnErrorThatNamesWhatThereIs) {
  h5::write_file(path, [](h5::File& file) {
    file.write<int>("raw", {1});
    file.write<int>("volumes/labels", {1});
  });
  const auto file = h5::File::open_read(path);
  EXPECT_THAT(
      [&] { file.dataset("/rwa"); },
      ThrowsMessage<InputError>(AllOf(HasSubstr("a.h5:/rwa: there is no such dataset"),
                                      HasSubstr("expected one of /raw, /volumes/labels (nearest: /raw)"))));
  EXPECT_THAT([&] { file.dataset("volumes/raw/deeper"); },
              ThrowsMessage<InputError>(HasSubstr("no such dataset")));
  EXPECT_THAT([&] { file.dataset("volumes"); },
              ThrowsMessage<InputError>(HasSubstr("a.h5:/volumes: is not a dataset")));
  EXPECT_THAT([&] { file.group("raw"); },
              ThrowsMessage<InputError>(HasSubstr("a.h5:/raw: there is no such group")));
}

TEST_F(H5, MissingAndMistypedAttributesAreErrors) {
  h5::write_file(path, [](h5::File& file) {
    file.set_attribute("text", "x");
    file.set_attribute("two", std::vector<int>{1, 2});
    file.write("names", {"x"});
  });
  const auto file = h5::File::open_read(path);
  EXPECT_THAT([&] { file.attribute<int>("none"); },
              ThrowsMessage<InputError>(HasSubstr("has no attribute none")));
  EXPECT_THAT([&] { file.attribute<int>("text"); }, ThrowsMessage<InputError>(HasSubstr("is the text '")));
  EXPECT_THAT([&] { file.attribute<std::string>("two"); },
              ThrowsMessage<InputError>(HasSubstr("is not text")));
  EXPECT_THAT([&] { file.scalar_attribute<int>("two"); },
              ThrowsMessage<InputError>(HasSubstr("has 2 values")));
  EXPECT_THAT([&] { file.dataset("names").read<int>(); },
              ThrowsMessage<InputError>(HasSubstr("does not hold numbers")));
}

TEST_F(H5, FilesThatAreNoneAreRefusedByName) {
  EXPECT_THAT([&] { h5::File::open_read(dir / "none.h5"); },
              ThrowsMessage<InputError>(HasSubstr("none.h5: there is no such file")));
  EXPECT_THAT([&] { h5::File::open_read(dir.path()); },
              ThrowsMessage<InputError>(HasSubstr("is a directory")));
  test::write_bytes(path, "not HDF5 at all");
  EXPECT_THAT([&] { h5::File::open_read(path); },
              ThrowsMessage<InputError>(HasSubstr("a.h5: is text, not an HDF5 file")));
  test::write_bytes(path, "\1\2\3");
  EXPECT_THAT([&] { h5::File::open_read(path); },
              ThrowsMessage<InputError>(HasSubstr("a.h5: is not an HDF5 file")));
  test::write_bytes(path, "");
  EXPECT_THAT([&] { h5::File::open_read(path); },
              ThrowsMessage<InputError>(HasSubstr("a.h5: is empty, not an HDF5 file")));
  test::write_bytes(dir / "a.tif", std::string("II*\0\10\0\0\0", 8));
  EXPECT_THAT(
      [&] { h5::File::open_read(dir / "a.tif"); },
      ThrowsMessage<InputError>(HasSubstr("a.tif: is a TIFF image, not an HDF5 file; expected an HDF5 file; "
                                          "'cleft import ")));
}

/// Files of HDF5's first format, of its later ones, and behind a user block.
TEST_F(H5, AFileThatWasCutShortIsToldWithItsLengths) {
  h5::start_library();  // before anything else of HDF5 is called
  const auto write = [&](bool late, hsize_t user_block) {
    const h5::Handle creation(H5Pcreate(H5P_FILE_CREATE), "list", "make");
    h5::check(H5Pset_userblock(creation.get(), user_block), "list", "prepare");
    const h5::Handle access(H5Pcreate(H5P_FILE_ACCESS), "list", "make");
    if (late)
      h5::check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), "list", "prepare");
    h5::File file(
        h5::Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), "file", "create"),
        path);
    file.write("d", std::vector<int>(2000, 7), {2000});
    file.close();
  };
  for (const bool late : {false, true})
    for (const hsize_t user_block : {0, 512, 2048}) {
      write(late, user_block);
      const std::string bytes = test::file_bytes(path);
      EXPECT_EQ(h5::bytes_when_written(path), bytes.size());
      EXPECT_EQ(h5::File::open_read(path).dataset("d").read<int>().size(), 2000U);
      test::write_bytes(path, bytes.substr(0, bytes.size() - 100));
      EXPECT_THAT([&] { h5::File::open_read(path); },
                  ThrowsMessage<InputError>(HasSubstr(fmt::format(
                      "a.h5: is cut short: it has {} of the {} bytes that it was written with; expected the "
                      "whole file: copy it again, or write it again",
                      bytes.size() - 100, bytes.size()))))
          << late << " " << user_block;
    }
  test::write_bytes(path, "no HDF5");
  EXPECT_EQ(h5::bytes_when_written(path), std::nullopt);
  EXPECT_EQ(h5::bytes_when_written(dir / "none"), std::nullopt);
}

TEST_F(H5, ATruncatedFileIsRefusedAtEveryLength) {
  h5::write_file(
      path, [](h5::File& file) { file.write("d", std::vector<int>(2000, 7), {2000}, {.chunks = {500}}); });
  const std::string bytes = test::file_bytes(path);
  for (std::size_t length = 0; length < bytes.size(); length += 97) {
    test::write_bytes(path, bytes.substr(0, length));
    EXPECT_THROW(h5::File::open_read(path).dataset("d").read<int>(), Error) << length;
  }
}

TEST_F(H5, ADatasetThatClaimsMoreThanTheFileCanHoldIsRefused) {
  h5::write_file(
      path, [](h5::File& file) { file.create_dataset<int>("d", {hsize_t{1} << 50U}, {.chunks = {1024}}); });
  EXPECT_THAT(
      [&] { h5::File::open_read(path).dataset("d").read<int>(); },
      ThrowsMessage<InputError>(HasSubstr("claims 1125899906842624 elements but only 0 bytes are stored")));
}

TEST_F(H5, AnEmptyDatasetReadsAsNothing) {
  h5::write_file(path, [](h5::File& file) {
    file.write<int>("none", {});
    file.write("no_names", std::vector<std::string>{});
  });
  EXPECT_THAT(h5::File::open_read(path).dataset("none").read<int>(), IsEmpty());
  EXPECT_THAT(h5::File::open_read(path).dataset("no_names").read<std::string>(), IsEmpty());
}

TEST_F(H5, AFullDiskIsAnErrorThatNamesTheFile) {
  const test::FileSizeLimit limit(100000);
  const auto write_too_much = [&] {
    h5::write_file(path, [](h5::File& file) { file.write("d", std::vector<double>(100000, 1)); });
  };
  EXPECT_THAT(write_too_much, ThrowsMessage<IoError>(HasSubstr("a.h5: cannot be written (File too large)")));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST_F(H5, AnUnwritablePlaceIsAnErrorThatNamesTheFile) {
  EXPECT_THAT([&] { h5::write_file((dir / "none") / "a.h5", [](h5::File&) {}); },
              ThrowsMessage<IoError>(HasSubstr("a.h5: cannot be written (No such file or directory)")));
}

}  // namespace
}  // namespace cleft
