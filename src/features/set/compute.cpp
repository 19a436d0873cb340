#include "features/set/compute.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "features/convolve.hpp"
#include "features/set/scale_filters.hpp"

namespace cleft {
namespace {

/// Sections that a scale's features are computed for beyond the core: its 2D features are also wanted as they
/// are in neighbours.
std::int64_t extra_sections(const FeatureSet& set, std::size_t scale) {
  return set.scales()[scale].is_2d() ? set.sections() : 0;
}

ScaleFilters filters_of(const FeatureSet& set, std::size_t scale) {
  return {set.scales()[scale], set.structure_tensor()};
}

std::vector<FeatureKind> kinds_at(const FeatureSet& set, std::size_t scale) {
  std::vector<FeatureKind> kinds;
  for (const Feature& feature : set.features())
    if (feature.scale == scale) kinds.push_back(feature.kind);
  return kinds;
}

/// Of the tiles that a core is cut into: one section thick where sections are wanted in several places.
Extent tile_extent(const FeatureSet& set, std::size_t scale, const Extent& core) {
  return filters_of(set, scale)
      .tile_extent(extra_sections(set, scale) > 0 ? Extent{1, core.y, core.x} : core);
}

/// Floats that one scale takes from the arena for a core that is not near the volume's edge.
std::int64_t working_floats(const FeatureSet& set, std::size_t scale, const Extent& core) {
  const Extent region = core + 2 * (set.filter_halo(scale) + Extent{extra_sections(set, scale), 0, 0});
  const ScaleFilters filters = filters_of(set, scale);
  return std::max(filters.prepare_floats(region),
                  filters.prepared_floats(region) +
                      filters.tile_floats(kinds_at(set, scale), tile_extent(set, scale, core)));
}

std::int64_t working_floats(const FeatureSet& set, const Extent& core) {
  std::int64_t most = 0;
  for (std::size_t scale = 0; scale < set.scales().size(); ++scale)
    most = std::max(most, working_floats(set, scale, core));
  return most;
}

/// Some sections of the padded block, and where their features go: the channels of neighbour dz, from core
/// section `to` on.
struct Slab {
  std::int64_t from, count;
  int dz;
  std::int64_t to;
};

/// Hands in the rows of one slab wherever they are wanted. Channels are numbered as `channels` lists them.
class SlabSink : public ChannelSink {
 public:
  /// \param slabs     The places where the sections that are computed are wanted; may be the same channel's.
  /// \param channels  [number][slab] of the set.
  /// \param core      Where the core begins in the padded block.
  SlabSink(std::span<const Slab> slabs, const std::vector<std::vector<int>>& channels, const LocalVoxel& core,
           ChannelSink& sink)
      : slabs_(slabs), channels_(channels), core_(core), sink_(sink), rows_(channels.size()) {}

  float* room(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    if (slabs_.size() == 1) return sink_.room(in_set(0, channel), in_core(0, begin), voxels);
    auto& row = rows_[to_size(channel)];
    row.resize(to_size(voxels));
    return row.data();
  }
  void take(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    if (slabs_.size() == 1) return sink_.take(in_set(0, channel), in_core(0, begin), voxels);
    const auto& row = rows_[to_size(channel)];
    for (std::size_t s = 0; s < slabs_.size(); ++s) {
      std::copy_n(row.data(), voxels, sink_.room(in_set(s, channel), in_core(s, begin), voxels));
      sink_.take(in_set(s, channel), in_core(s, begin), voxels);
    }
  }

 private:
  int in_set(std::size_t slab, int channel) const { return channels_[to_size(channel)][slab]; }
  LocalVoxel in_core(std::size_t slab, const LocalVoxel& voxel) const {
    return {voxel.z - slabs_[slab].from + slabs_[slab].to, voxel.y - core_.y, voxel.x - core_.x};
  }

  std::span<const Slab> slabs_;
  const std::vector<std::vector<int>>& channels_;
  LocalVoxel core_;
  ChannelSink& sink_;
  std::vector<std::vector<float>> rows_;  // [channel] that wait to be handed in at several places
};

/// One scale's features of one image channel for one block.
class ScaleOfBlock {
 public:
  ScaleOfBlock(const FeatureSet& set, std::size_t scale, View3<const float> padded, int image_channel,
               const Region& core, ChannelSink& sink)
      : set_(set), scale_(scale), padded_(padded), image_channel_(image_channel), core_(core), sink_(sink) {
    for (std::size_t f = 0; f < set.features().size(); ++f)
      if (set.features()[f].scale == scale) features_.push_back(f);
  }

