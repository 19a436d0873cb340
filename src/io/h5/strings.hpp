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

/// The type in which cleft writes text: UTF-8 of variable length, which Python reads as str.
Handle variable_string_type(const std::string& subject);

}  // namespace cleft::h5
