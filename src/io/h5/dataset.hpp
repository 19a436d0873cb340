#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "io/h5/chunk_filters.hpp"
#include "io/h5/object.hpp"

namespace cleft::h5 {

/// A dataset of any rank.
class Dataset : public Object {
 public:
  /// For Group, which opens and creates datasets.
  Dataset(Handle id, std::string name) : Object(std::move(id), std::move(name)) {}

  Shape shape() const;
  /// How many elements the whole dataset has; 1 for a scalar, 0 for an empty one.
  std::size_t element_count() const;
  /// Empty when it is not chunked.
  Shape chunks() const;
  /// Names of the filters that its chunks go through, in order: "shuffle", "deflate" (gzip), "szip", ...
  std::vector<std::string> filters() const;
  /// H5T_INTEGER, H5T_FLOAT, H5T_ENUM, H5T_STRING, H5T_COMPOUND, ...
  H5T_class_t type_class() const;
  /// The largest number that an enumeration of one byte names; -1 where the dataset has no such type.
  int highest_member() const;

  /// All elements in C order. T: a number (converted from whatever number is stored) or std::string.
  /// \throws InputError when another kind is stored, or when the dataset claims far more than the file can
  ///         hold; IoError when a chunk is damaged.
  template <class T>
  std::vector<T> read() const;
  /// The elements [begin, begin + count) of every axis, in C order.
  /// \pre `out` has room for all of them.
  template <class T>
  void read_part(const Shape& begin, const Shape& count, std::span<T> out) const;
  /// \pre values.size() == element_count()
  template <class T>
  void write(const std::vector<T>& values);
  template <class T>
  void write_part(const Shape& begin, const Shape& count, std::span<const T> values);

  /// Puts a chunk into the file as it is, past HDF5's filters; in the place of what was there. Only in a file
  /// that this rank alone has open: of one that ranks share, HDF5 1.10 would wait for the others.
  /// \param begin  The chunk's first element, per axis.
  void write_chunk(const Shape& begin, const PackedChunk& chunk);

  /// The whole dataset as elements of any type of HDF5, such as a compound; `bytes` is the size of the memory
  /// at `out`.
  void read_as(hid_t type, void* out, std::size_t bytes) const;
  void write_as(hid_t type, const void* values);

 private:
  void check_numeric() const;
  void check_plausible(std::size_t element_bytes) const;
  void check_chunks() const;
  void read_box(const Shape& begin, const Shape& count, hid_t type, void* out, std::size_t out_count) const;
  void write_box(const Shape& begin, const Shape& count, hid_t type, const void* values,
                 std::size_t value_count);
  std::vector<std::string> read_texts() const;
};

template <class T>
std::vector<T> Dataset::read() const {
  if constexpr (std::is_same_v<T, std::string>) {
    return read_texts();
  } else {
    check_numeric();
    check_plausible(sizeof(T));
    check_chunks();
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

}  // namespace cleft::h5
