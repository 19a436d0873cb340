#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "base/narrow.hpp"
#include "io/h5/h5.hpp"

namespace cleft {

/// One axis of a dataset as VIGRA and ilastik tag it.
struct AxisTag {
  char key = '?';         ///< 'z', 'y', 'x', 'c' (channel) or 't' (time)
  double resolution = 0;  ///< length of one step, in a unit that is stored elsewhere; 0: unknown
};

/// Reads the JSON of an `axistags` attribute: one tag per axis, in the dataset's order.
/// \param subject  What the text belongs to, for messages.
/// \throws InputError when the text is no list of axes, or one has no single-letter key.
std::vector<AxisTag> parse_axistags(const std::string& json, const std::string& subject);

/// Which of a dataset's axes (0 = slowest) are z, y and x. Every other axis has length 1: a single channel or
/// time point. Taken from the attribute `axistags`, else from `axes` ("zyx"), else 3 axes are z, y, x, and of
/// 4 or 5 axes the last or first ones of length 1 are set aside.
/// \throws InputError when there are not three axes left, or they come in another order than z, y, x: says
///         what was found.
PerAxis<std::size_t> volume_axes(const h5::Dataset& dataset);

/// The same where the axis c may have any length, and where a dataset whose attribute names y and x but no z
/// is a volume of one section: an image as ilastik's projects have them.
struct ChannelledAxes {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  PerAxis<std::size_t> space;          ///< z may be `none`
  std::optional<std::size_t> channel;  ///< nothing when there is no axis c
};
ChannelledAxes channelled_volume_axes(const h5::Dataset& dataset);

/// The voxel size in nm that a dataset states: attribute `element_size_um` (z, y, x, in µm; Fiji, ilastik),
/// `resolution` (z, y, x, in nm; CREMI), or the resolutions in `axistags` with `axis_units` (ilastik 1.4.2).
/// Rounded to 7 significant digits, so that single-precision attributes give the number that was meant.
/// Nothing when none is stated.
/// \throws InputError when two of them disagree (both are named) or one is not three positive numbers.
std::optional<VoxelSize> stored_voxel_size(const h5::Dataset& dataset);

/// Marks a dataset as z, y, x, so that ilastik, Fiji and CREMI's tools open it as cleft means it: `axistags`;
/// and where the voxel size is known `element_size_um`, `resolution`, `offset` (0) and `axis_units`.
/// Collective on a shared file.
/// \param channels  Whether the dataset has a fourth axis, c, behind the others.
void write_axes(h5::Dataset& dataset, const std::optional<VoxelSize>& voxel_size, bool channels = false);

}  // namespace cleft
