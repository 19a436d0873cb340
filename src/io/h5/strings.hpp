#pragma once

#include <functional>
#include <string>
#include <vector>

#include <hdf5.h>

#include "io/h5/handle.hpp"

namespace cleft::h5 {

/// Text of fixed or variable length, from an attribute or a dataset.
///
/// \param type, space  The text's type in the file and its shape, which has `count` elements.
/// \param read         Reads all elements as the type it is given.
std::vector<std::string> read_strings(hid_t type, hid_t space, std::size_t count, const std::string& subject,
                                      const std::function<void(hid_t type, void* out)>& read);

/// UTF-8 of so many bytes, NULs behind it: how cleft writes texts beside its data, where HDF5's checksums
/// cover them.
Handle fixed_string_type(std::size_t length, const std::string& subject);
/// UTF-8 of variable length, as h5py writes str. HDF5 keeps such texts in a heap without checksums.
Handle variable_string_type(const std::string& subject);

}  // namespace cleft::h5
