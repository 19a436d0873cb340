#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "io/volume/volume_source.hpp"

namespace cleft {

/// One channel of an open volume, as a value: copies read the same open file and share its decoded chunks.
/// Each rank may have its own; nothing is collective, and the file is only read. Readers of one file are used
/// by one thread at a time.
class VolumeReader {
 public:
  /// Memory that the readers of a volume keep for decoded chunks.
  static constexpr std::size_t cache_bytes = VolumeSource::cache_bytes;

  /// A volume of a single channel.
  /// \throws as open_volume; InputError also when it has several channels.
  explicit VolumeReader(const VolumePath& path);
  /// One channel of a volume that may have several.
  /// \throws as open_volume; InputError also when there is no such channel.
  VolumeReader(const VolumePath& path, std::size_t channel);
  /// \pre The source has such a channel.
  VolumeReader(std::shared_ptr<const VolumeSource> source, std::size_t channel)
      : source_(std::move(source)), channel_(channel) {}
  /// Another channel of the same volume.
  /// \throws InputError when there is no such channel.
  VolumeReader other_channel(std::size_t channel) const;

  // See VolumeSource.
  const VolumePath& path() const { return source_->path(); }
  const Extent& extent() const { return source_->extent(); }
  Place place() const { return source_->place(); }
  ElementType type() const { return source_->type(); }
  std::size_t channel_count() const { return source_->channel_count(); }
  const std::optional<VoxelSize>& voxel_size() const { return source_->voxel_size(); }
  std::optional<Extent> chunk() const { return source_->chunk(); }
  const VolumeSource& source() const { return *source_; }

  /// Copies a box into memory, converting each number to T exactly; to float as path().options.conversion
  /// says.
  /// \tparam T   uint8, uint16, uint64, int64 or float.
  /// \param box  Lies inside the volume.
  /// \param out  Has the box's extent; may be a part of an Array3.
  /// \throws     InputError naming the value and its place when T cannot hold one; IoError when reading
  ///             fails.
  template <class T>
  void read(const Box& box, const View3<T>& out) const {
    source_->read(channel_, box, out);
  }

 private:
  std::shared_ptr<const VolumeSource> source_;
  std::size_t channel_;
};

}  // namespace cleft
