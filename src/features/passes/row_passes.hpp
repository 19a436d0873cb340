#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "features/passes/kernel_set.hpp"

namespace cleft::features {

// Passes over single rows of voxels, as RowStream strings them together. Each convolution gives the bits of
// `convolve`; the last one along each voxel's axes is fused with what a feature does with its result. Rows
// are of n floats, n >= 1, and those written share no memory with those read.

/// Several orders of one pass from the same voxels.
/// \param in   2 * kernels.radius + 1 rows, from left to right along the axis of the pass.
/// \param out  By order; nullptr where the order is not wanted.
void filter_row(const KernelSet& kernels, const float* const* in,
                const std::array<float*, KernelSet::order_count>& out, std::int64_t n);

/// Rows of the features that are made of Gaussian derivatives; nullptr where a feature is not wanted.
struct DerivativeFeatures {
  float* smoothing = nullptr;
  float* laplacian = nullptr;
  float* gradient_magnitude = nullptr;
  float* difference = nullptr;
  std::array<float*, 3> hessian{};  ///< eigenvalues, the largest first
};

/// What the passes before the last have left, by their orders: with two axes [order along the first]; with
/// three [order along the first][order along the second], of which the sum is at most 2.
struct LastPass {
  int axes = 3;                               ///< 2 or 3: how many are filtered, the last included
  const KernelSet* kernels = nullptr;         ///< along the last axis
  const KernelSet* narrow = nullptr;          ///< likewise, of the smoothing that a difference subtracts
  std::array<std::array<int, 3>, 3> image{};  ///< which image of the rows; with two axes image[order][0]
  int narrow_image = 0;
};

/// The last pass and what comes after it. Images that none of the wanted features needs are not touched.
void finish_derivatives(const LastPass& pass, const NeighbourRows& rows, const DerivativeFeatures& out,
                        std::int64_t n);

/// Products of the slopes along each axis.
/// \param rows  Images as in LastPass, of order 0 and 1.
/// \param out   Three (two axes) or six rows: the upper half of the matrix of products, rows and columns
///              beginning with the last axis.
void finish_slope_products(const LastPass& pass, const NeighbourRows& rows, std::span<float* const> out,
                           std::int64_t n);

/// Smooths the entries of a symmetric matrix along the last axis.
/// \param rows  One image per entry, in the order of finish_slope_products.
/// \param out   Two or three rows: eigenvalues, the largest first.
void finish_tensor(const KernelSet& kernels, const NeighbourRows& rows, std::span<float* const> out,
                   std::int64_t n);

}  // namespace cleft::features
