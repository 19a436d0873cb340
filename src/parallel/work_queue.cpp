#include "parallel/work_queue.hpp"

#include <chrono>
#include <future>
#include <thread>

namespace cleft {
namespace {

constexpr int request_tag = 2;
constexpr int answer_tag = 3;

// What a rank asks of rank 0, and the answer that is no number.
constexpr std::int64_t ask_for_one = 0;
constexpr std::int64_t ask_to_stop = 1;
constexpr std::int64_t nothing_left = -1;

// How often rank 0 looks for requests while it computes: a block takes seconds, so nobody waits noticeably,
// and a core that computes is not disturbed.
constexpr auto serving_interval = std::chrono::milliseconds(2);

}  // namespace

WorkQueue::WorkQueue(const Communicator& comm, std::int64_t count) : comm_(comm), count_(count) {}

std::int64_t WorkQueue::answer() {
  return given_ < count_ ? given_++ : nothing_left;
}

void WorkQueue::serve() {
  for (int sender = comm_.waiting_sender(request_tag); sender >= 0;
       sender = comm_.waiting_sender(request_tag)) {
    if (comm_.receive(sender, request_tag) == ask_to_stop) given_ = count_;
    const std::int64_t reply = answer();
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
    comm_.send(ask_for_one, 0, request_tag);
    number = comm_.receive(0, answer_tag);
  }
  told_ = number == nothing_left;
  return told_ ? std::nullopt : std::optional(number);
}

void WorkQueue::run(const std::function<void()>& work) {
  if (!comm_.is_root() || comm_.size() == 1) return work();
  auto computing = std::async(std::launch::async, work);
  while (computing.wait_for(serving_interval) != std::future_status::ready) serve();
  computing.get();
}

void WorkQueue::stop() {
  if (told_) return;
  if (comm_.is_root()) {
    given_ = count_;
  } else {
    comm_.send(ask_to_stop, 0, request_tag);
    comm_.receive(0, answer_tag);
  }
  told_ = true;
}

void WorkQueue::finish() {
  if (comm_.is_root()) {
    while (ranks_told_ < comm_.size() - 1) {
      serve();
      if (ranks_told_ < comm_.size() - 1) std::this_thread::sleep_for(serving_interval);
    }
  }
  comm_.barrier();
}

}  // namespace cleft
