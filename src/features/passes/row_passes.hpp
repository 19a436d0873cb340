#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "features/passes/kernel_set.hpp"

namespace cleft::features {

// Passes over single rows of voxels, which RowStream chains together. Each convolution gives the bits of
// `convolve`; the last pass is fused with what a feature computes of its result. Rows have n floats, n >= 1,
// and those written share no memory with those read.

/// Convolves a row with the kernels of several orders, which read the same voxels.
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

/// The last pass, and the images of earlier passes that it starts from. An image is found by the orders of
/// those passes: with two axes image[order along the first][0]; with three image[order along the first][order
/// along the second], of which the sum is at most 2.
struct LastPass {
  int axes = 3;                               ///< 2 or 3: how many are filtered, the last included
  const KernelSet* kernels = nullptr;         ///< along the last axis
  const KernelSet* narrow = nullptr;          ///< likewise, of the smoothing that a difference subtracts
  std::array<std::array<int, 3>, 3> image{};  ///< by orders: its number among the rows' images
  int narrow_image = 0;                       ///< that smoothing, done up to the last pass
};

/// Does the last pass and computes the wanted features of its results. Images that none of them needs are not
/// read.
void finish_derivatives(const LastPass& pass, const NeighbourRows& rows, const DerivativeFeatures& out,
                        std::int64_t n);

/// Does the last pass and multiplies the slopes along each axis with each other.
/// \param rows  Images as in LastPass, of order 0 and 1.
/// \param out   Three (two axes) or six rows: the upper half of the matrix of products, rows and columns
///              beginning with the last axis.
void finish_slope_products(const LastPass& pass, const NeighbourRows& rows, std::span<float* const> out,
                           std::int64_t n);

/// Smooths the entries of a symmetric matrix along the last axis and computes its eigenvalues.
/// \param rows  One image per entry, in the order of finish_slope_products.
/// \param out   Two or three rows: eigenvalues, the largest first.
void finish_tensor(const KernelSet& kernels, const NeighbourRows& rows, std::span<float* const> out,
                   std::int64_t n);

}  // namespace cleft::features
