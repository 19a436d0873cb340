#include "features/set/compute.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "features/convolve.hpp"
#include "features/set/scale_filters.hpp"

namespace cleft::features {
namespace {

/// Sections on either side of the box whose features a scale computes too, since its 2D features are also
/// wanted as channels of their neighbours.
std::int64_t extra_sections(const FeatureSet& set, std::size_t scale) {
  return set.scales()[scale].is_2d() ? set.sections() : 0;
}

ScaleFilters filters_of(const FeatureSet& set, std::size_t scale) {
  return {set.scales()[scale], set.dialect()};
}

std::vector<FeatureKind> kinds_at(const FeatureSet& set, std::size_t scale) {
  std::vector<FeatureKind> kinds;
  for (const Feature& feature : set.features())
    if (feature.scale == scale) kinds.push_back(feature.kind);
  return kinds;
}

/// Of the tiles that a box is cut into: one section thick where a section's features go to several places.
Extent tile_extent(const FeatureSet& set, std::size_t scale, const Extent& box) {
  return filters_of(set, scale).tile_extent(extra_sections(set, scale) > 0 ? Extent{1, box.y, box.x} : box);
}

/// Floats that one scale takes from the arena for a box that is not near the volume's edge.
std::int64_t working_floats(const FeatureSet& set, std::size_t scale, const Extent& box) {
  const Extent region = box + 2 * (set.filter_halo(scale) + Extent{extra_sections(set, scale), 0, 0});
  const ScaleFilters filters = filters_of(set, scale);
  return std::max(filters.prepare_floats(region),
                  filters.prepared_floats(region) +
                      filters.tile_floats(kinds_at(set, scale), tile_extent(set, scale, box)));
}

std::int64_t working_floats(const FeatureSet& set, const Extent& box) {
  std::int64_t largest = 0;
  for (std::size_t scale = 0; scale < set.scales().size(); ++scale)
    largest = std::max(largest, working_floats(set, scale, box));
  return largest;
}

/// `count` sections of the padded block, from section `from` on, and where their features go: to the channels
/// of neighbour dz, at the sections of the wanted box from its section `to` on.
struct Slab {
  std::int64_t from, count;
  int dz;
  std::int64_t to;
};

/// Passes the rows of some sections on to every place where they are wanted. Its own channels are numbered as
/// `channels` lists them.
class SlabSink : public ChannelSink {
 public:
  /// \param slabs     The same sections in every place where they are wanted; two places may be sections of
  ///                  one channel.
  /// \param channels  [own channel][slab]: the set's channel.
  /// \param begin     Where the wanted box begins in the padded block.
  SlabSink(std::span<const Slab> slabs, const std::vector<std::vector<int>>& channels,
           const LocalVoxel& begin, ChannelSink& sink)
      : slabs_(slabs), channels_(channels), begin_(begin), sink_(sink), rows_(channels.size()) {}

  float* room(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    if (slabs_.size() == 1) return sink_.room(in_set(0, channel), in_box(0, begin), voxels);
    auto& row = rows_[to_size(channel)];
    row.resize(to_size(voxels));
    return row.data();
  }
  void take(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    if (slabs_.size() == 1) return sink_.take(in_set(0, channel), in_box(0, begin), voxels);
    const auto& row = rows_[to_size(channel)];
    for (std::size_t s = 0; s < slabs_.size(); ++s) {
      std::copy_n(row.data(), voxels, sink_.room(in_set(s, channel), in_box(s, begin), voxels));
      sink_.take(in_set(s, channel), in_box(s, begin), voxels);
    }
  }

 private:
  int in_set(std::size_t slab, int channel) const { return channels_[to_size(channel)][slab]; }
  LocalVoxel in_box(std::size_t slab, const LocalVoxel& voxel) const {
    return {voxel.z - slabs_[slab].from + slabs_[slab].to, voxel.y - begin_.y, voxel.x - begin_.x};
  }

  std::span<const Slab> slabs_;
  const std::vector<std::vector<int>>& channels_;
  LocalVoxel begin_;
  ChannelSink& sink_;
  std::vector<std::vector<float>> rows_;  // [own channel]: a row until it is handed in at all its places
};

/// One scale's features of one image channel for one box of a padded block.
class ScaleOfBlock {
 public:
  ScaleOfBlock(const FeatureSet& set, std::size_t scale, View3<const float> padded, int image_channel,
               const LocalBox& box, ChannelSink& sink)
      : set_(set), scale_(scale), padded_(padded), image_channel_(image_channel), box_(box), sink_(sink) {
    for (std::size_t f = 0; f < set.features().size(); ++f)
      if (set.features()[f].scale == scale && is_wanted(f)) features_.push_back(f);
  }

