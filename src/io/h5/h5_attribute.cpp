#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/h5.hpp"

namespace cleft::h5 {
namespace {

bool holds_numbers(H5T_class_t kind) {
  return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

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
    texts.emplace_back(text, strnlen(text, length));
    // Fortran pads with blanks; nothing that cleft reads ends in one.
    if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) texts.back().erase(texts.back().find_last_not_of(' ') + 1);
  }
  return texts;
}

Handle variable_string_type(const std::string& subject) {
  return string_type(H5T_VARIABLE, subject);
}

bool Object::has_attribute(const std::string& name) const {
  const htri_t exists = H5Aexists(id(), name.c_str());
  check(exists, name_, "look for attribute " + name);
  return exists > 0;
}

Handle Object::open_attribute(const std::string& name, bool text, std::size_t& count) const {
  const std::string subject = name_ + " attribute " + name;
  if (!has_attribute(name)) throw InputError({name_, "has no attribute " + name, ""});
  Handle attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), subject, "open");
  const Handle type(H5Aget_type(attribute.get()), subject, "read its type");
  const Handle space(H5Aget_space(attribute.get()), subject, "read its shape");
  const H5T_class_t kind = H5Tget_class(type.get());
  if (!text && kind == H5T_STRING) {
    const auto words = text_attribute(name);
    throw InputError({subject, fmt::format("is the text '{}'", fmt::join(words, " ")), "a number"});
  }
  if (text ? kind != H5T_STRING : !holds_numbers(kind))
    throw InputError({subject, text ? "is not text" : "is not a number", text ? "text" : "a number"});
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  check(points, subject, "read its shape");
  count = to_size(points);
  return attribute;
}

void Object::read_attribute(const Handle& attribute, hid_t type, void* out) const {
  check(H5Aread(attribute.get(), type, out), name_, "read an attribute");
}

std::vector<std::string> Object::text_attribute(const std::string& name) const {
  const std::string subject = name_ + " attribute " + name;
  std::size_t count = 0;
  const Handle attribute = open_attribute(name, true, count);
  const Handle type(H5Aget_type(attribute.get()), subject, "read its type");
  const Handle space(H5Aget_space(attribute.get()), subject, "read its shape");
  return read_strings(type.get(), space.get(), count, subject, [&](hid_t memory, void* out) {
    check(H5Aread(attribute.get(), memory, out), subject, "read");
  });
}

void Object::write_attribute(const std::string& name, hid_t type, std::size_t count, bool scalar,
                             const void* values) {
  const std::string subject = name_ + " attribute " + name;
  if (has_attribute(name)) check(H5Adelete(id(), name.c_str()), subject, "replace");
  const hsize_t length = count;
  const Handle space(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &length, nullptr), subject,
                     "shape");
  const Handle attribute(H5Acreate2(id(), name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT), subject,
                         "create");
  if (count > 0) check(H5Awrite(attribute.get(), type, values), subject, "write");
}

void Object::set_attribute(const std::string& name, const std::string& text) {
  const char* pointer = text.c_str();
  write_attribute(name, variable_string_type(name_).get(), 1, true, static_cast<const void*>(&pointer));
}

void Object::set_attribute(const std::string& name, const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  write_attribute(name, variable_string_type(name_).get(), texts.size(), false,
                  static_cast<const void*>(pointers.data()));
}

}  // namespace cleft::h5
