#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/array3.hpp"
#include "base/narrow.hpp"

namespace cleft {

/// Receives channels row by row while they are computed, so that whole channels need not be stored and a row
/// is still in the processor's first-level cache when it is used. For each part of a row, room() is called,
/// the values are written there, and take() is called; of one channel, one part is under way at a time. Used
/// by one thread.
///
/// A sink that does not want some channel need not be given it, but may be: channels that are made together
/// come together.
class ChannelSink {
 public:
  ChannelSink() = default;
  ChannelSink(const ChannelSink&) = delete;
  ChannelSink& operator=(const ChannelSink&) = delete;
  virtual ~ChannelSink() = default;

  /// Whether the values of a channel matter. The answer stays the same.
  virtual bool wants(int /*channel*/) const { return true; }
  /// Where to write a part of a row of a channel.
  /// \param channel  As numbered by the function that computes them.
  /// \param begin    The part's first voxel; it goes on along x.
  /// \param voxels   How many voxels it has.
  /// \returns        Memory for so many floats, at least until take().
  virtual float* room(int channel, const LocalVoxel& begin, std::int64_t voxels) = 0;
  /// The values of that part have been written.
  virtual void take(int channel, const LocalVoxel& begin, std::int64_t voxels) = 0;
};

/// Writes channels into arrays.
class ChannelArrays : public ChannelSink {
 public:
  /// \param channels  By number. Views are stored, also the span of them: both must outlive this object.
  /// \param first     The voxel that the arrays begin with.
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
