#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "base/files/publish.hpp"
#include "io/h5/file.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// How a volume is laid out in its file.
struct VolumeLayout {
  Extent extent;
  Extent chunk;             ///< each at least 1; cut to the extent where it is longer
  bool compressed = false;  ///< gzip; such a volume is written by write_collective or write_packed only
  std::optional<VoxelSize> voxel_size{};
  std::optional<PerAxis<double>> offset{};  ///< nm: where it lies, see base/place.hpp
};

/// Bytes of disk that a volume of whole uncompressed chunks takes, index included; just the index where
/// `voxel_bytes` is 0.
/// \pre Every axis of both extents is at least 1.
std::int64_t chunked_bytes(const Extent& extent, const Extent& chunk, std::int64_t voxel_bytes);

/// A volume in a file that VolumeWriter writes. Of no use after the writer's `finish`.
class WrittenVolume {
 public:
  /// \param dataset  In the writer's file; for those who know HDF5. create_volume makes one for everybody.
  explicit WrittenVolume(h5::Dataset dataset) : dataset_(std::move(dataset)) {}
  /// A list of names that is stored with the volume as an attribute. Collective over the writer's ranks.
  void set_attribute(const std::string& name, const std::vector<std::string>& texts);
  /// The same of whole numbers.
  void set_attribute(const std::string& name, const std::vector<std::int64_t>& numbers);
  const h5::Dataset& dataset() const { return dataset_; }

 private:
  friend class VolumeWriter;
  h5::Dataset dataset_;
};

/// An HDF5 file that all ranks write together. It has another name until `finish` gives it its own, so that
/// nobody can take an unfinished file for a finished one: a temporary one (temporary_name), or "<path>.part"
/// where it is gone on with. When a writer is destroyed before `finish`, a file begun with `create` is
/// removed and one continued with `resume` stays.
///
/// Functions marked collective are called by every rank in the same order, and fail on all ranks alike with a
/// CollectiveError. When an exception unwinds through a writer its file is not closed (the other ranks may
/// not be closing theirs, and would be waited for); the end of the program does that.
///
/// \code
///   VolumeWriter writer = VolumeWriter::create(comm, "raw.h5");
///   WrittenVolume raw = writer.create_volume<std::uint8_t>("/raw", {.extent = extent, .chunk = chunk});
///   writer.flush();
///   writer.write_chunks<std::uint8_t>(raw, box, voxels);  // each rank its own
///   writer.finish();
/// \endcode
class VolumeWriter {
 public:
  /// Begins a new file; what killed processes have left of others for `path` is removed. Collective.
  /// \param front_bytes  That HDF5 leaves free at the file's beginning, for a seal: 0 or seal_bytes.
  static VolumeWriter create(const Communicator& comm, const std::filesystem::path& path,
                             std::size_t front_bytes = 0);
  /// Begins a new file that one rank writes alone, on behalf of the others. What is collective below is so
  /// for this rank alone: it waits for nobody. Of its volumes those that are compressed are written by
  /// write_packed only.
  /// \throws CollectiveError (on this rank)
  static VolumeWriter create_alone(const std::filesystem::path& path, std::size_t front_bytes = 0);
  /// Goes on with the unfinished file of an interrupted run. Collective.
  /// \pre "<path>.part" exists.
  static VolumeWriter resume(const Communicator& comm, const std::filesystem::path& path);

  VolumeWriter(const VolumeWriter&) = delete;
  VolumeWriter& operator=(const VolumeWriter&) = delete;
  VolumeWriter(VolumeWriter&&) = default;
  VolumeWriter& operator=(VolumeWriter&&) = delete;
  /// Collective, unless an exception is unwinding; does not give the file its name.
  ~VolumeWriter();

  /// For datasets and attributes of other kinds: creating them is collective, writing a dataset's values is
  /// not. Where they are large, `plan` comes first.
  h5::File& file() { return file_; }

  /// A number that is stored with the file as an attribute. Collective.
  template <class T>
  void set_attribute(const std::string& name, T number) {
    file_.set_attribute(name, number);
  }

