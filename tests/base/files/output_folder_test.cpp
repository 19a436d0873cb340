#include "base/files/output_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(OutputFolder, IsWhereTheOutputGoes) {
  const test::TempDirectory temp;
  EXPECT_NO_THROW(check_output_folder(temp / "new.h5"));
  EXPECT_NO_THROW(check_output_folder("new.h5"));
}

TEST(OutputFolder, ThatDoesNotExistIsTheUsersInput) {
  const test::TempDirectory temp;
  test::write_bytes(temp / "file", "");
  for (const auto* folder : {"none", "file"})
    EXPECT_THAT(
        [&] { check_output_folder(temp / folder / "new.h5"); },
        ThrowsMessage<InputError>(HasSubstr("/new.h5: its folder does not exist; expected a folder")));
}

TEST(OutputFolder, ThatCannotBeWrittenToIsAFailureOfIo) {
  if (::geteuid() == 0) GTEST_SKIP() << "skipped: nothing is closed to root";
  const test::TempDirectory temp;
  std::filesystem::permissions(temp.path(), std::filesystem::perms::owner_read);
  EXPECT_THROW(check_output_folder(temp / "new.h5"), IoError);
  std::filesystem::permissions(temp.path(), std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace cleft
