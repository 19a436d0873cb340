#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"

namespace cleft {

// Charts as SVG elements that stand in a page: text in the page's colours (currentColor), no styles and no
// scripts, so that the strictest policy lets them be.

struct HistogramOptions {
  std::string title{};  ///< above it
  std::string axis{};   ///< below it: what is counted, with its unit
  bool logarithmic = false;
  int bins = 24;
  std::optional<double> low{}, high{};  ///< of the axis; where they are not given those of the values
  /// A value to mark by a line, and what it is.
  std::optional<double> mark{};
  std::string mark_text{};
  std::vector<double> expected{};  ///< [bin] a count to draw as a line; empty: none
};

/// How many values fall into each of the bins of equal width (of equal ratio where logarithmic) from low to
/// high. A value at a border counts above it, `high` itself in the last bin; what lies outside, or is no
/// number, does not count.
std::vector<std::int64_t> count_in_bins(const std::vector<double>& values, double low, double high, int bins,
                                        bool logarithmic);

/// A histogram; where there is no value that can be counted, a sentence in its place.
std::string histogram_svg(const std::vector<double>& values, const HistogramOptions& options);

/// A point of a projection.
struct ProjectedObject {
  PerAxis<double> at;  ///< in voxels
  bool accepted = true;
};

/// Where objects lie, seen along one axis: the volume's outline at true aspect with a dot for each of them.
/// \param fixed   The axis along which one looks: 0 = z, 1 = y, 2 = x.
/// \param extent  Of the volume, voxels.
/// \param voxel_size  In nm; 1 where it is unknown.
std::string projection_svg(const std::vector<ProjectedObject>& objects, const Extent& extent,
                           const VoxelSize& voxel_size, int fixed);

}  // namespace cleft
