#include "base/text/markup.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(Markup, nothing_is_taken_for_a_tag) {
  EXPECT_EQ(escaped("a < b > c & \"d\" 'e'"), "a &lt; b &gt; c &amp; &quot;d&quot; &#39;e&#39;");
  EXPECT_EQ(escaped("<img src=x onerror='alert(1)'>").find('<'), std::string::npos);
}

TEST(Markup, only_what_can_be_printed_is_left) {
  EXPECT_EQ(escaped("\x1b[31m"), "\\x1b[31m");
}

}  // namespace
}  // namespace cleft
