#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/stopped.hpp"
#include "io/distributed/write_in_order.hpp"
#include "parallel/agree.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class WriteInOrder : public testing::Test {
 protected:
  /// Ranks 1, 4, 7 … give nothing; of four ranks two others than 0 give some. Chunk n of rank r lies at
  /// {r, n, 7 n} and has n² bytes.
  static std::int64_t count_of(int rank) { return rank % 3 == 1 ? 0 : 5 * rank + 20; }
  static PlacedChunk chunk_of(int rank, std::int64_t n) {
    return {.begin = {rank, n, 7 * n},
            .packed = {.skipped = static_cast<std::uint32_t>(n % 3),
                       .bytes = std::vector<std::byte>(static_cast<std::size_t>(n * n),
                                                       static_cast<std::byte>(n + rank))}};
  }
  ChunkShare share() const {
    return {.count = count_of(comm.rank()),
            .make = [rank = comm.rank()](std::int64_t n) { return chunk_of(rank, n); },
            .most_bytes = 40 * 40};
  }
  ChunkShare failing_on(int rank, std::int64_t number) const {
    ChunkShare failing{.count = 30, .make = {}, .most_bytes = 1000};
    failing.make = [rank, number, here = comm.rank()](std::int64_t n) {
      if (here == rank && n == number) throw IoError({"chunk", "cannot be packed", ""});
      return chunk_of(here, n);
    };
    return failing;
  }

  const Communicator comm = Communicator::world();
  const int last = comm.size() - 1;
};

TEST_F(WriteInOrder, TheOrderIsThatOfRanksAndOfTheirChunksWhateverTheLimits) {
  for (const PackingLimits& limits :
       {PackingLimits{1, 0, 1}, PackingLimits{3, 5000, 2}, PackingLimits{2, 1 << 20, 7}}) {
    std::vector<PlacedChunk> written;
    write_in_order(comm, share(), limits, [&](const PlacedChunk& chunk) { written.push_back(chunk); });
    std::vector<PlacedChunk> expected;
    for (int rank = 0; rank < comm.size() && comm.is_root(); ++rank)
      for (std::int64_t n = 0; n < count_of(rank); ++n) expected.push_back(chunk_of(rank, n));
    EXPECT_TRUE(std::ranges::equal(written, expected, [](const PlacedChunk& a, const PlacedChunk& b) {
      return a.begin == b.begin && a.packed.skipped == b.packed.skipped && a.packed.bytes == b.packed.bytes;
    }));
  }
}

/// Rank 0 writes its first chunk only when the others have filled their windows, and they pack the first
/// chunk behind that only when rank 0 has come to them.
TEST_F(WriteInOrder, RanksPackAheadUntilTheirWindowIsFullAndNoFurther) {
  constexpr std::int64_t count = 40, parcel = 4, ahead = 3 * parcel;
  constexpr std::size_t bytes = 100;
  const TempDirectory dir{comm};
  const auto mark = [&](const std::string& name) { return dir / name; };
  std::atomic<std::int64_t> made = 0;
  const auto make = [&](std::int64_t n) {
    if (comm.rank() > 0 && n >= ahead) {
      EXPECT_TRUE(std::filesystem::exists(mark("others' turn"))) << n;
    }
    if (++made == ahead) write_bytes(mark("full " + std::to_string(comm.rank())), "");
    return PlacedChunk{{comm.rank(), n, 0}, {0, std::vector<std::byte>(bytes)}};
  };
  std::int64_t written = 0;
  write_in_order(comm, {count, make, bytes}, {2, ahead * bytes, parcel}, [&](const PlacedChunk&) {
    for (int rank = 1; rank < comm.size() && written == 0; ++rank)
      while (!std::filesystem::exists(mark("full " + std::to_string(rank)))) std::this_thread::yield();
    if (++written == count) write_bytes(mark("others' turn"), "");
  });
  EXPECT_EQ(made, count);
  EXPECT_EQ(written, comm.is_root() ? count * comm.size() : 0);
}

TEST_F(WriteInOrder, AFailureToPackOnOneRankIsOneErrorOnAll) {
  for (const int rank : {0, last})
    for (const std::int64_t number : {0, 29})
      EXPECT_THAT(
          [&] {
            write_in_order(comm, failing_on(rank, number), {2, 500, 4}, [](const PlacedChunk&) {});
          },
          ThrowsMessage<CollectiveError>(HasSubstr("chunk: cannot be packed")));
  // No message is left over that the next would take for its own.
  std::int64_t written = 0;
  write_in_order(comm, failing_on(-1, 0), {2, 500, 4}, [&](const PlacedChunk&) { ++written; });
  EXPECT_EQ(written, comm.is_root() ? 30 * comm.size() : 0);
}

TEST_F(WriteInOrder, AFailureToWriteIsOneErrorOnAll) {
  for (const int from : {0, last}) {
    const auto write = [&](const PlacedChunk& chunk) {
      if (chunk.begin.z == from && chunk.begin.y == 11) throw IoError({"v.h5", "cannot grow", ""});
    };
    EXPECT_THAT(
        [&] {
          write_in_order(comm, failing_on(-1, 0), {2, 500, 4}, write);
        },
        ThrowsMessage<CollectiveError>(HasSubstr("v.h5: cannot grow")));
  }
}

TEST_F(WriteInOrder, AllStopWhenOneRankIsAskedTo) {
  for (const int rank : {0, last}) {
    std::stop_source source;
    if (comm.rank() == rank) source.request_stop();
    EXPECT_THROW(write_in_order(
                     comm, share(), {2, 500, 4}, [](const PlacedChunk&) {}, source.get_token()),
                 Stopped);
  }
}

}  // namespace
}  // namespace cleft::test
