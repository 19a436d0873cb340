// The main function of tests that run on several ranks. Every rank runs every test; rank 0 reports as usual,
// other ranks print failures only, and the job fails if any rank's tests do.

#include <cstdio>

#include <gtest/gtest.h>

#include "base/log.hpp"
#include "io/h5/file.hpp"
#include "parallel/communicator.hpp"
#include "parallel/session.hpp"

namespace {

/// Prints failures and nothing else, each with its rank.
class FailurePrinter : public testing::EmptyTestEventListener {
 public:
  explicit FailurePrinter(int rank) : rank_(rank) {}
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.failed())
      std::fprintf(stderr, "rank %d: %s:%d: %s\n", rank_, result.file_name(), result.line_number(),
                   result.message());
  }

 private:
  int rank_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  cleft::h5::start_library();
  const cleft::Session session(argc, argv);
  const auto world = cleft::Communicator::world();
  cleft::log::configure(world.rank(), world.size(), cleft::log::Format::text);
  if (!world.is_root()) {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailurePrinter(world.rank()));
  }
  return world.max(RUN_ALL_TESTS());
}
