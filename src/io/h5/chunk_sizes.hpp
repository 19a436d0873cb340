#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "io/h5/handle.hpp"

namespace cleft::h5 {

/// Chunks of a dataset that take another number of bytes in the file than their shape has: of one that is too
/// short, HDF5 hands out memory that nobody has written, and of one that is too long it writes beyond its
/// buffer. For chunks without filters HDF5 tells only what they should take; what they do take stands in the
/// file's index of the chunks (a B-tree of version 1; later kinds of index have no such number), which
/// H5Dget_chunk_info_by_coord goes through from the beginning for each chunk. So it is read here, once.
/// Source: HDF5 File Format Specification 3.0, III.A.1, IV.A.1 and IV.A.2.i.
///
/// \param dataset      Chunked, without filters, of a file that nobody else is writing through HDF5.
/// \param name         Of the dataset, for messages.
/// \param chunk_bytes  That the shape of a chunk has.
/// \returns            Each such chunk's first element, and the bytes that it takes.
/// \throws             IoError when the index is damaged or cannot be read.
std::map<Shape, std::uint64_t> chunks_of_other_size(hid_t dataset, const std::string& name,
                                                    std::size_t chunk_bytes);

}  // namespace cleft::h5