  void compute(Arena& arena) const {
    const Extent limits = padded_.extent();
    const Region sources = grown(core_, {extra_sections(set_, scale_), 0, 0}, limits);
    const Region around = grown(sources, set_.filter_halo(scale_), limits);
    const std::int64_t mark = arena.used();
    const ScaleFilters filters = filters_of(set_, scale_);
    const Patch prepared = filters.prepare(padded_, around, arena);
    for (std::int64_t z = sources.begin.z; z < sources.begin.z + sources.extent.z;) {
      const std::vector<Slab> slabs = slabs_from(z);
      filter(prepared, slabs, filters, arena);
      z += slabs.front().count;
    }
    arena.release_to(mark);
  }

 private:
  /// All places where section z of the padded block is wanted. Without neighbours, a slab is the whole core.
  std::vector<Slab> slabs_from(std::int64_t z) const {
    const auto reach = narrow<int>(extra_sections(set_, scale_));
    if (reach == 0) return {{z, core_.extent.z, 0, 0}};
    std::vector<Slab> slabs;
    for (int dz = -reach; dz <= reach; ++dz)
      for (std::int64_t to = 0; to < core_.extent.z; ++to)
        if (reflected(core_.begin.z + to + dz, padded_.extent().z) == z) slabs.push_back({z, 1, dz, to});
    return slabs;
  }

  void filter(const Patch& prepared, std::span<const Slab> slabs, const ScaleFilters& filters,
              Arena& arena) const {
    std::vector<FeatureOutput> outputs;
    std::vector<std::vector<int>> channels;
    for (const std::size_t f : features_) {
      FeatureOutput& output = outputs.emplace_back(FeatureOutput{.kind = set_.features()[f].kind});
      for (int i = 0; i < set_.channels_of(f); ++i) {
        output.channels[to_size(i)] = narrow<int>(channels.size());
        auto& of_slabs = channels.emplace_back();
        for (const Slab& slab : slabs) of_slabs.push_back(set_.first_channel(f, slab.dz, image_channel_) + i);
      }
    }
    SlabSink sink(slabs, channels, core_.begin, sink_);
    const Extent most = tile_extent(set_, scale_, core_.extent);
    for (std::int64_t y = 0; y < core_.extent.y; y += most.y)
      for (std::int64_t x = 0; x < core_.extent.x; x += most.x) {
        const Region tile{{slabs.front().from, core_.begin.y + y, core_.begin.x + x},
                          {slabs.front().count, std::min(most.y, core_.extent.y - y),
                           std::min(most.x, core_.extent.x - x)}};
        filters.run(prepared, tile, padded_.extent(), outputs, sink, arena);
      }
  }

  const FeatureSet& set_;
  std::size_t scale_;
  View3<const float> padded_;
  int image_channel_;
  Region core_;
  ChannelSink& sink_;
  std::vector<std::size_t> features_;
};

void check_images(const FeatureSet& set, std::size_t image_channels) {
  if (image_channels != to_size(set.image_channels()))
    throw InternalError(
        fmt::format("{} image channels given for a set of {}", image_channels, set.image_channels()));
}

void check_channels(const FeatureSet& set, const Extent& core, std::span<const View3<float>> channels) {
  if (channels.size() != to_size(set.channel_count()))
    throw InternalError(
        fmt::format("{} channels given for a set of {}", channels.size(), set.channel_count()));
  for (const View3<float>& channel : channels)
    if (channel.extent() != core)
      throw InternalError(
          fmt::format("a channel of {} for a core of {}", to_string(channel.extent()), to_string(core)));
}

}  // namespace

void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& core_begin, const Extent& core, ChannelSink& sink) {
  check_images(set, padded.size());
  Arena arena(working_floats(set, core));
  for (std::size_t image = 0; image < padded.size(); ++image)
    for (std::size_t scale = 0; scale < set.scales().size(); ++scale)
      ScaleOfBlock(set, scale, padded[image], narrow<int>(image), {core_begin, core}, sink).compute(arena);
}

void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& core_begin, const Extent& core,
                      std::span<const View3<float>> channels) {
  check_channels(set, core, channels);
  ChannelArrays arrays(channels);
  compute_features(set, padded, core_begin, core, arrays);
}

void compute_features(const FeatureSet& set, View3<const float> padded, const LocalVoxel& core_begin,
                      const Extent& core, std::span<const View3<float>> channels) {
  compute_features(set, std::span<const View3<const float>>(&padded, 1), core_begin, core, channels);
}

std::size_t working_bytes(const FeatureSet& set, const Extent& core) {
  return to_size(working_floats(set, core)) * sizeof(float);
}

}  // namespace cleft
