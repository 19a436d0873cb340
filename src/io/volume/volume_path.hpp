#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

#include "base/box.hpp"
#include "base/enum_words.hpp"

namespace cleft {

/// What is done with a number that float32 cannot hold, where grey values are read as float32.
enum class Conversion {
  exact,    ///< it is an error
  nearest,  ///< it is rounded to the nearest float32; one beyond float32's range is still an error
};

template <>
struct EnumWords<Conversion> {
  static constexpr auto list =
      std::to_array<EnumWord<Conversion>>({{Conversion::exact, "exact"}, {Conversion::nearest, "nearest"}});
};

/// What is done where elements of a dataset are nowhere: chunks that nobody has written, sources of a virtual
/// dataset or external files that are not there. HDF5 makes up their elements.
enum class Missing {
  error,
  /// Chunks that were never written are 0: label files often have chunks only where somebody drew. Anything
  /// else that is missing is an error.
  sparse,
  background,  ///< all of it has the file's fill value, which is 0 where the file has none
};

template <>
struct EnumWords<Missing> {
  static constexpr auto list = std::to_array<EnumWord<Missing>>(
      {{Missing::error, "error"}, {Missing::sparse, "sparse"}, {Missing::background, "background"}});
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
  /// The user has stated the voxel size and is to be believed: a voxel size in the file that contradicts
  /// itself, or is none, is ignored instead of refused.
  bool voxel_size_known = false;
  /// The key that the conversion comes from: "volume.convert". For messages; empty: there is none.
  std::string conversion_key{};
  /// `background` also makes 0 of grey values that are not usable (is_usable_grey).
  Missing missing = Missing::error;
  /// What would make up for what is missing: "volume.missing: background". For messages; empty: nothing.
  std::string missing_key{};
  /// Whether links, sources of virtual datasets and external raw data may lead out of the file's folder.
  bool follow_links = false;
  /// What would allow that: "volume.follow_links: true". For messages; empty: nothing.
  std::string follow_key{};
  /// How many threads decode its chunks, and how many bytes of memory chunks may take that are decoded
  /// together (one may take any).
  int decoding_threads = 1;
  std::int64_t decoding_bytes = 0;
  /// The key that the path comes from: "volume.mask". For messages; empty: it is from the command line.
  std::string path_key{};
};

/// Whether a path ends as names of HDF5 files do: in .h5, .hdf5, .hdf or .ilp, in small letters or capitals.
bool names_hdf5_file(const std::filesystem::path& path);

/// A dataset in a file, and how it is to be read.
struct VolumePath {
  std::filesystem::path file;
  std::string dataset;  ///< "/raw"; empty: the only dataset in the file
  ReadOptions options{};

  /// Splits "dir/file.h5/volumes/raw" into file and dataset. The file is the first part of the path that is a
  /// regular file, whatever its name (.H5, .ims, .mat, .nwb, none); where there is none yet, what ends as a
  /// name of an HDF5 file does; else all of it. What to_string writes is taken as well.
  static VolumePath parse(const std::string& text);
};

/// "raw.h5:/raw": for messages.
std::string to_string(const VolumePath& path);

/// What is missing of a path: "there is no such file: /data is there, but no 'raw' in it", or why it cannot
/// be followed; empty where it leads to something.
std::string where_it_ends(const std::filesystem::path& path);

}  // namespace cleft
