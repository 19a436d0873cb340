#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/array3.hpp"
#include "base/box.hpp"
#include "objects/judge/object_runs.hpp"
#include "pipeline/evaluate/evaluate_inputs.hpp"

namespace cleft {

/// Labels and truth of a box, whose values are objects or special ones (base/label.hpp): 0 where a file does
/// not reach. Of a truth that is a mask every object is 1.
struct Piece {
  Box box;  ///< in voxels of the labels; may lie beyond them
  Array3<std::uint64_t> labels, truth;
};

/// Calls use(piece) for pieces of a box that memory holds, in z, y, x order. Not collective.
/// \throws InputError when a value is no label; IoError when reading fails.
void for_each_piece(const EvaluateInputs& in, bool truth_is_labelled, const Box& box,
                    const std::function<void(Piece&)>& use);

/// Marks what lies outside the mask as invalid in the truth, and takes what is invalid out of the labels.
/// \returns How many voxels that are.
std::int64_t clear_unknown(const EvaluateInputs& in, Piece& piece);

/// The objects of a piece.
struct PieceRuns {
  std::vector<ObjectRun> labels, truth;
};
PieceRuns runs_of(const Piece& piece);

}  // namespace cleft
