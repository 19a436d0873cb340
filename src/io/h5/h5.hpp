#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hdf5.h>

/// HDF5 files, groups, datasets and attributes as objects that close themselves. Every failure becomes an
/// IoError (or an InputError where the user named something that is not there) whose subject is
/// "file.h5:/dataset" and whose text ends with HDF5's own innermost reason. HDF5 prints nothing itself. One
/// thread of a rank at a time may use any of this.
///
/// Nothing here is collective on a file opened by one rank. On a file shared by ranks
/// (io/distributed/h5_parallel.hpp) everything that creates something or writes an attribute is collective.
namespace cleft::h5 {

/// Lengths or positions per axis, slowest first.
using Shape = std::vector<hsize_t>;

/// Owns one HDF5 identifier of any kind and closes it.
class Handle {
 public:
  Handle() = default;
  /// Takes over `id`.
  /// \throws IoError "<subject>: cannot <action>: <reason>" when `id` is HDF5's failure value.
  Handle(hid_t id, const std::string& subject, std::string_view action);
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() { reset(); }

  hid_t get() const { return id_; }
  /// Closes it now; nothing happens when there is nothing to close.
  void reset() noexcept;
  /// Forgets it without closing it.
  void release() noexcept { id_ = H5I_INVALID_HID; }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

/// \throws IoError "<subject>: cannot <action>: <reason>" when `status` is negative. Call it right after the
///         HDF5 call.
void check(std::int64_t status, const std::string& subject, std::string_view action);

/// Starts HDF5 as cleft wants it: silent, and leaving files alone when the program ends. By default HDF5
/// closes what is still open in MPI_Finalize or at exit; after a failed write that crashes, and on one rank
/// alone it hangs. cleft closes what it completes and nothing else. A program with MPI calls this before MPI
/// starts (later is too late for the hook in MPI_Finalize); everything that opens a file calls it as well.
void start_library();

/// HDF5's type of one element in memory. T: an integer of 8 to 64 bits, float or double.
template <class T>
hid_t memory_type();

/// How a new dataset lies in its file.
struct Layout {
  Shape chunks{};        ///< empty: contiguous
  int gzip = 0;          ///< 1 (fast) to 9; 0: not compressed. Needs chunks.
  bool shuffle = false;  ///< bytes of equal significance together before gzip: smaller for wide integers
  /// Take all file space now, which parallel writes need. It is filled with nothing; compressed chunks are
  /// filled with zeros.
  bool reserve = false;
};

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

  /// All elements in C order. T: a number (converted from whatever number is stored) or std::string.
  /// \throws InputError when another kind is stored, or when the dataset claims far more than the file can
  ///         hold.
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

  /// The whole dataset as elements of a type made by hand (a compound); `bytes` is the size of the memory at
  /// `out`.
  void read_as(hid_t type, void* out, std::size_t bytes) const;
  void write_as(hid_t type, const void* values);

 private:
  void check_numeric() const;
  void check_plausible(std::size_t element_bytes) const;
  void read_box(const Shape& begin, const Shape& count, hid_t type, void* out, std::size_t out_count) const;
  void write_box(const Shape& begin, const Shape& count, hid_t type, const void* values,
                 std::size_t value_count);
  std::vector<std::string> read_texts() const;
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

/// An open file; as a Group it is its root.
class File : public Group {
 public:
  /// Takes over an opened file.
  File(Handle file, const std::filesystem::path& path);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  File(File&&) = default;
  File& operator=(File&&) = default;
  /// Closes it; a failure that `close` would report is lost.
  ~File();
  /// \throws InputError when there is no such file or it is no HDF5 file; IoError when it cannot be read or
  ///         is damaged.
  static File open_read(const std::filesystem::path& path);
  /// A new file that exists in memory only; `path` is its name in messages.
  static File create_in_memory(const std::filesystem::path& path);
  /// Opens a copy of all bytes of a file; `path` is its name in messages.
  /// \throws IoError when they are damaged
  static File open_image(std::span<const char> image, const std::filesystem::path& path);
  /// An existing file, to be changed by this rank alone.
  /// \throws as open_read
  static File open_write(const std::filesystem::path& path);

  /// Everything so far is in the file when this returns: it can be opened even if the program is killed
  /// later. Collective on a shared file, as is close.
  /// \throws IoError
  void flush();
  /// \throws IoError when the last of it cannot be written; the file is then left as it is.
  void close();
  /// Forgets the file without closing it. For a shared file that the other ranks may not be closing now, and
  /// for one that cannot be written.
  void release() noexcept;

  /// The bytes of a file made in memory.
  std::vector<char> image() const;

 private:
  std::string path() const;
  Handle file_id_;
};

/// Lets `fill` write a new file, which appears at `path` only when it is complete: until then, and after a
/// failure, nothing is there that was not there before. The file is put together in memory (HDF5 does not
/// recover from a disk that is full), so this is for models, tables and such; volumes are written by
/// VolumeWriter.
/// \throws what `fill` throws; IoError when it cannot be written
void write_file(const std::filesystem::path& path, const std::function<void(File&)>& fill);

}  // namespace cleft::h5

#include "io/h5/h5_impl.hpp"  // IWYU pragma: export
