#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "io/h5/file.hpp"
#include "parallel/communicator.hpp"

/// Files that all ranks of a communicator write together, over MPI-IO.
namespace cleft::h5 {

/// Makes a new file that all ranks have open, where nothing is, not even a link. Collective over `comm`.
/// \param temporary   Its name; the same on every rank.
/// \param path        The name that it is for, for messages.
/// \param user_block  Bytes at the file's beginning that HDF5 leaves alone: 0, or a power of two from 512.
/// \throws CollectiveError on every rank when it cannot be created.
File create_shared(const Communicator& comm, const std::filesystem::path& temporary,
                   const std::filesystem::path& path, std::size_t user_block = 0);

/// Opens an existing file for reading and writing on all ranks. Collective over `comm`.
/// \throws CollectiveError on every rank when it is missing, damaged, cannot be written, or is a link or no
///         regular file: what is written to must not be somebody's file elsewhere.
File open_shared(const Communicator& comm, const std::filesystem::path& path);

/// A box of a dataset, per axis.
struct Part {
  Shape begin, count;
};

/// One rank's part of a write that all ranks make together; HDF5 writes compressed chunks in no other way.
/// Each rank makes and checks its own part, then all call `run`.
class CollectiveWrite {
 public:
  /// \param held     What the rank has values of.
  /// \param written  Which parts of that are written; none: this rank has nothing to write.
  /// \throws         IoError, InternalError: agree on it before `run`.
  CollectiveWrite(const Dataset& dataset, const Part& held, std::span<const Part> written);

  /// Collective over the ranks that share the file.
  /// \param values  What is held in C order, in the dataset's own element type `type`.
  /// \returns HDF5's status: give it to h5::check at once, and agree on that.
  herr_t run(hid_t type, const void* values);
  /// Whether HDF5 wrote collectively, as asked, and did not quietly fall back to separate writes.
  bool was_collective() const;

 private:
  hid_t dataset_;
  Handle memory_, file_, transfer_;
};

}  // namespace cleft::h5
