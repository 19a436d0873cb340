#include "base/threads.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace cleft {

namespace {

/// Keeps, of all failures that are reported, that of the lowest number, in whatever order threads report
/// them.
class FirstFailure {
 public:
  void report(std::int64_t number, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (number >= number_) return;
    number_ = number;
    failure_ = std::move(failure);
    any_ = true;
  }
  bool any() const { return any_; }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> any_ = false;
  std::int64_t number_ = std::numeric_limits<std::int64_t>::max();
  std::exception_ptr failure_;
};

}  // namespace

void run_on_threads(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work) {
  run_on_threads(count, threads, [&]() -> std::function<void(std::int64_t)> {
    return [&](std::int64_t number) { work(number); };
  });
}

void run_on_threads(std::int64_t count, int threads,
                    const std::function<std::function<void(std::int64_t)>()>& make_work) {
  if (count <= 0) return;
  std::atomic<std::int64_t> next = 0;
  FirstFailure failure;
  const auto take_numbers = [&] {
    std::int64_t number = -1;
    try {
      const auto work = make_work();
      while (!failure.any() && (number = next.fetch_add(1)) < count) work(number);
    } catch (...) {
      failure.report(number, std::current_exception());
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::int64_t t = 1; t < std::min<std::int64_t>(threads, count); ++t)
      others.emplace_back(take_numbers);
    take_numbers();
  }
  failure.rethrow();
}

}  // namespace cleft
