#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "io/h5/file.hpp"

namespace cleft {

/// Whether a path ends in the name of an HDF5 file: .h5, .hdf5, .hdf or .ilp.
bool names_hdf5_file(const std::filesystem::path& path);

/// A dataset in an HDF5 file.
struct VolumePath {
  std::filesystem::path file;
  std::string dataset;  ///< "/raw"; empty: the only dataset in the file

  /// Splits "dir/file.h5/volumes/raw" after the first part that names an HDF5 file (.h5, .hdf5, .hdf, .ilp);
  /// without such a part, all of it is the file. What to_string writes is taken as well.
  static VolumePath parse(const std::string& text);
};

/// "raw.h5:/raw": for messages.
std::string to_string(const VolumePath& path);

enum class ElementType { uint8, uint16, uint32, uint64, int8, int16, int32, int64, float32, float64 };

/// "uint8", ...
std::string to_string(ElementType type);
/// Bytes of one element.
std::size_t size_of(ElementType type);

/// Reads boxes of a 3-D volume from an HDF5 file written by anyone: any number type, any chunks and filters,
/// axes as volume_axes understands them. Each rank may have its own: nothing is collective, the file is only
/// read.
class VolumeReader {
 public:
  /// Memory that a reader keeps for decoded chunks, so that neighbouring boxes do not decode the same ones
  /// again.
  static constexpr std::size_t cache_bytes = std::size_t{32} << 20U;

  /// \throws InputError when the file or the dataset is missing (naming what is there), has other axes, or
  ///         holds no numbers; IoError when the file is damaged or cannot be read.
  explicit VolumeReader(const VolumePath& path);
  /// One channel of a volume that may have an axis c, or be a single section.
  /// \throws InputError also when there is no such channel.
  VolumeReader(const VolumePath& path, std::size_t channel);
  /// Another channel of the same volume. Both read the one open file and share its decoded chunks.
  /// \throws InputError when there is no such channel.
  VolumeReader other_channel(std::size_t channel) const;

  /// With the dataset's name filled in.
  const VolumePath& path() const { return source_->path; }
  const Extent& extent() const { return extent_; }
  ElementType type() const { return type_; }
  /// Length of the axis c; 1 where there is none.
  std::size_t channel_count() const { return channel_count_; }
  /// In nm, as stored_voxel_size finds it.
  /// \throws InputError when the file contradicts itself.
  std::optional<VoxelSize> voxel_size() const { return stored_voxel_size_; }
  /// The dataset's chunks along z, y, x; nothing when it is not chunked.
  std::optional<Extent> chunk() const;

  /// Copies a box into memory, converting numbers to T.
  /// \tparam T   uint8, uint16, uint64, int64 or float (from integers beyond 2^24: the nearest float).
  /// \param box  Lies inside the volume.
  /// \param out  Has the box's extent; may be a part of an Array3.
  /// \throws     InputError when a value does not fit T; IoError when reading fails.
  template <class T>
  void read(const Box& box, const View3<T>& out) const;

 private:
  struct Source {
    Source(h5::File opened, const VolumePath& named);

    h5::File file;
    VolumePath path;
    h5::Dataset dataset;
  };

  void look_at_dataset();
  void select_channel(std::size_t channel);
  const h5::Dataset& dataset() const { return source_->dataset; }

  std::shared_ptr<const Source> source_;
  PerAxis<std::size_t> axes_;
  std::optional<std::size_t> channel_axis_;
  std::size_t channel_count_ = 1;
  h5::Shape first_element_;  // 0 on every axis, but the channel on axis c
  Extent extent_;
  ElementType type_ = ElementType::uint8;
  std::optional<VoxelSize> stored_voxel_size_;
};

}  // namespace cleft
