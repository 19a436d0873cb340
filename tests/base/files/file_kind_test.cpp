#include "base/files/file_kind.hpp"

#include <gtest/gtest.h>

#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using namespace std::string_literals;

class FileKinds : public testing::Test {
 protected:
  FileKind of(const std::string& name, const std::string& bytes) const {
    test::write_bytes(temp / name, bytes);
    return kind_of_file(temp / name);
  }
  test::TempDirectory temp;
};

TEST_F(FileKinds, AreKnownByTheirContent) {
  EXPECT_EQ(of("a", "II*\0\10\0\0\0"s).name, "a TIFF image");
  EXPECT_EQ(of("a.h5", "MM\0+\0\10"s).name, "a TIFF image");
  EXPECT_EQ(of("a", "\x89PNG\r\n\x1a\n").name, "a PNG image");
  EXPECT_EQ(of("a", "\xff\xd8\xff\xe0").name, "a JPEG image");
  EXPECT_EQ(of("a", "\x93NUMPY\1").name, "an array of NumPy");
  EXPECT_EQ(of("a", "\x1f\x8b\x08").name, "compressed with gzip");
  EXPECT_EQ(of("a", std::string(208, '\0') + "MAP " + std::string(300, '\0')).name, "an MRC image");
  EXPECT_EQ(of("a", "").name, "");
  EXPECT_EQ(of("a", "\1\2\3").name, "");
  EXPECT_EQ(kind_of_file(temp / "none").name, "");
  EXPECT_EQ(kind_of_file(temp.path()).name, "");
}

TEST_F(FileKinds, OfTextAreKnownByTheirName) {
  EXPECT_EQ(of("a.YAML", "model: m.h5\n").name, "text in YAML");
  EXPECT_EQ(of("a.csv", "z,y,x,class\n").name, "a table of text");
  EXPECT_EQ(of("synapses.csv", "id,first_z,first_y\n").name, "the table of a run");
  EXPECT_EQ(of("a.h5", "version https://git-lfs\n").name, "text");
}

TEST_F(FileKinds, SayWhichCommandHelps) {
  const std::string folder = temp.path().string();
  EXPECT_EQ(of("a.tif", "II*\0"s).advice,
            "'cleft import " + folder + "/a.tif volume.h5 --voxel-size z,y,x' makes an HDF5 volume of it");
  EXPECT_EQ(of("a.yml", "a: 1").advice, "'cleft config " + folder + "/a.yml' looks at a configuration");
  EXPECT_EQ(of("t.csv", "id,first_z\n").advice, "'cleft info " + folder + "/.' describes the run");
}

TEST(NamesOfImages, EndInSmallLettersOrCapitals) {
  for (const char* name : {"a.tif", "b/c.TIFF", "d.Png"}) EXPECT_TRUE(names_image(name)) << name;
  for (const char* name : {"tif", ".tif", "a.tif.h5", "a.jpg", ""}) EXPECT_FALSE(names_image(name)) << name;
}

TEST_F(FileKinds, OfFoldersAreKnownByTheFilesInThem) {
  const auto folder = [&](const std::string& name, const std::string& file) {
    std::filesystem::create_directories(temp / name);
    test::write_bytes(temp / name / file, "{}");
    return kind_of_file(temp / name).name;
  };
  EXPECT_EQ(folder("a", ".zarray"), "a folder of Zarr");
  EXPECT_EQ(folder("b", "zarr.json"), "a folder of Zarr");
  EXPECT_EQ(folder("c", "attributes.json"), "a folder of N5");
  EXPECT_EQ(folder("d", "s1.tif"), "");
}

TEST(NamesOfOtherImages, AreThoseThatImportDoesNotRead) {
  for (const char* name : {"a.jpg", "b/c.MRC", "d.dm4"}) EXPECT_TRUE(names_other_image(name)) << name;
  for (const char* name : {"a.tif", "b.png", "Thumbs.db", "notes.txt", ""})
    EXPECT_FALSE(names_other_image(name)) << name;
}

}  // namespace
}  // namespace cleft
