#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "features/feature_output.hpp"
#include "features/streams/row_stream.hpp"
#include "features/streams/stream_plan.hpp"

namespace cleft::features {

/// The features of a tile that are made of Gaussian derivatives: takes the smoothed image's rows and hands in
/// those of channels as soon as it can.
class DerivativeStream {
 public:
  /// \param plan     Makes what `outputs` need; outlives the stream.
  /// \param outputs  Any but the structure tensor; outlive the stream.
  /// \param sink     Is given voxels of the padded block.
  DerivativeStream(const StreamPlan& plan, std::span<const FeatureOutput> outputs, ChannelSink& sink,
                   const LocalBox& tile, const Extent& limits, Arena& arena);
  static std::int64_t floats(const StreamPlan& plan, const Extent& tile);

  /// Rows to push, in z, y order, and which part of them.
  const LocalBox& needed() const { return stream_.needed(); }
  /// \param row  From needed().begin.x on.
  void push(std::int64_t z, std::int64_t y, const float* row);

 private:
  DerivativeFeatures channel_rows(const LocalVoxel& begin) const;

  const StreamPlan& plan_;
  std::span<const FeatureOutput> outputs_;
  ChannelSink& sink_;
  LocalBox tile_;
  RowStream stream_;
};

/// Likewise the structure tensor: slopes, the averages of their products, eigenvalues.
class TensorStream {
 public:
  struct Plan {
    StreamPlan slopes;                ///< makes the images of order 0 and 1
    StreamPasses averaging;           ///< of as many images as the matrix has entries
    const KernelSet* last = nullptr;  ///< of the averaging, along the last axis
  };
  TensorStream(const Plan& plan, const FeatureOutput& output, ChannelSink& sink, const LocalBox& tile,
               const Extent& limits, Arena& arena);
  static std::int64_t floats(const Plan& plan, const Extent& tile);

  const LocalBox& needed() const { return slopes_.needed(); }
  void push(std::int64_t z, std::int64_t y, const float* row);

 private:
  void push_products(const RowStream::Ready& slope);

  const Plan& plan_;
  const FeatureOutput& output_;
  ChannelSink& sink_;
  LocalBox tile_;
  RowStream averaging_, slopes_;
  std::vector<float*> products_, eigenvalues_;
};

}  // namespace cleft::features