  /// Takes the disk space of datasets that are to be made through `file()`. Collective.
  void plan(std::int64_t bytes);

  /// Makes a volume with its axes, voxel size and place (write_axes of io/h5/volume_attributes.hpp). Voxels
  /// that are never written have no defined value; of a compressed volume they are 0. Takes the disk space
  /// that is known beforehand: all of a volume that is not compressed. Collective.
  /// \tparam T  An integer of 8 to 64 bits, float or double.
  template <class T>
  WrittenVolume create_volume(const std::string& name, const VolumeLayout& layout);

  /// Everything created so far survives the program being killed, and what stands in the file has its disk
  /// space, also after `resume`. Call it when all datasets are made, before values are written. Collective.
  void flush();

  /// Writes whole chunks of a volume that is not compressed, one call to HDF5 for each. Not collective.
  /// \tparam T      The volume's own element type.
  /// \param box     Begins at a chunk and ends at one, or at the end of the volume.
  /// \param voxels  Of the box's extent.
  /// \throws        IoError
  template <class T>
  void write_chunks(WrittenVolume& volume, const Box& box, const View3<const T>& voxels) const;

  /// Writes a box of a volume; no voxel is written twice, by whatever rank. Fast when each box holds whole
  /// chunks and the disk has room for all of them uncompressed; without that room each rank writes one chunk
  /// at a time. Of a compressed volume, chunks of zeros are not written (they read as zeros anyway), since
  /// compressing them would take most of the time. Collective.
  /// \tparam T      The volume's own element type.
  /// \param box     Empty where a rank has nothing to write.
  /// \param voxels  Of the box's extent.
  template <class T>
  void write_collective(WrittenVolume& volume, const Box& box, const View3<const T>& voxels) const;

  /// Packs a chunk of a compressed volume for `write_packed`. Not collective; several threads may do it at
  /// once.
  /// \param elements  All of the chunk, in the machine's byte order, also what lies beyond the volume's end.
  static h5::PackedChunk packed(std::span<const std::byte> elements);
  /// Writes a packed chunk of a compressed volume; each is written at most once. Not collective.
  /// \param begin  The chunk's first voxel.
  /// \pre    The writer was made by create_alone.
  /// \throws IoError
  void write_packed(WrittenVolume& volume, const GlobalVoxel& begin, const h5::PackedChunk& chunk);

  /// Closes the file and gives it its name, replacing what had it. Nothing can be written afterwards.
  /// Collective.
  void finish();
  /// Closes the file and leaves it under its temporary name. One rank alone may then add to it (tables,
  /// attributes), and publishes it, perhaps together with others. Nothing can be written through this object
  /// afterwards. For a file begun with `create`. Collective.
  /// \returns On rank 0 the file, elsewhere an empty one.
  UnpublishedFile finish_unpublished();

 private:
  VolumeWriter(Communicator comm, std::filesystem::path path, std::filesystem::path written,
               UnpublishedFile begun, h5::File file);
  static VolumeWriter begin(const Communicator& comm, const std::filesystem::path& path,
                            std::size_t front_bytes, bool alone);
  void close();
  void reserve(std::int64_t growth) const;
  bool has_room(std::int64_t growth) const;
  template <class T>
  void write_those(h5::Dataset& dataset, const Box& box, const View3<const T>& voxels,
                   std::span<const Box> chunks) const;
  template <class T>
  void write_together(h5::Dataset& volume, const Box& box, std::span<const Box> boxes,
                      const View3<const T>& voxels) const;

  Communicator comm_;
  std::filesystem::path path_, written_;
  UnpublishedFile begun_;  // what `create` made, on rank 0, until it is finished
  h5::File file_;
  int exceptions_at_start_;
  bool alone_ = false;              // the file is open on this rank only
  std::int64_t planned_bytes_ = 0;  // what everything made so far will take in the file
  std::int64_t spare_bytes_ = 0;    // reserved beyond that, for packed chunks
};

}  // namespace cleft
