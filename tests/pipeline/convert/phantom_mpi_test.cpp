#include <gmock/gmock.h>

#include "io/volume/volume_reader.hpp"
#include "parallel/agree.hpp"
#include "phantom/phantom.hpp"
#include "pipeline/convert/phantom.hpp"
#include "support/temp_directory.hpp"
#include "support/unfinished.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

PhantomOptions small() {
  PhantomOptions options;
  options.extent = {70, 65, 130};  // chunks of 64³ do not divide it
  options.voxel_size = {9, 8, 7};
  options.seed = 11;
  return options;
}

template <class T>
void expect_stored(const std::filesystem::path& file, const std::string& dataset, const Array3<T>& expected) {
  const VolumeReader reader({file, dataset});
  ASSERT_EQ(reader.extent(), expected.extent());
  ASSERT_EQ(reader.voxel_size(), small().voxel_size);
  Array3<T> stored(reader.extent());
  reader.read(whole_box(reader.extent()), stored.view());
  EXPECT_TRUE(std::equal(stored.voxels().begin(), stored.voxels().end(), expected.voxels().begin()))
      << dataset;
}

TEST(PhantomFile, HoldsTheSameVolumeForAnyNumberOfRanks) {
  const Communicator comm = Communicator::world();
  const test::TempDirectory directory(comm);
  const auto out = directory / "phantom.h5";
  run_phantom(comm, small(), out, false);
  if (comm.is_root()) {
    const PhantomBlock whole = Phantom(small()).make(whole_box(small().extent));
    expect_stored(out, "/raw", whole.raw);
    expect_stored(out, "/truth/synapses", whole.synapses);
    expect_stored(out, "/truth/classes", whole.classes);
    expect_stored(out, "/labels", whole.labels);
    EXPECT_TRUE(test::unfinished_in(directory.path()).empty());
  }
}

std::string complaint(const Communicator& comm, const PhantomOptions& options,
                      const std::filesystem::path& out) {
  try {
    run_phantom(comm, options, out, false);
  } catch (const CollectiveError& error) {
    return error.what();
  }
  return "";
}

TEST(PhantomFile, IsNotReplacedUnlessAskedTo) {
  const Communicator comm = Communicator::world();
  const test::TempDirectory directory(comm);
  const auto out = directory / "phantom.h5";
  if (comm.is_root()) test::write_bytes(out, "mine");
  comm.barrier();
  EXPECT_THAT(complaint(comm, small(), out), HasSubstr("is there already; expected a new name, or --force"));
  comm.barrier();
  EXPECT_EQ(test::file_bytes(out), "mine");
  comm.barrier();
  PhantomOptions tiny;
  tiny.extent = {5, 6, 7};
  run_phantom(comm, tiny, out, true);
  EXPECT_EQ(VolumeReader({out, "/raw"}).extent(), tiny.extent);
}

TEST(PhantomFile, WrongOptionsAndPathsAreOneErrorOnEveryRank) {
  const Communicator comm = Communicator::world();
  const test::TempDirectory directory(comm);
  PhantomOptions options;
  options.noise = -1;
  EXPECT_EQ(complaint(comm, options, directory / "phantom.h5"), "--noise: -1; expected 0 to 100");
  EXPECT_THAT(complaint(comm, {}, directory / "missing" / "phantom.h5"), HasSubstr("phantom.h5"));
}

}  // namespace
}  // namespace cleft
