#include "objects/files/synapse_file.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

TEST(SynapseFile, HasItsRecipeAndItsSynapsesOnceItIsComplete) {
  const test::TempDirectory directory;
  const auto file = directory / "synapses.h5";
  const nlohmann::json recipe{{"foreground", "synapse"}};
  h5::write_file(file, [](h5::File& f) {
    f.write(labels_dataset, std::vector<std::uint64_t>{1}, {1, 1, 1});
  });
  EXPECT_THROW(read_synapse_recipe(file), InputError);
  EXPECT_THROW(read_synapse_count(file), InputError);
  complete_synapse_file(file, recipe, std::vector<Synapse>(3));
  EXPECT_EQ(read_synapse_recipe(file), recipe);
  EXPECT_EQ(read_synapse_count(file), 3);
  EXPECT_EQ(h5::File::open_read(file).dataset(labels_dataset).element_count(), 1U);
}

TEST(SynapseFile, ThatIsMissingIsNamed) {
  EXPECT_THROW(read_synapse_recipe("/no/such/file"), InputError);
  EXPECT_THROW(complete_synapse_file("/no/such/file", {}, {}), InputError);
}

}  // namespace
}  // namespace cleft
