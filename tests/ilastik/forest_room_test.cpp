// What a small file may make cleft claim.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ilastik/vigra_forest.hpp"
#include "io/h5/file.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

/// A chain of thresholds whose leaves all share one record.
VigraTree chain(std::int32_t leaves) {
  VigraTree tree;
  tree.topology = {1, 1};
  for (std::int32_t n = 0; n + 1 < leaves; ++n) {
    const auto here = static_cast<std::int32_t>(tree.topology.size());
    const std::int32_t leaf = here + 5, next = here + 7;
    tree.topology.insert(tree.topology.end(), {0, 0, leaf, next, 0, 0x40000000, 0});
  }
  tree.topology.insert(tree.topology.end(), {0x40000000, 0});
  tree.parameters = {1, 1};
  return tree;
}

TEST(VigraForestRoom, IsLimitedWhereTreesAreLinksToOneTree) {
  h5::File file = h5::File::create_in_memory("links.ilp");
  constexpr int trees = 64;
  file.write("Forest0000/_options/tree_count_", std::vector<double>{trees});
  file.write("Forest0000/_ext_param/column_count_", std::vector<double>{1});
  file.write("Forest0000/_ext_param/class_count_", std::vector<double>{1});
  const VigraTree tree = chain(1 << 14);
  file.write("Forest0000/Tree_00/topology", tree.topology);
  file.write("Forest0000/Tree_00/parameters", tree.parameters);
  for (int t = 1; t < trees; ++t)
    ASSERT_GE(
        H5Lcreate_hard(file.id(), "Forest0000/Tree_00", H5L_SAME_LOC,
                       ("Forest0000/Tree_" + std::to_string(100 + t)).c_str(), H5P_DEFAULT, H5P_DEFAULT),
        0);
  EXPECT_THAT([&] { read_vigra_forests(file, 255); },
              testing::ThrowsMessage<InputError>(HasSubstr("forests that fit into 1024 MiB")));
}

}  // namespace
}  // namespace cleft
