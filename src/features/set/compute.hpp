#pragma once

#include <cstddef>
#include <span>

#include "base/array3.hpp"
#include "features/channel_sink.hpp"
#include "features/set/feature_set.hpp"

namespace cleft {

/// Computes every channel of `set` for the core of a block. Values are bit-identical for any way of cutting
/// the volume into blocks and on every processor.
///
/// \param padded      One per image channel: grey values of the core and its halo, cut off at the volume's
///                    edge: where the core is nearer to the edge than set.halo(), the array ends at the edge,
///                    and values beyond are those reflected at it (without repeating the edge voxel).
/// \param core_begin  Where the core begins in `padded`.
/// \param core        Extent of the core.
/// \param sink        Is given the rows of every channel, numbered in the set's order, as voxels of the core.
///                    A row may come in several parts; parts come in no particular order.
/// \pre               The core lies inside `padded`; set.check_fits(volume).
/// \throws            InternalError if the number of image channels is wrong, std::bad_alloc
void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& core_begin, const Extent& core, ChannelSink& sink);
/// The same into arrays.
/// \param channels    One per channel, in the set's order, each of the core's extent; they do not overlap.
/// \throws            InternalError if their number or extent is wrong.
void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& core_begin, const Extent& core,
                      std::span<const View3<float>> channels);
/// The same for an image of one channel.
void compute_features(const FeatureSet& set, View3<const float> padded, const LocalVoxel& core_begin,
                      const Extent& core, std::span<const View3<float>> channels);

/// Bytes that compute_features allocates for a core of this extent, at the volume's edge or not. (The padded
/// input and the channels are the caller's.) Besides, a few rows of voxels.
std::size_t working_bytes(const FeatureSet& set, const Extent& core);

}  // namespace cleft
