#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/h5/dataset.hpp"
#include "io/h5/links.hpp"

namespace cleft::h5 {

/// Where the elements of a dataset are, and which of them are nowhere. HDF5 makes up what is missing (zeros,
/// or the file's fill value) and says nothing.
struct Storage {
  bool is_virtual = false;
  std::size_t source_count = 0;              ///< of a virtual dataset: parts of it that are elsewhere
  std::vector<std::filesystem::path> files;  ///< others than the dataset's own that it reads, each once
  std::vector<std::string> lost;             ///< "part1.h5: there is no such file", a line for each
  std::uint64_t chunks = 0;                  ///< 0 where it is not chunked
  std::uint64_t unwritten = 0;               ///< of these, never written; only where they were counted
  bool all_unwritten = false;                ///< nothing of it was ever written
  std::size_t largest_chunk = 0;             ///< bytes, also of the sources; 0: no chunks
};

/// How closely to look.
struct StorageOptions {
  FollowRule follow{};
  bool count_chunks = false;  ///< goes through the index of all chunks, also of virtual sources
};

/// Looks where a dataset's elements are: opens the sources of a virtual dataset (and theirs), and looks at
/// external files of raw data.
/// \param file  That the dataset is in.
/// \throws InputError when a source may not be followed; as File::open_read for a source that is damaged.
Storage storage_of(const Dataset& dataset, const std::filesystem::path& file, const StorageOptions& options);

}  // namespace cleft::h5
