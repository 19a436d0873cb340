#include "io/h5/origin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

class OriginTest : public testing::Test {
 protected:
  test::TempDirectory dir;
  const std::filesystem::path file = dir / "a.h5";
};

TEST_F(OriginTest, IsReadBackAsItWasWritten) {
  const json origin{
      {"model", "00ff"}, {"volume", {{"path", "raw \"1\".h5"}, {"bytes", 5}}}, {"sigma", {0.5, 1, 1}}};
  h5::write_file(file, [&](h5::File& result) {
    auto values = result.write<int>("/values", {1, 2});
    write_origin(values, origin);
    write_origin(result, {{"other", true}});
  });
  const auto result = h5::File::open_read(file);
  EXPECT_EQ(read_origin(result.dataset("/values")), origin);
  EXPECT_EQ(read_origin(result), (json{{"other", true}}));
}

TEST_F(OriginTest, AResultThatSaysNothingOfItsOriginIsRefusedByName) {
  for (const std::string text : {"", "[1, 2]", "{\"model\": ", "\"a\""}) {
    h5::write_file(file, [&](h5::File& result) { result.set_attribute("origin", text); });
    EXPECT_THAT([&] { read_origin(h5::File::open_read(file)); },
                ThrowsMessage<InputError>(HasSubstr("a.h5:/: does not say what it was made from")))
        << text;
  }
  h5::write_file(file, [](h5::File& result) { result.write<int>("/values", {1}); });
  EXPECT_THROW(read_origin(h5::File::open_read(file)), InputError);
}

TEST(DifferingParts, AreNamedWhicheverSideHasThem) {
  const json a{{"model", "1"}, {"sigma", {1, 2}}, {"only_a", 0}, {"same", {{"x", 1}}}};
  const json b{{"model", "2"}, {"sigma", {1, 3}}, {"only_b", nullptr}, {"same", {{"x", 1}}}};
  EXPECT_THAT(differing_parts(a, b), ElementsAre("model", "only_a", "only_b", "sigma"));
  EXPECT_THAT(differing_parts(b, a), ElementsAre("model", "only_a", "only_b", "sigma"));
  EXPECT_THAT(differing_parts(a, a), IsEmpty());
}

}  // namespace
}  // namespace cleft
