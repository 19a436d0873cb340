#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

#include "base/box.hpp"

namespace cleft {

/// What is done with a number that float32 cannot hold, where grey values are read as float32.
enum class Conversion {
  exact,    ///< it is an error
  nearest,  ///< it is rounded to the nearest float32; one beyond float32's range is still an error
};

/// The end of an axis, whatever its length: for the end of a box that is not yet known (ReadOptions::box).
inline constexpr std::int64_t end_of_axis = std::numeric_limits<std::int64_t>::max();

/// How a dataset is to be read, as far as its file does not say or the user decides.
struct ReadOptions {
  /// The order of the dataset's axes as the user states it: a letter for each, slowest first, of z, y, x,
  /// c (channel) and t (time): "zyxc". Empty: not stated.
  std::string axes{};
  /// The order that a program other than the dataset's writer has recorded, such as an ilastik project of its
  /// image. It counts where neither the file nor `axes` says anything. Empty: none.
  std::string recorded_axes{};
  /// Where the axes are stated, or could be: "run.yaml:3: volume.axes". For messages; empty: nowhere.
  std::string axes_key{};
  Conversion conversion = Conversion::exact;
  /// The part of the dataset that is the volume, in the dataset's voxels, z, y, x; an end may be end_of_axis.
  /// Nothing: all of it.
  std::optional<Box> box{};
  /// Where the box is stated: "run.yaml:3: volume.box". For messages; empty: nowhere.
  std::string box_key{};
  /// The user knows the voxel size better than the file: one that the file states in two ways, or that is no
  /// voxel size, is no error but none.
  bool voxel_size_known = false;
  /// The key that the conversion comes from: "volume.convert". For messages; empty: there is none.
  std::string conversion_key{};
};

/// Whether a path ends in the name of an HDF5 file: .h5, .hdf5, .hdf or .ilp.
bool names_hdf5_file(const std::filesystem::path& path);

/// A dataset in a file, and how it is to be read.
struct VolumePath {
  std::filesystem::path file;
  std::string dataset;  ///< "/raw"; empty: the only dataset in the file
  ReadOptions options{};

  /// Splits "dir/file.h5/volumes/raw" after the first part that names an HDF5 file (.h5, .hdf5, .hdf, .ilp);
  /// without such a part, all of it is the file. What to_string writes is taken as well.
  static VolumePath parse(const std::string& text);
};

/// "raw.h5:/raw": for messages.
std::string to_string(const VolumePath& path);

}  // namespace cleft
