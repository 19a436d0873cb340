#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "base/place.hpp"
#include "io/volume/axis_order.hpp"
#include "io/volume/element_type.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {

/// What a file says of an array of numbers in it. All lengths are along the axes of the file, slowest first.
struct StoredArray {
  VolumePath path;  ///< with the dataset's name filled in
  Lengths shape;
  Lengths chunk;  ///< what is stored, and perhaps compressed, in one piece; empty: the array as a whole
  ElementType type = ElementType::uint8;
  std::optional<AxesInFile> axes;
  std::optional<VoxelSize> voxel_size;      ///< in nm
  bool voxel_size_by_axis = false;          ///< the file says which length is along which axis
  std::optional<PerAxis<double>> offset{};  ///< in nm, see base/place.hpp
};

/// A part of a stored array: the elements [begin, begin + count) of every axis.
struct StoredPart {
  Lengths begin, count;
  Box box{};  ///< the same voxels in the volume: for messages
};

/// What is compared to tell whether an input is the same as at another time.
struct ArrayFingerprint {
  nlohmann::json value;  ///< an object of numbers and texts; equal means the same input
  bool sampled = false;  ///< it is of places in the input, not of all of it
};

/// A volume in a file of any format, opened for reading: the one interface between cleft and formats. A
/// format derives from it, hands the constructor what its file says, and reads parts of the array as they
/// stand in the file; which axes are z, y, x and c and how numbers become other numbers is settled here for
/// all formats.
///
/// Nothing here is collective. One thread at a time uses a source.
class VolumeSource {
 public:
  /// Memory that a format may keep for decoded chunks, so that neighbouring boxes do not decode the same ones
  /// again.
  static constexpr std::size_t cache_bytes = std::size_t{32} << 20U;

  VolumeSource(const VolumeSource&) = delete;
  VolumeSource& operator=(const VolumeSource&) = delete;
  virtual ~VolumeSource() = default;

  /// Where it is, with the dataset's name filled in. Its options hold the order of axes if one from outside
  /// the file counts: `axes` is that order, stated or recorded; else both are empty.
  const VolumePath& path() const { return stored_.path; }
  /// Voxels along z, y and x; z is 1 of a single section. Of the box where path().options have one: it is the
  /// volume then, and positions are counted from its first voxel.
  const Extent& extent() const { return extent_; }
  /// The box of the dataset that the volume is: all of it where the path's options have no box.
  Box box() const { return box_at(GlobalVoxel{} + first_, extent_); }
  /// Where the whole dataset lies by what the file says of it.
  const Place& dataset_place() const { return dataset_place_; }
  /// The same of the volume. A box of a dataset without a voxel size has no offset.
  Place place() const;
  /// Of the numbers in the file.
  ElementType type() const { return stored_.type; }
  /// Length of the axis c; 1 where there is none.
  std::size_t channel_count() const { return channel_count_; }
  /// The order and the lengths of the axes in the file: for messages.
  std::string axes_text() const { return describe_axes(order_, stored_.shape); }
  /// In nm, as the file states it; nothing when it does not.
  const std::optional<VoxelSize>& voxel_size() const { return stored_.voxel_size; }
  /// Whether it is certain which of its lengths is along which axis. Files state three lengths as z, y, x;
  /// but where the axes come in another order the lengths may, too.
  bool voxel_size_is_certain() const;
  /// What is stored in one piece, along z, y and x; nothing when the volume is not stored in chunks.
  std::optional<Extent> chunk() const;
  /// The smallest box that is read without waste, for those who go through the whole volume: a chunk, or in a
  /// volume without chunks a row along the axis that is fastest in the file.
  Extent read_unit() const;

  /// Copies a box of one channel into memory, converting each number to T exactly; to float as
  /// path().options.conversion says.
  ///
  /// \tparam T       uint8, uint16, uint64, int64 or float.
  /// \param channel  Less than channel_count().
  /// \param box      Lies inside the volume.
  /// \param out      Has the box's extent; may be a part of an Array3.
  /// \throws         InputError naming the value and its place when T cannot hold one; IoError when reading
  ///                 fails.
  template <class T>
  void read(std::size_t channel, const Box& box, const View3<T>& out) const;

  /// Looks whether all of it is in its file; goes through the index of the chunks, a few microseconds for
  /// each, but reads none. Reading finds what is missing as well, when it comes to it.
  /// \returns What is missing and path().options.missing makes up for: "12 of its 48 chunks were never
  ///          written"; empty when nothing is.
  /// \throws InputError when something is missing, naming it and the way out.
  virtual std::string check_complete() const { return ""; }
  /// The files that its numbers are in: the one of path(), where a link leads away the one it leads to, and
  /// those that this one names.
  virtual std::vector<std::filesystem::path> files() const { return {stored_.path.file}; }
  /// What tells apart the states of these files over time (base/files/file_stamp.hpp), as they were opened.
  /// Each read ends with a look at them: what has changed since is not read.
  virtual std::string state() const { return ""; }
  /// What tells its numbers apart from others by what is stored: of an HDF5 dataset by what is stored of it
  /// (io/h5/stored_content.hpp), else by files(). Reads a few MiB.
  /// \throws IoError when they cannot be read.
  virtual ArrayFingerprint fingerprint() const { return fingerprint_of_files(); }
  /// The same by the content of files() as a whole (base/files/fingerprint.hpp), and the type.
  ArrayFingerprint fingerprint_of_files() const;
  /// Bytes of the largest piece that must be decoded as a whole; 0 where any part can be read by itself.
  virtual std::size_t piece_bytes() const { return 0; }
  /// How many such pieces are decoded together; each takes thrice its bytes meanwhile.
  virtual std::size_t pieces_at_once() const { return 1; }

  /// What else the file says of the array under a name (an attribute): a text or a list of texts.
  /// \returns Nothing when it says nothing under this name.
  /// \throws InputError when it is no text.
  virtual std::vector<std::string> texts(const std::string& name) const = 0;
  /// The same of one whole number.
  virtual std::optional<std::int64_t> whole_number(const std::string& name) const = 0;

 protected:
  /// \throws InputError when the axes are not those of a volume, contradict the path's options, or it has no
  ///         voxels or more than 1e15.
  explicit VolumeSource(StoredArray stored);

 private:
  /// Reads a part of the array in the file's own type and the machine's byte order.
  /// \param memory  Lengths of the array that `out` is, in C order; the part goes to its beginning.
  /// \throws IoError naming the part's box when reading fails.
  virtual void read_part(const StoredPart& part, const Lengths& memory, void* out) const = 0;

  void choose_box();
  StoredPart part_of(std::size_t channel, const Box& box) const;
  /// Lengths or positions along all axes of the file.
  /// \param elsewhere  Along the axes other than z, y and x.
  Lengths along_all_axes(const Extent& zyx, std::int64_t channel, std::int64_t elsewhere) const;
  template <class T>
  void read_as_stored(std::size_t channel, const Box& box, const View3<T>& out) const;
  template <class T>
  void read_converting(std::size_t channel, const Box& box, const View3<T>& out) const;
  template <class T>
  [[noreturn]] void refuse(const std::string& value, const GlobalVoxel& voxel) const;

  StoredArray stored_;
  std::string order_;
  AxisPositions axes_;
  Place dataset_place_;
  Extent first_;  // of the volume's first voxel in the dataset
  Extent extent_;
  std::size_t channel_count_ = 1;
};

}  // namespace cleft
