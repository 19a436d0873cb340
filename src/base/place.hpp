#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/box.hpp"

namespace cleft {

// Datasets of one specimen meet by where they lie in the world. A dataset's offset is the position of the
// centre of its voxel 0, 0, 0, in nm (CREMI's attribute of that name); one that has none lies at 0.

/// Where a dataset lies, as far as its file says.
struct Place {
  std::string subject;  ///< the dataset, for messages
  Extent extent;
  std::optional<VoxelSize> voxel_size;    ///< nm
  std::optional<PerAxis<double>> offset;  ///< nm; nothing when it states none
};

/// Something that says in voxels where a dataset begins in a volume: a key, a flag or an attribute.
struct StatedBegin {
  std::string by;                              ///< "run.yaml:3: labels.begin", for messages
  PerAxis<std::optional<std::int64_t>> begin;  ///< in the volume's voxels; nothing on axes it is silent about
};

/// "z 0, y 400, x 800 nm": for messages.
std::string offset_text(const PerAxis<double>& offset);

/// Whether two offsets mean the same place: they differ by what writing them as text rounds, at most 0.01 nm.
bool same_offset(const PerAxis<double>& a, const PerAxis<double>& b);

/// An offset moved to another voxel of the same dataset: the position of that voxel's centre.
PerAxis<double> offset_of(const PerAxis<double>& offset, const GlobalVoxel& voxel, const VoxelSize& size);

/// Refuses a part whose voxels are of another size than those of the volume it belongs to: one of the two
/// files is of something else, or states it wrongly. Where one of them states no size there is nothing to
/// compare.
/// \param way_out  How to overrule what the part says: "--voxel-size Z,Y,X", for messages; empty: not at all.
/// \throws InputError that names both sizes.
void check_same_voxel_size(const Place& volume, const Place& part, const std::string& way_out);

/// The box that `part` is in `volume`, in the volume's voxels; it may reach beyond the volume, on any side.
///
/// Where it lies is said by its offset and by `stated`, which must not contradict each other. A dataset of
/// which nothing is said lies on a volume of the same extent; or, being larger, at 0 in the world if it then
/// covers all of a volume whose offset is not 0. One of the same extent whose offset is another than the
/// volume's lies elsewhere only when `stated` says so as well: more often one of the two attributes is
/// forgotten.
///
/// \param way_out  How to say where the part lies: "labels.begin: [z, y, x] ...", for messages.
/// \throws InputError when nothing says where a part of another extent lies, when two things say different
///         places (naming both), when an offset is no whole number of voxels (to a fiftieth of one), when it
///         is needed and no voxel size is known or the two are different, and when the part lies outside the
///         volume.
Box box_in(const Place& volume, const Place& part, std::span<const StatedBegin> stated,
           const std::string& way_out);

}  // namespace cleft
