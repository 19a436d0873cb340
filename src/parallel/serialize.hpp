#pragma once

#include <sstream>
#include <string>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>

#include "parallel/communicator.hpp"

namespace cleft {

/// `root`'s value on every rank, sent as a Boost.Serialization archive. Collective over `comm`. Archives are
/// only used between the ranks of one job, which run the same program. They are never read from files: a
/// damaged archive is not detected.
///
/// \tparam T    Default-constructible; has a Boost `serialize` member or function and no pointers.
/// \param value  Read on `root` only.
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
