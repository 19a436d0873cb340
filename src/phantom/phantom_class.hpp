#pragma once

#include <cstdint>

namespace cleft {

/// What a voxel of a phantom is, as its volumes `classes` and `labels` have it; in `labels` `unlabelled` is
/// where no stroke goes.
enum class PhantomClass : std::uint8_t { unlabelled = 0, membrane = 1, synapse = 2, rest = 3 };

}  // namespace cleft
