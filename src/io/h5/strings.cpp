#include "io/h5/strings.hpp"

#include <algorithm>
#include <cstring>

namespace cleft::h5 {
namespace {

/// A string type of HDF5: UTF-8, of one length for all (`length` bytes) or of each string's own.
Handle string_type(std::size_t length, const std::string& subject) {
  Handle type(H5Tcopy(H5T_C_S1), subject, "make a string type");
  check(H5Tset_size(type.get(), length), subject, "size a string type");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), subject, "make a UTF-8 type");
  return type;
}

/// HDF5 allocates strings of variable length; this hands them back, also when copying them throws.
class VariableStrings {
 public:
  VariableStrings(std::size_t count, hid_t type, hid_t space)
      : texts_(count, nullptr), type_(type), space_(space) {}
  VariableStrings(const VariableStrings&) = delete;
  VariableStrings& operator=(const VariableStrings&) = delete;
  ~VariableStrings() { H5Dvlen_reclaim(type_, space_, H5P_DEFAULT, static_cast<void*>(texts_.data())); }
  void* data() { return static_cast<void*>(texts_.data()); }
  std::vector<std::string> copies() const {
    std::vector<std::string> copied;
    for (const char* text : texts_) copied.emplace_back(text == nullptr ? "" : text);
    return copied;
  }

 private:
  std::vector<char*> texts_;
  hid_t type_, space_;
};

}  // namespace

std::vector<std::string> read_strings(hid_t type, hid_t space, std::size_t count, const std::string& subject,
                                      const std::function<void(hid_t type, void* out)>& read) {
  if (H5Tis_variable_str(type) > 0) {
    Handle memory = string_type(H5T_VARIABLE, subject);
    check(H5Tset_cset(memory.get(), H5Tget_cset(type)), subject, "read text");
    VariableStrings texts(count, memory.get(), space);
    read(memory.get(), texts.data());
    return texts.copies();
  }
  const std::size_t length = H5Tget_size(type);
  std::vector<char> bytes(count * length);
  read(type, bytes.data());
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const char* text = bytes.data() + i * length;
    // Where NULs fill it up, one in its midst belongs to it; where a NUL ends it, anything may stand behind.
    const bool is_padded = H5Tget_strpad(type) == H5T_STR_NULLPAD;
    texts.emplace_back(text, is_padded ? length : strnlen(text, length));
    if (is_padded) texts.back().erase(texts.back().find_last_not_of('\0') + 1);
    // Fortran pads with blanks; nothing that cleft reads ends in one.
    if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) texts.back().erase(texts.back().find_last_not_of(' ') + 1);
  }
  return texts;
}

Handle variable_string_type(const std::string& subject) {
  return string_type(H5T_VARIABLE, subject);
}

Handle fixed_string_type(std::size_t length, const std::string& subject) {
  Handle type = string_type(std::max<std::size_t>(length, 1), subject);
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), subject, "make a string type");
  return type;
}

}  // namespace cleft::h5
