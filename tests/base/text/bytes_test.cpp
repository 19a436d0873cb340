#include "base/text/bytes.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(BytesText, has_the_unit_that_leaves_few_digits) {
  EXPECT_EQ(bytes_text(0), "0.0 MiB");
  EXPECT_EQ(bytes_text(std::int64_t{1} << 19U), "0.5 MiB");
  EXPECT_EQ(bytes_text(std::int64_t{1023} << 20U), "1023.0 MiB");
  EXPECT_EQ(bytes_text(std::int64_t{1} << 30U), "1.0 GiB");
  EXPECT_EQ(bytes_text(std::int64_t{3} << 39U), "1.5 TiB");
  EXPECT_EQ(bytes_text(std::int64_t{2048} << 50U), "2048.0 PiB");
}

}  // namespace
}  // namespace cleft
