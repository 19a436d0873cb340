#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files/atomic_file.hpp"
#include "base/files/disk_space.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "parallel/agree.hpp"
#include "probability/distributed/probability_file.hpp"
#include "support/file_size_limit.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {
namespace {

/// Probability of a voxel and class: tells where it belongs.
float value_at(const GlobalVoxel& p, std::size_t c) {
  return static_cast<float>((7 * p.z + 5 * p.y + 3 * p.x + 11 * static_cast<std::int64_t>(c)) % 256) / 255.0F;
}

std::vector<Array3<float>> block_values(const Box& core, std::size_t classes) {
  std::vector<Array3<float>> values;
  for (std::size_t c = 0; c < classes; ++c) {
    values.emplace_back(core.extent());
    for (std::int64_t z = 0; z < core.extent().z; ++z)
      for (std::int64_t y = 0; y < core.extent().y; ++y)
        for (std::int64_t x = 0; x < core.extent().x; ++x)
          values[c](z, y, x) = value_at(core.begin + Extent{z, y, x}, c);
  }
  return values;
}

std::int64_t bytes_on_disk(const std::filesystem::path& file) {
  struct stat found {};
  ::stat(file.c_str(), &found);
  return static_cast<std::int64_t>(found.st_blocks) * 512;
}

class ProbabilityFileTest : public testing::Test {
 protected:
  /// Each rank writes every size()-th of the pending blocks, up to number `end`.
  void write_pending(ProbabilityFile& file, std::int64_t end) const {
    const BlockGrid grid(layout.volume, layout.block, {0, 0, 0});
    for (const auto n : file.pending())
      if (n < end && n % comm.size() == comm.rank())
        file.write_block(n, block_values(grid.owned(n), layout.classes.size()));
  }

  void expect_stored(std::size_t c, float tolerance) const {
    const auto reader = open_probability(path, layout.classes[c]);
    ASSERT_EQ(reader.extent(), layout.volume);
    Array3<float> stored(layout.volume);
    reader.read(whole_box(layout.volume), stored.view());
    for (std::int64_t i = 0; i < stored.size(); ++i) {
      const float v = stored.voxels()[static_cast<std::size_t>(i)];
      const float p = layout.type == ElementType::uint8 ? v / 255.0F : v;
      ASSERT_NEAR(p, value_at(voxel_at(i, layout.volume), c), tolerance);
    }
  }

