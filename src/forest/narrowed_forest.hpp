#pragma once

#include <cstddef>
#include <span>

#include "forest/forest.hpp"

namespace cleft {

/// A smaller forest that gives `classes` the same probabilities, bit for bit. From the leaves up, a node both
/// of whose sides are leaves that agree in the fractions of these classes, and in weight, becomes one leaf:
/// what tells the other classes apart costs nothing any more. It has the same channels, classes, trees and
/// sub-forests. What its leaves leave to other classes all goes to the first of these, so that their
/// probabilities mean nothing; but leaves that give all or nothing to one of `classes` are pure afterwards.
/// A voxel with a NaN channel still has probability 0 everywhere, also where no node asks for that channel
/// any more.
///
/// \param classes  Indices of classes, each once.
/// \pre validate() passes for the forest, as it does for the result; each of `classes` is below class_count.
/// \throws std::bad_alloc
Forest narrowed_to(const Forest& forest, std::span<const std::size_t> classes);

}  // namespace cleft
