#pragma once

#include <array>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/array3.hpp"
#include "features/arena.hpp"
#include "features/gaussian.hpp"
#include "features/patch.hpp"
#include "features/vigra/vigra_kernel.hpp"

namespace cleft::features {

/// A kernel of either dialect: its type decides how it is applied.
using AnyKernel = std::variant<Kernel, VigraKernel>;

/// The Gaussian kernels of one filter step. Axes with sigma 0 are not filtered.
struct SeparableKernels {
  /// \param sigmas     Per axis, in voxels.
  /// \param max_order  Highest derivative to be taken.
  /// \param vigra      Given: VIGRA's kernels, in this arithmetic.
  SeparableKernels(const PerAxis<double>& sigmas, double window, int max_order,
                   std::optional<VigraArithmetic> vigra = std::nullopt);

  std::array<std::vector<AnyKernel>, 3> of_axis;  ///< by axis (0 = z) and order
  std::vector<int> axes;  ///< those that are filtered, in the order of the passes: x, y, z
  Extent reach;           ///< radius per axis
};

/// One image to make: how often to differentiate along each axis, and where to put the result.
struct Derivative {
  PerAxis<int> order{};  ///< 0 on axes that are not filtered
  View3<float> out;      ///< of the extent of the region asked for
};

/// Computes Gaussian derivatives of an image for one region, pass by pass along x, y, z. Derivatives that
/// begin with the same passes share them. Each pass covers no more than later ones need.
/// \param image   Covers the region grown by kernels.reach, cut off at `limits`.
/// \param region  A box of the padded block.
/// \param limits  Extent of the padded block; values are reflected at its edges.
/// \param arena   Takes one image per filtered axis but the last, at most of the region grown by the reach,
///                and releases them on return.
/// \throws        InternalError when the arena has too little room.
void derive(const Patch& image, const LocalBox& region, const Extent& limits, const SeparableKernels& kernels,
            std::span<const Derivative> wanted, Arena& arena);
/// Floats that derive takes from its arena for a region of this extent, away from the edges.
std::int64_t derive_floats(const Extent& region, const SeparableKernels& kernels);

/// Smooths a padded block for one region: first each section along x and y, so that it stays in cache between
/// the two, then all along z.
/// \param padded  The block; values are reflected at its edges.
/// \param region  A box of it.
/// \param out     Of the region's extent.
/// \param arena   Takes presmooth_floats at most and releases them on return.
/// \throws        InternalError when the arena has too little room.
void presmooth(View3<const float> padded, const LocalBox& region, const SeparableKernels& kernels,
               View3<float> out, Arena& arena);
/// Floats that presmooth takes from its arena for a region of this extent, away from the edges.
/// \param reach  Of the kernels.
std::int64_t presmooth_floats(const Extent& region, const Extent& reach);

}  // namespace cleft::features
