#include <cstdio>
#include <exception>

#include "cli/run_cli.hpp"
#include "io/volume/open_volume.hpp"
#include "parallel/session.hpp"

int main(int argc, char** argv) {
  try {
    cleft::start_formats();
    const cleft::Session session(argc, argv);
    return cleft::run_cli(cleft::Communicator::world(), argc, argv);
  } catch (const std::exception& e) {
    // MPI itself could not be started: there is no rank and no log yet.
    std::fprintf(stderr, "error: %s\n", e.what());
    return 3;
  }
}