  void compute(Arena& arena) const {
    if (features_.empty()) return;
    const LocalBox limits = whole_array(padded_.extent());
    const LocalBox sources = grown(box_, {extra_sections(set_, scale_), 0, 0}, limits);
    const LocalBox around = grown(sources, set_.filter_halo(scale_), limits);
    const std::int64_t mark = arena.used();
    const ScaleFilters filters = filters_of(set_, scale_);
    const Patch prepared = filters.prepare(padded_, around, arena);
    for (std::int64_t z = sources.begin.z; z < sources.end.z;) {
      const std::vector<Slab> slabs = slabs_from(z);
      filter(prepared, slabs, filters, arena);
      z += slabs.front().count;
    }
    arena.release_to(mark);
  }

 private:
  /// Whether the sink wants any of a feature's channels, of whichever section.
  bool is_wanted(std::size_t feature) const {
    const auto reach = narrow<int>(extra_sections(set_, scale_));
    for (int dz = -reach; dz <= reach; ++dz)
      for (int i = 0; i < set_.channels_of(feature); ++i)
        if (sink_.wants(set_.first_channel(feature, dz, image_channel_) + i)) return true;
    return false;
  }

  /// All places where section z of the padded block is wanted. Without neighbours, the whole box is one slab.
  std::vector<Slab> slabs_from(std::int64_t z) const {
    const auto reach = narrow<int>(extra_sections(set_, scale_));
    if (reach == 0) return {{z, box_.extent().z, 0, 0}};
    std::vector<Slab> slabs;
    for (int dz = -reach; dz <= reach; ++dz)
      for (std::int64_t to = 0; to < box_.extent().z; ++to)
        if (reflected(box_.begin.z + to + dz, padded_.extent().z) == z) slabs.push_back({z, 1, dz, to});
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
    SlabSink sink(slabs, channels, box_.begin, sink_);
    const Extent largest = tile_extent(set_, scale_, box_.extent());
    for (std::int64_t y = 0; y < box_.extent().y; y += largest.y)
      for (std::int64_t x = 0; x < box_.extent().x; x += largest.x) {
        const LocalVoxel begin{slabs.front().from, box_.begin.y + y, box_.begin.x + x};
        const LocalBox tile = box_at(begin, {slabs.front().count, std::min(largest.y, box_.extent().y - y),
                                             std::min(largest.x, box_.extent().x - x)});
        filters.run(prepared, tile, padded_.extent(), outputs, sink, arena);
      }
  }

  const FeatureSet& set_;
  std::size_t scale_;
  View3<const float> padded_;
  int image_channel_;
  LocalBox box_;
  ChannelSink& sink_;
  std::vector<std::size_t> features_;
};

void check_images(const FeatureSet& set, std::size_t image_channels) {
  if (image_channels != to_size(set.image_channels()))
    throw InternalError(
        fmt::format("{} image channels given for a set of {}", image_channels, set.image_channels()));
}

void check_channels(const FeatureSet& set, const Extent& extent, std::span<const View3<float>> channels) {
  if (channels.size() != to_size(set.channel_count()))
    throw InternalError(
        fmt::format("{} channels given for a set of {}", channels.size(), set.channel_count()));
  for (const View3<float>& channel : channels)
    if (channel.extent() != extent)
      throw InternalError(
          fmt::format("a channel of {} for a box of {}", to_string(channel.extent()), to_string(extent)));
}

}  // namespace
}  // namespace cleft::features

namespace cleft {

void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& begin, const Extent& extent, ChannelSink& sink) {
  features::check_images(set, padded.size());
  features::Arena arena(features::working_floats(set, extent));
  for (std::size_t image = 0; image < padded.size(); ++image)
    for (std::size_t scale = 0; scale < set.scales().size(); ++scale)
      features::ScaleOfBlock(set, scale, padded[image], narrow<int>(image), box_at(begin, extent), sink)
          .compute(arena);
}

void compute_features(const FeatureSet& set, std::span<const View3<const float>> padded,
                      const LocalVoxel& begin, const Extent& extent, std::span<const View3<float>> channels) {
  features::check_channels(set, extent, channels);
  ChannelArrays arrays(channels);
  compute_features(set, padded, begin, extent, arrays);
}

void compute_features(const FeatureSet& set, View3<const float> padded, const LocalVoxel& begin,
                      const Extent& extent, std::span<const View3<float>> channels) {
  compute_features(set, std::span<const View3<const float>>(&padded, 1), begin, extent, channels);
}

std::size_t working_bytes(const FeatureSet& set, const Extent& extent) {
  return to_size(Array3<float>::memory({1, 1, features::working_floats(set, extent)}));
}

}  // namespace cleft
