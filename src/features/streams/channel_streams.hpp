#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "features/feature_output.hpp"
#include "features/streams/row_stream.hpp"
#include "features/streams/stream_plan.hpp"

namespace cleft::features {

/// Computes those features of a tile that are made of Gaussian derivatives. Rows of the smoothed image are
/// pushed into the stream; it hands a row of the channels to the sink as soon as the rows it depends on have
/// come.
class DerivativeStream {
 public:
  /// Stores references to `plan`, `outputs` and `sink`; they must outlive the stream.
  /// \param plan     Makes the images that `outputs` need.
  /// \param outputs  Any but the structure tensor.
  /// \param sink     Is given rows of the tile, as voxels of the padded block.
  /// \param tile     What to compute, a box of the padded block.
  /// \param limits   Extent of the padded block; values are reflected at its edges.
  /// \param arena    Takes floats(plan, tile.extent()) at most; the caller releases it after the stream's
  ///                 end.
  /// \throws         InternalError when the arena has too little room.
  DerivativeStream(const StreamPlan& plan, std::span<const FeatureOutput> outputs, ChannelSink& sink,
                   const LocalBox& tile, const Extent& limits, Arena& arena);
  /// Floats that a stream takes from its arena for a tile of this extent.
  static std::int64_t floats(const StreamPlan& plan, const Extent& tile);

  /// The box whose rows must be pushed, in z, y order: the tile and what is needed around it.
  const LocalBox& needed() const { return stream_.needed(); }
  /// \param row  Values of row z, y of the smoothed image, from needed().begin.x on; copied.
  void push(std::int64_t z, std::int64_t y, const float* row);

 private:
  DerivativeFeatures channel_rows(const LocalVoxel& begin) const;

  const StreamPlan& plan_;
  std::span<const FeatureOutput> outputs_;
  ChannelSink& sink_;
  LocalBox tile_;
  RowStream stream_;
};

/// Computes the structure tensor of a tile likewise: slopes, the averages of their products, eigenvalues.
class TensorStream {
 public:
  struct Plan {
    StreamPlan slopes;                ///< makes the images of order 0 and 1
    StreamPasses averaging;           ///< of as many images as the matrix has entries
    const KernelSet* last = nullptr;  ///< of the averaging, along the last axis
  };
  /// As DerivativeStream.
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
