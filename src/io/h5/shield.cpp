#include "io/h5/shield.hpp"

#include <array>
#include <csetjmp>
#include <csignal>
#include <cstddef>

#include "base/error.hpp"

namespace cleft::h5 {
namespace {

constexpr std::array<int, 3> crash_signals{SIGSEGV, SIGBUS, SIGFPE};

// Where this thread goes on after a crash; null outside of shielded calls.
thread_local sigjmp_buf* way_out = nullptr;
bool crashed = false;                                         // one thread of a process at a time uses HDF5
std::array<struct sigaction, crash_signals.size()> before{};  // who took the signals until then

void leave(int) {
  if (way_out != nullptr) siglongjmp(*way_out, 1);
  // It has nothing to do with HDF5: what happens without a shield happens when this returns.
  for (std::size_t i = 0; i < crash_signals.size(); ++i)
    sigaction(crash_signals.at(i), &before.at(i), nullptr);
}

/// A stack that ran full has no room for the handler.
void provide_stack() {
  static thread_local std::array<std::byte, std::size_t{1} << 16U> memory;
  stack_t stack{};
  if (sigaltstack(nullptr, &stack) != 0 || (stack.ss_flags & SS_DISABLE) == 0) return;
  stack = {.ss_sp = memory.data(), .ss_flags = 0, .ss_size = memory.size()};
  sigaltstack(&stack, nullptr);
}

/// Takes the signals, once; for each call would take longer than many a call.
bool take_signals() {
  struct sigaction action {};
  action.sa_handler = leave;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;  // so that no mask is to be restored on the way out
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < crash_signals.size(); ++i)
    sigaction(crash_signals.at(i), &action, &before.at(i));
  return true;
}

}  // namespace

bool library_has_crashed() {
  return crashed;
}

void run_shielded(const std::string& subject, void (*call)(void*), void* context) {
  if (!crashed) {
    static const bool taken = take_signals();
    static thread_local const bool has_stack = (provide_stack(), true);
    static_cast<void>(taken && has_stack);
    sigjmp_buf* const outer = way_out;
    sigjmp_buf place;
    if (sigsetjmp(place, 0) == 0) {
      way_out = &place;
      call(context);
    } else {
      crashed = true;
    }
    way_out = outer;
  }
  if (crashed) throw IoError({subject, "is damaged: HDF5 breaks down on it", "a file that h5dump can list"});
}

}  // namespace cleft::h5
