#pragma once

#include <cstddef>
#include <span>

#include "base/array3.hpp"
#include "features/channel_sink.hpp"
#include "features/set/feature_set.hpp"

namespace cleft {

/// Computes every channel of `set` for a box of an image (a block's owned box, a tile) on the calling thread.
/// Values are bit-identical for any way of cutting the volume into boxes and on every processor.
///
/// \param padded         One per image channel, each z, y, x: grey values of the box and its halo, cut off at
///                       the volume's edge. Where the box is nearer to the edge than set.halo(), the array
///                       ends at the edge, and values beyond are those reflected at it (without repeating the
///                       edge voxel).
/// \param begin, extent  The box: where it begins in `padded`, and how large it is.
/// \param sink           Is given the rows of every channel it wants, numbered in the set's order, as voxels
///                       counted from `begin`. A row may come in several parts; parts come in no particular
///                       order. A feature of which it wants no channel is not computed; which others are
///                       changes no value.
/// \pre                  The box lies inside `padded`; set.check_fits(volume).
/// \throws               InternalError if the number of image channels is wrong, std::bad_alloc
void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& begin, const Extent& extent, ChannelSink& sink);
/// The same into arrays.
/// \param channels  One per channel, in the set's order, each of the box's extent; they do not overlap.
/// \throws          InternalError if their number or extent is wrong.
void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& begin, const Extent& extent, std::span<const View3<float>> channels);
/// The same for an image of one channel.
void compute_features(const FeatureSet& set, View3<const float> padded, const LocalVoxel& begin,
                      const Extent& extent, std::span<const View3<float>> channels);

/// Bytes that compute_features allocates at most for a box of this extent, wherever in the volume it lies.
/// What the caller provides (the padded image, the channels) and buffers of a few rows are not included.
std::size_t working_bytes(const FeatureSet& set, const Extent& extent);

}  // namespace cleft
