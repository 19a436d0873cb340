#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "io/h5/handle.hpp"
#include "io/h5/memory_type.hpp"

namespace cleft::h5 {

/// What files, groups and datasets share: a name for messages, and attributes.
class Object {
 public:
  /// "raw.h5:/raw": for messages.
  const std::string& name() const { return name_; }
  hid_t id() const { return id_.get(); }

  bool has_attribute(const std::string& name) const;
  /// All values of an attribute, a scalar as one. T: a number (converted) or std::string (fixed or variable
  /// length).
  /// \throws InputError when it is missing or of another kind.
  template <class T>
  std::vector<T> attribute(const std::string& name) const;
  /// The one value of an attribute.
  /// \throws InputError when it is missing, of another kind, or not exactly one value.
  template <class T>
  T scalar_attribute(const std::string& name) const;

  /// Writes or replaces an attribute. T: a number or bool (as 0 or 1).
  template <class T>
  requires std::is_arithmetic_v<T>
  void set_attribute(const std::string& name, T value);
  template <class T>
  requires std::is_arithmetic_v<T>
  void set_attribute(const std::string& name, const std::vector<T>& values);
  void set_attribute(const std::string& name, const std::string& text);
  void set_attribute(const std::string& name, const char* text) { set_attribute(name, std::string(text)); }
  void set_attribute(const std::string& name, const std::vector<std::string>& texts);
  /// Writes or replaces a text that programs in Python read: h5py gives texts of variable length as str, and
  /// those of fixed length, which set_attribute writes, as bytes, which ilastik cannot take for its axistags.
  void set_text_for_python(const std::string& name, const std::string& text);

 protected:
  Object(Handle id, std::string name) : id_(std::move(id)), name_(std::move(name)) {}

  Handle id_;
  std::string name_;

 private:
  Handle open_attribute(const std::string& name, bool text, std::size_t& count) const;
  void read_attribute(const Handle& attribute, hid_t type, void* out) const;
  std::vector<std::string> text_attribute(const std::string& name) const;
  void write_attribute(const std::string& name, hid_t type, std::size_t count, bool scalar,
                       const void* values);
};

template <class T>
std::vector<T> Object::attribute(const std::string& name) const {
  if constexpr (std::is_same_v<T, std::string>) {
    return text_attribute(name);
  } else {
    std::size_t count = 0;
    const Handle attribute = open_attribute(name, false, count);
    std::vector<T> values(count);
    if (count > 0) read_attribute(attribute, memory_type<T>(), values.data());
    return values;
  }
}

template <class T>
T Object::scalar_attribute(const std::string& name) const {
  std::vector<T> values = attribute<T>(name);
  if (values.size() != 1)
    throw InputError(
        {name_ + " attribute " + name, "has " + std::to_string(values.size()) + " values", "one"});
  return std::move(values.front());
}

template <class T>
requires std::is_arithmetic_v<T>
void Object::set_attribute(const std::string& name, T value) {
  write_attribute(name, memory_type<T>(), 1, true, &value);
}

template <class T>
requires std::is_arithmetic_v<T>
void Object::set_attribute(const std::string& name, const std::vector<T>& values) {
  write_attribute(name, memory_type<T>(), values.size(), false, values.data());
}

}  // namespace cleft::h5
