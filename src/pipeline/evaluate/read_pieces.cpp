#include "pipeline/evaluate/read_pieces.hpp"

#include "base/label.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/read_boxes.hpp"

namespace cleft {
namespace {

/// A box of a label volume, 0 where the volume does not reach.
/// \param begin  Of the volume, in the voxels in which the box is given.
Array3<std::uint64_t> read_labels(const VolumeReader& volume, const GlobalVoxel& begin, const Box& box) {
  const Box there = intersection(box, box_at(begin, volume.extent()));
  if (there.empty()) return Array3<std::uint64_t>(box.extent());
  auto labels =
      there == box ? Array3<std::uint64_t>::uninitialized(box.extent()) : Array3<std::uint64_t>(box.extent());
  const Extent shift = begin - GlobalVoxel{};
  read_label_values(volume, {there.begin - shift, there.end - shift},
                    labels.view().part(box.local(there.begin), there.extent()));
  return labels;
}

}  // namespace

void for_each_piece(const EvaluateInputs& in, bool truth_is_labelled, const Box& box,
                    const std::function<void(Piece&)>& use) {
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 23U;
  for (const Box& part : boxes_in_order(box, voxels_at_once)) {
    Piece piece{part, in.has_labels ? read_labels(in.labels, {}, part) : Array3<std::uint64_t>(part.extent()),
                read_labels(in.truth, in.truth_begin, part)};
    if (!truth_is_labelled)
      for (std::uint64_t& voxel : piece.truth.voxels()) voxel = is_object(voxel) ? 1 : voxel;
    use(piece);
  }
}

std::int64_t clear_unknown(const EvaluateInputs& in, Piece& piece) {
  if (in.mask) {
    auto mask = Array3<std::uint8_t>::uninitialized(piece.box.extent());
    in.mask->read(piece.box, mask.view());
    for (std::size_t i = 0; i < mask.voxels().size(); ++i)
      if (mask.voxels()[i] == 0) piece.truth.voxels()[i] = cremi_invalid;
  }
  std::int64_t invalid = 0;
  for (std::size_t i = 0; i < piece.truth.voxels().size(); ++i) {
    if (piece.truth.voxels()[i] != cremi_invalid) continue;
    piece.labels.voxels()[i] = 0;
    ++invalid;
  }
  return invalid;
}

PieceRuns runs_of(const Piece& piece) {
  PieceRuns runs;
  append_runs(runs.labels, piece.labels.view(), piece.box.begin);
  append_runs(runs.truth, piece.truth.view(), piece.box.begin);
  return runs;
}

}  // namespace cleft
