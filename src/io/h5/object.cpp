#include "io/h5/object.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/shield.hpp"
#include "io/h5/strings.hpp"

namespace cleft::h5 {
namespace {

bool holds_numbers(H5T_class_t kind) {
  return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

}  // namespace

bool Object::has_attribute(const std::string& name) const {
  const htri_t exists = shielded(name_, [&] { return H5Aexists(id(), name.c_str()); });
  check(exists, name_, "look for attribute " + name);
  return exists > 0;
}

Handle Object::open_attribute(const std::string& name, bool text, std::size_t& count) const {
  const std::string subject = name_ + " attribute " + name;
  if (!has_attribute(name)) throw InputError({name_, "has no attribute " + name, ""});
  Handle attribute(shielded(subject, [&] { return H5Aopen(id(), name.c_str(), H5P_DEFAULT); }), subject,
                   "open");
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
  // A damaged or hostile file may claim any number; nothing that is read here has many values.
  constexpr std::size_t most = std::size_t{1} << 20U;
  if (count > most)
    throw InputError({subject, fmt::format("has {} values", count), fmt::format("at most {}", most)});
  return attribute;
}

void Object::read_attribute(const Handle& attribute, hid_t type, void* out) const {
  check(shielded(name_, [&] { return H5Aread(attribute.get(), type, out); }), name_, "read an attribute");
}

std::vector<std::string> Object::text_attribute(const std::string& name) const {
  const std::string subject = name_ + " attribute " + name;
  std::size_t count = 0;
  const Handle attribute = open_attribute(name, true, count);
  const Handle type(H5Aget_type(attribute.get()), subject, "read its type");
  const Handle space(H5Aget_space(attribute.get()), subject, "read its shape");
  if (count == 0) return {};
  constexpr std::size_t most_bytes = std::size_t{64} << 20U;
  if (H5Tget_size(type.get()) > most_bytes / count)
    throw InputError({subject, "is a text of endless length", fmt::format("at most {} bytes", most_bytes)});
  return read_strings(type.get(), space.get(), count, subject, [&](hid_t memory, void* out) {
    check(shielded(subject, [&] { return H5Aread(attribute.get(), memory, out); }), subject, "read");
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
  const std::string padded = text.empty() ? std::string(1, '\0') : text;
  write_attribute(name, fixed_string_type(padded.size(), name_).get(), 1, true, padded.data());
}

void Object::set_text_for_python(const std::string& name, const std::string& text) {
  const char* pointer = text.c_str();
  write_attribute(name, variable_string_type(name_).get(), 1, true, static_cast<const void*>(&pointer));
}

void Object::set_attribute(const std::string& name, const std::vector<std::string>& texts) {
  std::size_t length = 1;
  for (const std::string& text : texts) length = std::max(length, text.size());
  std::string padded;
  for (const std::string& text : texts) padded += text + std::string(length - text.size(), '\0');
  write_attribute(name, fixed_string_type(length, name_).get(), texts.size(), false, padded.data());
}

}  // namespace cleft::h5
