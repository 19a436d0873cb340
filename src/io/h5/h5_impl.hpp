#pragma once

// The templates of h5.hpp: they turn element types into HDF5's and leave the rest to h5.cpp.

#include <cstdint>
#include <numeric>

#include "base/error.hpp"
#include "io/h5/h5.hpp"

namespace cleft::h5 {

template <class T>
hid_t memory_type() {
  static_assert(std::is_arithmetic_v<T>);
  if constexpr (std::is_same_v<T, bool>) return H5T_NATIVE_UINT8;
  if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_integral_v<T> && std::is_signed_v<T>)
    return sizeof(T) == 1   ? H5T_NATIVE_INT8
           : sizeof(T) == 2 ? H5T_NATIVE_INT16
           : sizeof(T) == 4 ? H5T_NATIVE_INT32
                            : H5T_NATIVE_INT64;
  return sizeof(T) == 1   ? H5T_NATIVE_UINT8
         : sizeof(T) == 2 ? H5T_NATIVE_UINT16
         : sizeof(T) == 4 ? H5T_NATIVE_UINT32
                          : H5T_NATIVE_UINT64;
}

template <class T>
std::vector<T> Object::attribute(const std::string& name) const {
  if constexpr (std::is_same_v<T, std::string>) {
    return text_attribute(name);
  } else {
    std::size_t count = 0;
    const Handle attribute = open_attribute(name, false, count);
    std::vector<T> values(count);
    read_attribute(attribute, memory_type<T>(), values.data());
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

template <class T>
std::vector<T> Dataset::read() const {
  if constexpr (std::is_same_v<T, std::string>) {
    return read_texts();
  } else {
    check_numeric();
    check_plausible(sizeof(T));
    std::vector<T> values(element_count());
    if (!values.empty()) read_as(memory_type<T>(), values.data(), values.size() * sizeof(T));
    return values;
  }
}

template <class T>
void Dataset::read_part(const Shape& begin, const Shape& count, std::span<T> out) const {
  check_numeric();
  read_box(begin, count, memory_type<T>(), out.data(), out.size());
}

template <class T>
void Dataset::write(const std::vector<T>& values) {
  if (values.size() != element_count())
    throw InternalError(name_ + ": wrote another number of values than it has");
  if (!values.empty()) write_as(memory_type<T>(), values.data());
}

template <class T>
void Dataset::write_part(const Shape& begin, const Shape& count, std::span<const T> values) {
  write_box(begin, count, memory_type<T>(), values.data(), values.size());
}

template <class T>
requires std::is_arithmetic_v<T> Dataset Group::write(const std::string& path, const std::vector<T>& values,
                                                      const Shape& shape, const Layout& layout) {
  Dataset dataset = create_dataset<T>(path, shape.empty() ? Shape{values.size()} : shape, layout);
  dataset.write(values);
  return dataset;
}

}  // namespace cleft::h5
