#pragma once

#include <sstream>
#include <string>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>

#include "parallel/communicator.hpp"

namespace cleft {

/// `root`'s value on every rank, by way of a Boost.Serialization archive. Collective over `comm`. The archive
/// exists only between the ranks of one job, which run the same program; archives are never read from files
/// (they trust their input).
///
/// \pre T is default-constructible and has a Boost `serialize` member or function without pointers.
template <class T>
T broadcast_archive(const Communicator& comm, T value, int root = 0) {
  if (comm.size() == 1) return value;
  std::string bytes;
  if (comm.rank() == root) {
    std::ostringstream out;
    boost::archive::binary_oarchive(out) << value;
    bytes = std::move(out).str();
  }
  bytes = comm.broadcast(std::move(bytes), root);
  if (comm.rank() != root) {
    std::istringstream in(bytes);
    boost::archive::binary_iarchive(in) >> value;
  }
  return value;
}

}  // namespace cleft
