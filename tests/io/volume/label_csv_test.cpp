#include "io/volume/label_csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class LabelCsv : public testing::Test {
 protected:
  std::vector<LabelledVoxel> read_csv(const std::string& text) {
    test::write_bytes(dir / "l.csv", text);
    return read_label_csv(dir / "l.csv", {10, 20, 30}, {"membrane", "synapse", "rest"});
  }
  test::TempDirectory dir;
};

/// As NumPy writes a header that was given with blanks; as tables look that were put one behind the other.
TEST_F(LabelCsv, WhoseCommentsNameAnotherOrderIsRefused) {
  for (const char* text : {"# x y z class\n1,2,3,2\n", "#X Y Z\n1,2,3,2\n", "# columns: x/y/z\n1,2,3,2\n",
                           "1,2,3,2\n# x,y,z,class\n3,2,1,2\n", "1,2,3,2\n# x y z class\n3,2,1,2\n"})
    EXPECT_THAT([&] { read_csv(text); },
                ThrowsMessage<InputError>(HasSubstr("names x, y, z, but is no header of this table")))
        << text;
  for (const char* text :
       {"z,y,x,class\n1,2,3,2\n# x,y,z,class\n3,2,1,2\n", "# z,y,x,class\n1,2,3,2\n# class,z,y,x\n2,1,2,3\n"})
    EXPECT_THAT([&] { read_csv(text); },
                ThrowsMessage<InputError>(HasSubstr("names columns in another order than the first header")))
        << text;
  for (const char* text : {"# z y x class\n1,2,3,2\n", "# xyz of 2026, by max\n1,2,3,2\n",
                           "# z,y,x,class\n1,2,3,2\n# z,y,x,class\n1,2,3,2\n",
                           "z,y,x,class\n1,2,3,2\n# x y z\n", "# in x and y only\n1,2,3,2\n"})
    EXPECT_THAT(read_csv(text), ElementsAre(LabelledVoxel{{1, 2, 3}, 2})) << text;
}

/// Nothing of which it is not sure what number or text it is.
TEST_F(LabelCsv, OfDoubtfulTextIsRefused) {
  const auto utf16 = [](std::string_view text, bool lowest_first) {
    std::string bytes;
    for (const char c : text) bytes += lowest_first ? std::string{c, '\0'} : std::string{'\0', c};
    return bytes;
  };
  const std::string sound = "z,y,x,class\n1,2,3,2\n";
  for (const std::string& text : {"\xff\xfe" + utf16(sound, true), "\xfe\xff" + utf16(sound, false),
                                  utf16(sound, true), utf16(sound, false), utf16("1,2,3,2\n", true),
                                  utf16("1,2,3,2\n", false), "\xef\xbb\xbf\xef\xbb\xbf" + sound})
    EXPECT_THROW(read_csv(text), InputError);
  for (const std::string number : {"1,0",
                                   "\"1,000\"",
                                   "1.000.000",
                                   "1 000",
                                   "1\xc2\xa0"
                                   "000",
                                   "\xc2\xa0"
                                   "1",
                                   "1'000",
                                   "1_0",
                                   "0x1",
                                   "1.5",
                                   "nan",
                                   "inf",
                                   "1e400",
                                   "'1'",
                                   "=1",
                                   "1;",
                                   "\"1\"0",
                                   "\xd9\xa1",
                                   "1-",
                                   "--1",
                                   "1e",
                                   ""})
    for (const char* separator : {",", ";", "\t"}) {
      const std::string row = number + separator + "2" + separator + "3" + separator + "synapse\n";
      EXPECT_THROW(read_csv(row), InputError) << row;
      EXPECT_THROW(read_csv("0" + std::string(separator) + "0" + separator + "0" + separator + "2\n" + row),
                   InputError)
          << row;
    }
  // Another separator below the header, and lines that end in each way there is.
  EXPECT_THROW(read_csv("z,y,x,class\n1;2;3;2\n"), InputError);
  EXPECT_THROW(read_csv("z;y;x;class\n1,2,3,2\n"), InputError);
  EXPECT_THAT(read_csv("\xef\xbb\xbfz,y,x,class\r\n1,2,3,2\r1,2,3,2\n\r\n\"1\",\"2\",3.0,\"2\"\r\r\n"),
              ElementsAre(LabelledVoxel{{1, 2, 3}, 2}));
}

}  // namespace
}  // namespace cleft