  const Communicator comm = Communicator::world();
  const TempDirectory directory{comm};
  const std::filesystem::path path = directory / "probability.h5";
  ProbabilityLayout layout{.volume = {7, 10, 9},
                           .block = {3, 4, 5},
                           .classes = {"synapse"},
                           .recipe = {{"model", "a"}},
                           .voxel_size = VoxelSize{40, 5, 5}};
  static constexpr std::int64_t block_count = 3 * 3 * 2;
};

TEST_F(ProbabilityFileTest, HoldsWhatEveryRankWrote) {
  for (const auto type : {ElementType::uint8, ElementType::float32}) {
    layout.type = type;
    ProbabilityFile file(comm, path, layout);
    EXPECT_EQ(file.pending().size(), static_cast<std::size_t>(block_count));
    write_pending(file, block_count);
    file.finish();
    expect_stored(0, 0);
    EXPECT_FALSE(std::filesystem::exists(unfinished_name(path)));
    comm.barrier();
  }
}

TEST_F(ProbabilityFileTest, HoldsSeveralClassesAsChannels) {
  layout.classes = {"membrane", "synapse", "rest"};
  ProbabilityFile file(comm, path, layout);
  write_pending(file, block_count);
  file.finish();
  for (std::size_t c = 0; c < 3; ++c) expect_stored(c, 0);
  EXPECT_THROW(open_probability(path, "vesicle"), InputError);
}

TEST_F(ProbabilityFileTest, AnInterruptedRunGoesOnWhereItStopped) {
  constexpr std::int64_t done = 7;
  {
    ProbabilityFile file(comm, path, layout);
    write_pending(file, done);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(block_of_unfinished(path), layout.block);
  ProbabilityFile file(comm, path, layout);
  ASSERT_EQ(file.pending().size(), static_cast<std::size_t>(block_count - done));
  EXPECT_EQ(file.pending().front(), done);
  write_pending(file, block_count);
  file.finish();
  expect_stored(0, 0);
}

TEST_F(ProbabilityFileTest, ABlockWhoseBytesAreNotThoseMarkedDoneIsDoneAgain) {
  {
    ProbabilityFile file(comm, path, layout);
    write_pending(file, block_count);
  }
  if (comm.is_root()) {
    auto file = h5::File::open_write(unfinished_name(path));
    const std::uint8_t flipped = 1;
    auto dataset = file.dataset(probability_dataset);
    dataset.write_part<std::uint8_t>({0, 0, 0}, {1, 1, 1}, std::span(&flipped, 1));
  }
  comm.barrier();
  ProbabilityFile file(comm, path, layout);
  EXPECT_EQ(file.pending(), std::vector<std::int64_t>{0});
}

TEST_F(ProbabilityFileTest, AFinishedFileIsCheckedAgainstItsChecksums) {
  for (const auto& classes : {std::vector<std::string>{"synapse"}, {"membrane", "synapse", "rest"}})
    for (const auto type : {ElementType::uint8, ElementType::float32}) {
      layout.classes = classes;
      layout.type = type;
      {
        ProbabilityFile file(comm, path, layout);
        write_pending(file, block_count);
        file.finish();
      }
      EXPECT_THAT(check_probability(comm, path).damaged, testing::IsEmpty());
      comm.barrier();
      if (comm.is_root()) {
        // The last voxel: of the last block, which is the last rank's.
        auto file = h5::File::open_write(path);
        const bool one = classes.size() == 1;
        const float flipped = 1;
        file.dataset(probability_dataset)
            .write_part<float>(one ? h5::Shape{6, 9, 8} : h5::Shape{6, 9, 8, classes.size() - 1},
                               one ? h5::Shape{1, 1, 1} : h5::Shape{1, 1, 1, 1}, std::span(&flipped, 1));
      }
      comm.barrier();
      const ProbabilityCheck check = check_probability(comm, path);
      EXPECT_EQ(check.blocks, block_count);
      EXPECT_THAT(check.damaged, testing::ElementsAre(Box{{6, 8, 5}, {7, 10, 9}}));
      EXPECT_EQ(count_sound_blocks(path).done, block_count - 1);
      comm.barrier();
    }
}

TEST_F(ProbabilityFileTest, AllDamagedBlocksAreFoundInTheirOrder) {
  ProbabilityFile file(comm, path, layout);
  write_pending(file, block_count);
  file.finish();
  if (comm.is_root())
    h5::File::open_write(path).dataset("/manifest").write(std::vector<std::uint8_t>(block_count, 0));
  comm.barrier();
  const BlockGrid grid(layout.volume, layout.block, {0, 0, 0});
  std::vector<Box> all;
  for (std::int64_t n = 0; n < block_count; ++n) all.push_back(grid.owned(n));
  EXPECT_EQ(check_probability(comm, path).damaged, all);
}

TEST_F(ProbabilityFileTest, AFinishedFileThatIsMadeUnfinishedAgainDoesItsDamagedBlocksOnly) {
  {
    ProbabilityFile file(comm, path, layout);
    write_pending(file, block_count);
    file.finish();
  }
  if (comm.is_root()) {
    std::filesystem::rename(path, unfinished_name(path));
    auto file = h5::File::open_write(unfinished_name(path));
    const std::uint8_t flipped = 1;
    file.dataset(probability_dataset).write_part<std::uint8_t>({0, 0, 5}, {1, 1, 1}, std::span(&flipped, 1));
  }
  comm.barrier();
  ProbabilityFile file(comm, path, layout);
  EXPECT_EQ(file.pending(), std::vector<std::int64_t>{1});
  write_pending(file, block_count);
  file.finish();
  expect_stored(0, 0);
  EXPECT_THAT(check_probability(comm, path).damaged, testing::IsEmpty());
}

TEST_F(ProbabilityFileTest, AnUnfinishedFileOfAnotherShapeOrTypeIsRefused) {
  const ProbabilityLayout asked = layout;
  std::vector<ProbabilityLayout> others(5, layout);
  others[0].volume = {7, 10, 8};
  others[1].type = ElementType::float32;
  others[2].classes = {"synapse", "rest"};
  others[3].block = {2, 4, 5};
  others[4].volume = {10, 7, 9};
  for (const auto& other : others) {
    { const ProbabilityFile begun(comm, path, other); }
    EXPECT_THAT(
        [&] { ProbabilityFile(comm, path, asked); },
        testing::ThrowsMessage<CollectiveError>(testing::AllOf(
            testing::HasSubstr("probability.h5.part:/probability: holds "),
            testing::HasSubstr("; expected 7 x 10 x 9 uint8 in chunks of 3 x 4 x 5 as this run writes; "
                               "remove the file to begin anew"))));
    comm.barrier();
    if (comm.is_root()) std::filesystem::remove(unfinished_name(path));
    comm.barrier();
  }
}

TEST_F(ProbabilityFileTest, AnUnfinishedFileThatIsALinkOrAFolderIsRefused) {
  { const ProbabilityFile begun(comm, path, layout); }
  if (comm.is_root()) {
    std::filesystem::rename(unfinished_name(path), directory / "elsewhere");
    std::filesystem::create_symlink(directory / "elsewhere", unfinished_name(path));
  }
  comm.barrier();
  EXPECT_THAT([&] { ProbabilityFile(comm, path, layout); },
              testing::ThrowsMessage<CollectiveError>(testing::HasSubstr(".part: is a link; expected")));
  comm.barrier();
  if (comm.is_root()) {
    std::filesystem::remove(unfinished_name(path));
    std::filesystem::create_directory(unfinished_name(path));
  }
  comm.barrier();
  EXPECT_THAT([&] { ProbabilityFile(comm, path, layout); },
              testing::ThrowsMessage<CollectiveError>(testing::HasSubstr(".part: is a directory; expected")));
}

TEST_F(ProbabilityFileTest, AFinishedFileOfAnotherShapeOrTypeIsRefused) {
  {
    ProbabilityFile file(comm, path, layout);
    write_pending(file, block_count);
    file.finish();
  }
  EXPECT_NO_THROW(check_holds(path, {7, 10, 9}, ElementType::uint8, 1));
  EXPECT_THROW(check_holds(path, {7, 10, 8}, ElementType::uint8, 1), InputError);
  EXPECT_THROW(check_holds(path, {7, 9, 10}, ElementType::uint8, 1), InputError);
  EXPECT_THROW(check_holds(path, {7, 10, 9}, ElementType::float32, 1), InputError);
  EXPECT_THROW(check_holds(path, {7, 10, 9}, ElementType::uint8, 3), InputError);
  comm.barrier();
}

TEST_F(ProbabilityFileTest, AJobKilledWhileItBeganHasNotBegun) {
  // Until the file is complete it stands under such a name, whatever state it is in.
  const std::filesystem::path begun = unfinished_name(path).string() + ".0123456789abcdef.part";
  if (comm.is_root()) write_bytes(begun, "the first bytes of");
  comm.barrier();
  EXPECT_EQ(block_of_unfinished(path), std::nullopt);
  ProbabilityFile file(comm, path, layout);
  EXPECT_EQ(file.pending().size(), static_cast<std::size_t>(block_count));
  EXPECT_FALSE(std::filesystem::exists(begun));
  write_pending(file, block_count);
  file.finish();
  expect_stored(0, 0);
}

TEST_F(ProbabilityFileTest, HasTheDiskSpaceOfAllBlocksBeforeAnyIsWritten) {
  if (comm.is_root()) write_bytes(directory / "probe", "a byte or two");
  comm.barrier();
  if (comm.is_root()) reserve_space(directory / "probe", 1 << 20, directory / "probe");
  comm.barrier();
  if (bytes_on_disk(directory / "probe") < 1 << 20)
    GTEST_SKIP() << "skipped: this file system takes no space beforehand";
  comm.barrier();
  layout.volume = {64, 128, 128};
  layout.block = {64, 64, 64};
  layout.classes = {"membrane", "synapse"};
  layout.type = ElementType::float32;
  const ProbabilityFile file(comm, path, layout);
  EXPECT_GE(bytes_on_disk(unfinished_name(path)), voxel_count(layout.volume) * 2 * 4);
  comm.barrier();
}

TEST_F(ProbabilityFileTest, ADiskTooFullIsOneErrorBeforeAnythingIsThere) {
  const FileSizeLimit limit(3 << 19);
  layout.volume = {64, 128, 128};
  layout.block = {64, 64, 64};
  EXPECT_THAT([&] { ProbabilityFile(comm, path, layout); },
              testing::ThrowsMessage<CollectiveError>(testing::HasSubstr("cannot grow to 2.0 MiB")));
  EXPECT_FALSE(std::filesystem::exists(unfinished_name(path)));
}

TEST_F(ProbabilityFileTest, SaysWhatItWasMadeFromAsRankZeroSeesIt) {
  // The others see another time of change, as on a network file system, and would write attributes of
  // another length.
  const auto of_root = layout.recipe;
  if (!comm.is_root()) layout.recipe["modified"] = std::string(static_cast<std::size_t>(comm.rank()), '9');
  { const ProbabilityFile file(comm, path, layout); }
  EXPECT_EQ(read_recipe(h5::File::open_read(unfinished_name(path)).dataset(probability_dataset)), of_root);
  comm.barrier();
}

TEST_F(ProbabilityFileTest, SaysWhatItWasMadeFrom) {
  ProbabilityFile file(comm, path, layout);
  write_pending(file, block_count);
  file.finish();
  EXPECT_EQ(read_recipe(h5::File::open_read(path).dataset(probability_dataset)), layout.recipe);
}

}  // namespace
}  // namespace cleft::test
