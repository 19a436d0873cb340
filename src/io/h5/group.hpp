#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "io/h5/dataset.hpp"

namespace cleft::h5 {

/// How a new dataset lies in its file.
struct Layout {
  Shape chunks{};        ///< empty: contiguous
  int gzip = 0;          ///< 1 (fast) to 9; 0: not compressed. Needs chunks.
  bool shuffle = false;  ///< bytes of equal significance together before gzip: smaller for wide integers
  /// Take all file space now, as parallel writes need it. What it then holds is not defined; compressed
  /// chunks hold zeros.
  bool reserve = false;
};

/// A group. Paths are relative to it and may name several levels ("volumes/raw"); a leading '/' starts at the
/// root.
class Group : public Object {
 public:
  Group(Handle id, std::string name, std::string file)
      : Object(std::move(id), std::move(name)), file_(std::move(file)) {}

  /// Whether something (a dataset or a group) is at `path`.
  bool exists(const std::string& path) const;
  bool has_dataset(const std::string& path) const;
  /// The first dataset of numbers below it (by name, of the first thousand) that has so many axes or more;
  /// where there is none, the first of all. Beside images stand tables, such as BigDataViewer's lists of
  /// resolutions, which come first.
  /// \pre There is a dataset.
  std::string first_with_axes(std::size_t axes) const;
  /// Names of the groups and datasets directly inside, sorted.
  std::vector<std::string> members() const;
  /// Paths of all datasets below, from this group ("/volumes/raw"), sorted; at most `limit`.
  std::vector<std::string> dataset_paths(std::size_t limit) const;

  /// \throws InputError when it is missing.
  Group group(const std::string& path) const;
  /// \param cache_bytes  Memory for decoded chunks; 0: HDF5's default of 1 MiB.
  /// \throws InputError when it is missing: says which datasets there are and which is nearest.
  Dataset dataset(const std::string& path, std::size_t cache_bytes = 0) const;
  /// Makes the groups above it as well.
  Group create_group(const std::string& path);
  /// Makes the groups above it as well. Elements have no value yet. T as memory_type.
  template <class T>
  Dataset create_dataset(const std::string& path, const Shape& shape, const Layout& layout = {}) {
    return create_dataset(path, memory_type<T>(), shape, layout);
  }
  Dataset create_dataset(const std::string& path, hid_t type, const Shape& shape, const Layout& layout = {});

  /// A whole dataset in one go: 1-D unless a shape is given.
  template <class T>
  requires std::is_arithmetic_v<T> Dataset write(const std::string& path, const std::vector<T>& values,
                                                 const Shape& shape = {}, const Layout& layout = {});
  Dataset write(const std::string& path, const std::vector<std::string>& texts);
  /// A scalar text of variable length, as h5py writes a str.
  void write_text(const std::string& path, const std::string& text);
  /// Takes a dataset or group away, if it is there. Its space in the file is not given back.
  void remove(const std::string& path);

 private:
  std::string full_name(const std::string& path) const;
  std::string file_;
};

template <class T>
requires std::is_arithmetic_v<T> Dataset Group::write(const std::string& path, const std::vector<T>& values,
                                                      const Shape& shape, const Layout& layout) {
  Dataset dataset = create_dataset<T>(path, shape.empty() ? Shape{values.size()} : shape, layout);
  dataset.write(values);
  return dataset;
}

}  // namespace cleft::h5
