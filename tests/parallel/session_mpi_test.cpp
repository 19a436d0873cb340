#include <gmock/gmock.h>
#include <mpi.h>

#include "base/error.hpp"
#include "parallel/communicator.hpp"
#include "parallel/session.hpp"

// The session under test is the one that main made.

namespace cleft {
namespace {

TEST(Session, LetsOtherThreadsRunWhileThisOneTalks) {
  int level = MPI_THREAD_SINGLE, is_main = 0;
  MPI_Query_thread(&level);
  MPI_Is_thread_main(&is_main);
  EXPECT_GE(level, MPI_THREAD_FUNNELED);
  EXPECT_TRUE(is_main);
}

TEST(Session, LetsErrorsOfTheLibraryComeBack) {
  for (MPI_Comm comm : {MPI_COMM_WORLD, MPI_COMM_SELF}) {
    MPI_Errhandler handler = MPI_ERRHANDLER_NULL;
    MPI_Comm_get_errhandler(comm, &handler);
    EXPECT_EQ(handler, MPI_ERRORS_RETURN);
    MPI_Errhandler_free(&handler);
  }
}

TEST(Session, WorldIsAllRanksAndSelfIsThisOne) {
  int rank = -1, size = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const auto world = Communicator::world(), self = Communicator::self();
  EXPECT_EQ(world.rank(), rank);
  EXPECT_EQ(world.size(), size);
  EXPECT_EQ(self.rank(), 0);
  EXPECT_EQ(self.size(), 1);
  EXPECT_TRUE(self.is_root());
}

/// Each rank calls a collective function of its own communicator a different number of times: none waits for
/// another.
TEST(Session, CollectivesOfSelfConcernThisRankOnly) {
  const auto world = Communicator::world(), self = Communicator::self();
  int sum = 0;
  for (int n = 0; n <= world.rank(); ++n) sum += self.sum(1);
  EXPECT_EQ(sum, world.rank() + 1);
  EXPECT_EQ(world.sum(sum), world.size() * (world.size() + 1) / 2);
}

TEST(Session, AFailingCallOfTheLibraryIsAnExceptionAndTheJobGoesOn) {
  const auto world = Communicator::world();
  try {
    world.broadcast(1, world.size());  // there is no such root
    FAIL() << "nothing was thrown";
  } catch (const InternalError& e) {
    EXPECT_THAT(e.what(), testing::StartsWith("internal error: MPI_Bcast failed: "));
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
  }
  EXPECT_EQ(world.sum(1), world.size());
}

/// Libraries (HDF5) use MPI_COMM_WORLD on the same ranks: their messages must not be taken for cleft's.
TEST(Session, MessagesOfOthersAreNotSeen) {
  constexpr int tag = 77;
  const auto world = Communicator::world();
  std::int64_t sent = 5, received = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Isend(&sent, 1, MPI_INT64_T, world.rank(), tag, MPI_COMM_WORLD, &request);
  int waiting = 0;
  while (waiting == 0) MPI_Iprobe(world.rank(), tag, MPI_COMM_WORLD, &waiting, MPI_STATUS_IGNORE);
  EXPECT_EQ(world.waiting_sender(tag), -1);
  MPI_Recv(&received, 1, MPI_INT64_T, world.rank(), tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  MPI_Wait(&request, MPI_STATUS_IGNORE);
  EXPECT_EQ(received, sent);
}

}  // namespace
}  // namespace cleft
