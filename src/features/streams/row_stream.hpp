#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "features/arena.hpp"
#include "features/passes/kernel_set.hpp"

namespace cleft::features {

/// Several orders of a pass along one axis over one image, or one order over several images.
struct PassOverImage {
  int source = 0;  ///< which image it works on
  int images = 1;  ///< along y only: so many images from `source` on become as many from `target` on
  const KernelSet* kernels = nullptr;  ///< of the axis of the pass; must outlive what uses the pass
  std::array<int, KernelSet::order_count> target{-1, -1, -1};  ///< by order: the image it makes; -1 = none
};

/// The passes before the last one, which is along z or, where z is not filtered, along y.
struct StreamPasses {
  int inputs = 1;
  std::vector<PassOverImage> along_x, along_y;  ///< along_y is empty where y is the last axis
  int images_x = 0, images_y = 0;               ///< how many they make
  bool ends_with_y = false;
  Extent reach;  ///< of the widest kernels per axis, the last pass included
};

/// Applies separable filters to a tile row by row. Rows of the input images are pushed in z, y order; rows
/// that are ready for the last pass come out, each with its neighbours along the axis of that pass. Rows in
/// between are kept in ring buffers that hold only as many rows and sections as the kernels reach, so that
/// they stay in cache however many sections the tile has.
///
///   for each row of needed(): fill input_row(i) for each input image; push(z, y); while (pop(row)) ...
class RowStream {
 public:
  /// A row whose last pass can be done.
  struct Ready {
    std::int64_t z = 0, y = 0;  ///< in the padded block; x is that of the region
    NeighbourRows neighbours;   ///< along the last axis; images_y images, or images_x if y is last
  };

  /// \param passes  Stored as a reference; must outlive the stream.
  /// \param region  The box of the padded block whose rows come out, in z, y order.
  /// \param limits  Extent of the padded block; values are reflected at its edges.
  /// \param arena   Takes floats(passes, region.extent()); the caller releases it after the stream's end.
  /// \throws        InternalError when the arena has too little room.
  RowStream(const StreamPasses& passes, const LocalBox& region, const Extent& limits, Arena& arena);
  /// Floats that a stream takes from its arena for a region of this extent.
  static std::int64_t floats(const StreamPasses& passes, const Extent& region);

  /// The box whose rows must be pushed: the region grown by the reach, cut off at the limits.
  const LocalBox& needed() const { return needed_; }
  /// Where to write the next row of an input image: needed().extent().x floats, from needed().begin.x on.
  float* input_row(int image);
  /// The input rows of z, y have been written.
  /// \pre Rows come in order, and whatever was ready has been popped.
  void push(std::int64_t z, std::int64_t y);
  /// Takes the next row that is ready; false if there is none yet. Its neighbours are valid until the next
  /// push.
  bool pop(Ready& ready);

 private:
  bool is_ready() const;
  void pass_along_x(std::int64_t y);
  void pass_along_y(std::int64_t z, std::int64_t y);
  /// Where a ring buffer has a row of image 0.
  float* row_after_x(std::int64_t y) const;
  float* row_after_y(std::int64_t z, std::int64_t y) const;
  NeighbourRows neighbours_in_y(std::int64_t y) const;
  NeighbourRows neighbours_in_z(std::int64_t z, std::int64_t y) const;

  const StreamPasses& passes_;
  LocalBox region_, needed_;
  Extent limits_;
  std::int64_t slots_y_, slots_z_;  // rows and sections that the ring buffers hold
  View3<float> inputs_;             // image, 1, x with the kernels' reach on either side
  View3<float> after_x_;            // slot, image, x
  View3<float> after_y_;            // y, slot * images + image, x
  std::int64_t sections_ = 0;       // end of the sections that are complete
  std::int64_t rows_ = 0;           // end of the rows that the section being pushed has so far
  std::int64_t filtered_ = 0;       // end of the rows that it has after pass y
  std::int64_t next_z_, next_y_;    // what comes out next
};

}  // namespace cleft::features
