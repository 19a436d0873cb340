// failing_command [agreed|uncaught] HOW RANK: a program whose command fails on one rank. With "agreed" all
// ranks are told of it, else they wait for that rank in a collective call. Reports errors as cleft does, but
// for "uncaught": then the exception leaves the session, and is caught behind it.
#include <filesystem>
#include <functional>
#include <map>
#include <new>
#include <stdexcept>
#include <string>

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/run_cli.hpp"
#include "parallel/agree.hpp"
#include "parallel/session.hpp"

namespace {

const std::map<std::string, std::function<void()>> failures{
    {"none", [] {}},
    {"input",
     [] {
       throw cleft::InputError({"raw.h5", "has 2 axes", "3 axes"});
     }},
    {"io",
     [] {
       throw cleft::IoError({"probability.h5", "cannot be written", ""});
     }},
    {"memory", [] { throw std::bad_alloc(); }},
    {"filesystem", [] { std::filesystem::rename("/no/such/file", "/no/other"); }},
    {"bug", [] { throw std::logic_error("two\nlines"); }},
};

}  // namespace

int run(int argc, char** argv) {
  const cleft::Session session(argc, argv);
  const auto comm = cleft::Communicator::world();
  cleft::log::configure(comm.rank(), comm.size(), cleft::log::Format::text);
  const std::string mode = argv[1];
  const bool agreed = mode == "agreed", uncaught = mode == "uncaught";
  const int first = agreed || uncaught ? 2 : 1;
  const auto& fail = failures.at(argv[first]);
  const int failing_rank = std::stoi(argv[first + 1]);
  const auto command = [&](const cleft::Communicator& world) {
    const auto work = [&] {
      if (world.rank() == failing_rank) fail();
    };
    if (agreed) {
      all_or_throw(world, work);
    } else {
      work();
      world.barrier();
    }
  };
  if (!uncaught) return cleft::run_action(comm, command);
  command(comm);
  return 0;
}

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception&) {
    return 0;  // only after a session that let the exception pass
  }
}
