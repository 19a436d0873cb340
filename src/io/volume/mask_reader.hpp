#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

/// A mask, and where in a volume it begins.
struct PlacedMask {
  VolumePath path;
  GlobalVoxel begin{};  ///< of its first voxel, in the volume's voxels; may lie before the volume

  friend bool operator==(const PlacedMask& a, const PlacedMask& b) {
    return a.path.file == b.path.file && a.path.dataset == b.path.dataset && a.begin == b.begin;
  }
};

/// An open mask, placed in the volume that it is for. What the mask does not cover is outside. Each rank may
/// have its own; nothing is collective.
class MaskReader {
 public:
  /// \throws as open_volume; InputError also when the mask has several channels.
  explicit MaskReader(const PlacedMask& mask);

  const VolumePath& path() const { return reader_.path(); }
  const VolumeReader& reader() const { return reader_; }
  /// The box that it covers, in the volume's voxels; it may reach beyond the volume.
  Box box() const { return box_at(begin_, reader_.extent()); }
  /// Reads a box of the volume: 1 inside, 0 outside (read_mask_values).
  /// \param box  Any box, of `out`'s extent.
  void read(const Box& box, const View3<std::uint8_t>& out) const;

 private:
  VolumeReader reader_;
  GlobalVoxel begin_;
};

/// How many voxels of a read mask are inside.
std::int64_t count_inside(const View3<const std::uint8_t>& mask);

}  // namespace cleft
