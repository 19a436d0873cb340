#pragma once

#include <string>
#include <vector>

#include "io/h5/group.hpp"

namespace cleft {

// Texts of a project go on into JSON, into HDF5 and to the user, so that they must be UTF-8.

/// \throws InputError when there is no such dataset of texts, or one is no UTF-8.
std::vector<std::string> stored_texts(const h5::Group& group, const std::string& path);
/// \throws InputError also when it is not exactly one.
std::string stored_text(const h5::Group& group, const std::string& path);
/// Empty when there is no such dataset.
std::string stored_text_or_empty(const h5::Group& group, const std::string& path);

}  // namespace cleft
