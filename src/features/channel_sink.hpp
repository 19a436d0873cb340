#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/array3.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// Takes channels row by row as they are computed, so that they need not be kept: what reads a row finds it
/// in the processor's first cache. Of one channel, a row is asked for, written and handed in before the next.
class ChannelSink {
 public:
  ChannelSink() = default;
  ChannelSink(const ChannelSink&) = delete;
  ChannelSink& operator=(const ChannelSink&) = delete;
  virtual ~ChannelSink() = default;

  /// Where to write a part of a row of a channel.
  /// \param begin   Its first voxel; the row goes on along x.
  /// \param voxels  How many there are.
  virtual float* room(int channel, const LocalVoxel& begin, std::int64_t voxels) = 0;
  /// Hands in what has been written there.
  virtual void take(int channel, const LocalVoxel& begin, std::int64_t voxels) = 0;
};

/// Keeps channels as arrays.
class ChannelArrays : public ChannelSink {
 public:
  /// \param first     Which voxel is the arrays' first.
  /// \param channels  Outlive it.
  explicit ChannelArrays(std::span<const View3<float>> channels, const LocalVoxel& first = {})
      : channels_(channels), first_(first) {}

  float* room(int channel, const LocalVoxel& begin, std::int64_t /*voxels*/) override {
    const Extent at = begin - first_;
    return channels_[to_size(channel)].row(at.z, at.y) + at.x;
  }
  void take(int /*channel*/, const LocalVoxel& /*begin*/, std::int64_t /*voxels*/) override {}

 private:
  std::span<const View3<float>> channels_;
  LocalVoxel first_;
};

}  // namespace cleft
