#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "base/array3.hpp"
#include "probability/classify_tile.hpp"

namespace cleft {

/// Turns the grey values of a padded block into the class probabilities of its owned box. The owned box is
/// cut into tiles; each thread takes one at a time, computes its features and lets the forest vote. There may
/// be several classifier stages (autocontext: Tu and Bai, PAMI 2010, as ilastik has it). Each stage but the
/// first sees the image channels, followed by one channel for each class of the stage before with the values
/// floor(255 p). Values are bit-identical for any way of cutting the volume into blocks and these into tiles,
/// and for any number of threads. Not collective.
///
/// Shares ownership of the stages' features and forests. Several threads may call `classify` at a time.
class BlockClassifier {
 public:
  /// \param stages   At least one.
  /// \param threads  That work on one block.
  /// \param tile     Extent of a tile, each axis at least 1; see choose_tile.
  /// \throws InternalError when a forest has another number of channels than its features, or features are of
  ///         another number of image channels than their stage sees.
  BlockClassifier(std::span<const ClassifierStage> stages, int threads, const Extent& tile);
  BlockClassifier(const BlockClassifier&) = delete;
  BlockClassifier(BlockClassifier&&) noexcept;
  BlockClassifier& operator=(const BlockClassifier&) = delete;
  BlockClassifier& operator=(BlockClassifier&&) = delete;
  ~BlockClassifier();

  /// \param padded       [image channel] grey values, axes z, y, x: the owned box and its halo (see halo),
  ///                     cut off at the volume's edge.
  /// \param owned_begin  Where the owned box begins in `padded`.
  /// \param owned        Extent of the owned box.
  /// \param classes      Which classes of the last stage are wanted.
  /// \param stop         Looked at between tiles.
  /// \returns            [wanted class] arrays of the owned box's extent, values in [0, 1].
  /// \throws Stopped (base/stopped.hpp) when a stop was requested before the last tile was begun;
  ///         std::bad_alloc
  std::vector<Array3<float>> classify(std::span<const View3<const float>> padded,
                                      const LocalVoxel& owned_begin, const Extent& owned,
                                      std::span<const std::size_t> classes,
                                      const std::stop_token& stop = {}) const;

  /// The halo, in voxels along z, y and x: how far beyond an owned box grey values change its probabilities.
  /// It is the sum of the stages' own.
  static Extent halo(std::span<const ClassifierStage> stages);

  /// Chooses the extent of tiles: the largest of tuning::tile_shapes with which `threads` threads together
  /// take at most `bytes`; the smallest where none fits.
  static Extent choose_tile(std::span<const ClassifierStage> stages, int threads, std::int64_t bytes);

  /// Bytes that classify needs for an owned box of this extent, its result included.
  /// \param classes  How many are wanted.
  static std::int64_t working_bytes(std::span<const ClassifierStage> stages, int threads, const Extent& tile,
                                    std::size_t classes, const Extent& owned);

 private:
  using Images = std::span<const View3<const float>>;

  /// What is to be computed of a block, by whichever stage.
  struct Wanted {
    LocalVoxel begin;  // in the padded block
    Extent extent;
    std::span<const std::size_t> classes;
  };

  std::vector<Array3<float>> run_stages(std::size_t stage_count, Images padded, const Wanted& wanted,
                                        const std::stop_token& stop) const;
  std::vector<Array3<float>> run(std::size_t stage, Images padded, const Wanted& wanted,
                                 const std::stop_token& stop) const;

  /// Lends each thread a Scratch of its own.
  class ScratchPool;

  std::vector<TileClassifier> stages_;
  std::vector<std::unique_ptr<ScratchPool>> scratch_;  // [stage] kept from block to block
  int threads_;
  Extent tile_;
};

}  // namespace cleft
