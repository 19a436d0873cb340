#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/array3.hpp"
#include "probability/classify_piece.hpp"

namespace cleft {

/// Turns a padded block of an image into the class probabilities of its core: features, then the forest, in
/// pieces that hold few channels at a time and are shared among threads. Of several stages (ilastik's
/// autocontext) each but the first works on the image followed by one channel per class of the stage before,
/// whose values are 255 p without their fraction. Values are bit-identical for any way of cutting the volume
/// into blocks, these into pieces, and for any number of threads.
class BlockClassifier {
 public:
  /// Keeps what the stages refer to.
  /// \param threads  That work on one block.
  /// \param piece    Extent of a piece, each axis at least 1; see choose_piece.
  /// \throws InternalError when a forest has another number of channels than its features, or features are of
  ///         another number of image channels than their stage sees.
  BlockClassifier(std::span<const ClassifierStage> stages, int threads, const Extent& piece);
  BlockClassifier(const BlockClassifier&) = delete;
  BlockClassifier(BlockClassifier&&) noexcept;
  BlockClassifier& operator=(const BlockClassifier&) = delete;
  BlockClassifier& operator=(BlockClassifier&&) = delete;
  ~BlockClassifier();

  /// \param padded      One per channel of the image: the core and its halo (see halo), cut off at the
  ///                    volume's edge.
  /// \param core_begin  Where the core begins in `padded`.
  /// \param core        Extent of the core.
  /// \param classes     Which classes of the last stage are wanted.
  /// \returns           One array per wanted class, each of the core's extent, values in [0, 1].
  /// \throws std::bad_alloc
  std::vector<Array3<float>> classify(std::span<const View3<const float>> padded,
                                      const LocalVoxel& core_begin, const Extent& core,
                                      std::span<const std::size_t> classes) const;

  /// How far around a block the stages together look.
  static Extent halo(std::span<const ClassifierStage> stages);

  /// The largest of some well-shaped pieces of which `threads` take at most so many bytes together; the
  /// smallest where none does.
  static Extent choose_piece(std::span<const ClassifierStage> stages, int threads, std::int64_t bytes);

  /// Bytes that classify needs for a core of this extent, its result included.
  /// \param classes  How many are wanted.
  static std::int64_t working_bytes(std::span<const ClassifierStage> stages, int threads, const Extent& piece,
                                    std::size_t classes, const Extent& core);

 private:
  using Images = std::span<const View3<const float>>;

  std::vector<Array3<float>> run_stages(std::size_t stage_count, Images padded, const LocalVoxel& core_begin,
                                        const Extent& core, std::span<const std::size_t> classes) const;
  std::vector<Array3<float>> run(std::size_t stage, Images padded, const LocalVoxel& core_begin,
                                 const Extent& core, std::span<const std::size_t> classes) const;

  /// Lends each thread a Scratch of its own.
  class ScratchPool;

  std::vector<PieceClassifier> stages_;
  std::vector<std::unique_ptr<ScratchPool>> scratch_;  // [stage] kept from block to block
  int threads_;
  Extent piece_;
};

/// A probability as it is stored in uint8: round(255 p).
/// \pre 0 <= p <= 1
inline std::uint8_t stored_probability_byte(float p) {
  return static_cast<std::uint8_t>(std::lround(255.0F * p));
}

}  // namespace cleft
