#include "probability/files/stored_probability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class StoredProbability : public testing::Test {
 protected:
  /// As ProbabilityFile has it, as far as these functions look.
  void write(const std::filesystem::path& to) const {
    h5::write_file(to, [](h5::File& opened) {
      auto dataset = opened.write(probability_dataset, std::vector<std::uint8_t>{1, 2}, {1, 1, 1, 2});
      dataset.set_attribute("classes", std::vector<std::string>{"rest", "synapse"});
      dataset.set_attribute("axes", "zyxc");
      dataset.set_attribute("block", std::vector<std::int64_t>{4, 5, 6});
      write_recipe(dataset, {{"model", "a"}});
      opened.write("manifest", std::vector<std::uint8_t>{1, 0, 1});
    });
  }

  const test::TempDirectory directory;
  const std::filesystem::path file = directory / "probability.h5";
};

TEST_F(StoredProbability, SaysWhatItHoldsAndWhatItWasMadeFrom) {
  write(file);
  EXPECT_THAT(stored_classes(file), ElementsAre("rest", "synapse"));
  EXPECT_EQ(read_probability_recipe(file), (nlohmann::json{{"model", "a"}}));
  EXPECT_THAT([&] { open_probability(file, "cleft"); },
              ThrowsMessage<InputError>(HasSubstr("has no probability of the class 'cleft'; expected one of: "
                                                  "rest, synapse")));
}

TEST_F(StoredProbability, CountsTheBlocksThatAreDone) {
  write(file);
  const BlocksDone blocks = count_blocks_done(file);
  EXPECT_EQ(blocks.done, 2);
  EXPECT_EQ(blocks.all, 3);
}

TEST_F(StoredProbability, ThatIsUnfinishedHasItsBlocks) {
  EXPECT_FALSE(block_of_unfinished(file));
  write(directory / "probability.h5.part");
  EXPECT_EQ(block_of_unfinished(file), (Extent{4, 5, 6}));
}

TEST_F(StoredProbability, ThatIsNoneIsRefused) {
  EXPECT_THROW(stored_classes(file), InputError);
  h5::write_file(file, [](h5::File& opened) { opened.write("other", std::vector<int>{1}); });
  EXPECT_THROW(read_probability_recipe(file), InputError);
  EXPECT_THROW(count_blocks_done(file), InputError);
}

}  // namespace
}  // namespace cleft
