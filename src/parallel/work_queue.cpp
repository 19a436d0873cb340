#include "parallel/work_queue.hpp"

#include <future>
#include <thread>

#include "parallel/tuning.hpp"

namespace cleft {
namespace {

constexpr int request_tag = 2;
constexpr int answer_tag = 3;

// Requests to rank 0.
constexpr std::int64_t ask_for_one = 0;
constexpr std::int64_t ask_ahead = 1;
constexpr std::int64_t ask_to_stop = 2;
// Answers that are no number. A request sent ahead is never answered with nothing_left but with ask_again, so
// that each rank receives nothing_left exactly once: rank 0 counts these answers.
constexpr std::int64_t nothing_left = -1;
constexpr std::int64_t ask_again = -2;

}  // namespace

WorkQueue::WorkQueue(const Communicator& comm, std::int64_t count) : comm_(comm), count_(count) {}

std::int64_t WorkQueue::answer() {
  return given_ < count_ ? given_++ : nothing_left;
}

std::int64_t WorkQueue::reply_to(std::int64_t request) {
  // The last numbers, as many as there are ranks, go to ranks that have none to work on.
  if (request == ask_ahead) return count_ - given_ > comm_.size() ? answer() : ask_again;
  if (request == ask_to_stop) given_ = count_;
  return answer();
}

void WorkQueue::serve() {
  for (int sender = comm_.waiting_sender(request_tag); sender >= 0;
       sender = comm_.waiting_sender(request_tag)) {
    const std::int64_t reply = reply_to(comm_.receive(sender, request_tag));
    if (reply == nothing_left) ++ranks_told_;
    comm_.send(reply, sender, answer_tag);
  }
}

std::optional<std::int64_t> WorkQueue::next() {
  if (told_) return std::nullopt;
  std::int64_t number = nothing_left;
  if (comm_.is_root()) {
    serve();
    number = answer();
  } else {
    number = asked_ahead_ ? comm_.receive(0, answer_tag) : ask_again;
    if (number == ask_again) {
      comm_.send(ask_for_one, 0, request_tag);
      number = comm_.receive(0, answer_tag);
    }
    asked_ahead_ = number != nothing_left;
    if (asked_ahead_) comm_.send(ask_ahead, 0, request_tag);
  }
  told_ = number == nothing_left;
  return told_ ? std::nullopt : std::optional(number);
}

std::optional<std::int64_t> WorkQueue::next_ahead() {
  if (told_) return std::nullopt;
  if (comm_.is_root()) {
    serve();
    const std::int64_t number = reply_to(ask_ahead);
    return number == ask_again ? std::nullopt : std::optional(number);
  }
  if (!asked_ahead_) return std::nullopt;
  const std::int64_t number = comm_.receive(0, answer_tag);
  asked_ahead_ = number != ask_again;
  if (!asked_ahead_) return std::nullopt;
  comm_.send(ask_ahead, 0, request_tag);
  return number;
}

void WorkQueue::run(const std::function<void()>& work) {
  // A second thread is only needed where this one has requests to answer.
  if (!comm_.is_root() || comm_.size() == 1) return work();
  run(work, [] {});
}

void WorkQueue::run(const std::function<void()>& work, const std::function<void()>& meanwhile) {
  auto computing = std::async(std::launch::async, work);  // its destructor waits for the work to end
  meanwhile();
  if (!comm_.is_root() || comm_.size() == 1) return computing.get();
  while (computing.wait_for(tuning::serving_interval) != std::future_status::ready) serve();
  computing.get();
}

void WorkQueue::stop() {
  if (told_) return;
  if (comm_.is_root()) {
    given_ = count_;
  } else {
    if (asked_ahead_) comm_.receive(0, answer_tag);
    comm_.send(ask_to_stop, 0, request_tag);
    comm_.receive(0, answer_tag);
  }
  told_ = true;
}

void WorkQueue::finish() {
  if (comm_.is_root()) {
    while (ranks_told_ < comm_.size() - 1) {
      serve();
      if (ranks_told_ < comm_.size() - 1) std::this_thread::sleep_for(tuning::serving_interval);
    }
  }
  comm_.barrier();
}

}  // namespace cleft
