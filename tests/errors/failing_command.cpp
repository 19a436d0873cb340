// failing_command [agreed] HOW RANK: a program whose command fails on one rank. With "agreed" all ranks are
// told of it, else they wait for that rank in a collective call. Reports errors as cleft does.
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

int main(int argc, char** argv) {
  const cleft::Session session(argc, argv);
  const auto comm = cleft::Communicator::world();
  cleft::log::configure(comm.rank(), cleft::log::Format::text);
  const bool agreed = std::string(argv[1]) == "agreed";
  const auto& fail = failures.at(argv[agreed ? 2 : 1]);
  const int failing_rank = std::stoi(argv[agreed ? 3 : 2]);
  return cleft::run_action(comm, [&](const cleft::Communicator& world) {
    const auto work = [&] {
      if (world.rank() == failing_rank) fail();
    };
    if (agreed) {
      all_or_throw(world, work);
    } else {
      work();
      world.barrier();
    }
  });
}
