#include "objects/synapse.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/numbers.hpp"

namespace cleft {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

__extension__ using SignedWide = __int128;

/// A synapse's sums with positions counted from the first corner of its bounding box. So they are small
/// enough for signed arithmetic, and the product of two of them for 128 bits.
struct RelativeSums {
  SignedWide count = 0;
  PerAxis<SignedWide> first;            // sums of positions
  PerAxis<PerAxis<SignedWide>> second;  // sums of products of positions
};

RelativeSums relative_to_corner(const ComponentSums& sums) {
  const auto as_signed = [](Wide v) { return static_cast<SignedWide>(v); };
  const PerAxis<PerAxis<Wide>> products{{sums.squares.z, sums.zy, sums.zx},
                                        {sums.zy, sums.squares.y, sums.yx},
                                        {sums.zx, sums.yx, sums.squares.x}};
  const PerAxis<SignedWide> corner{sums.low.z, sums.low.y, sums.low.x};
  RelativeSums relative;
  relative.count = sums.size;
  for (int a = 0; a < 3; ++a) {
    relative.first[a] = as_signed(sums.positions[a]) - relative.count * corner[a];
    for (int b = 0; b < 3; ++b) {
      relative.second[a][b] = as_signed(products[a][b]) - corner[a] * as_signed(sums.positions[b]) -
                              corner[b] * as_signed(sums.positions[a]) +
                              relative.count * corner[a] * corner[b];
    }
  }
  return relative;
}

/// Covariance of positions in nm^2, each voxel counted as a solid box. The numerators are exact integers, so
/// that the result does not depend on where in the volume the synapse is.
Eigen::Matrix3d covariance_nm2(const ComponentSums& sums, const VoxelSize& voxel) {
  const RelativeSums r = relative_to_corner(sums);
  const auto count = narrow<double>(sums.size);
  Eigen::Matrix3d covariance;
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < 3; ++b) {
      const auto numerator = static_cast<double>(r.count * r.second[a][b] - r.first[a] * r.first[b]);
      covariance(a, b) = numerator / count / count * voxel[a] * voxel[b];
    }
    covariance(a, a) += voxel[a] * voxel[a] / 12.0;
  }
  return covariance;
}

/// To 9 significant digits: the same text on every machine, and 54344751.9 instead of 54344751.89999999.
double rounded(double value) {
  if (!std::isfinite(value)) return value;
  return number_from<double>(fmt::format("{:.9g}", value)).value_or(value);
}

void round_values(Synapse& s) {
  for (PerAxis<double>* v : {&s.centroid, &s.centroid_nm})
    for (int a = 0; a < 3; ++a) (*v)[a] = rounded((*v)[a]);
  for (double* v : {&s.volume_nm3, &s.mean_probability, &s.max_probability, &s.long_axis_nm,
                    &s.middle_axis_nm, &s.short_axis_nm, &s.flatness, &s.elongation})
    *v = rounded(*v);
}

/// `vector` or its opposite, rounded: the one whose component of largest magnitude, of equals the first, is
/// positive. Which ones are equal is only clear once they are rounded. Adding 0 turns -0 into 0.
PerAxis<double> with_positive_largest(const Eigen::Vector3d& vector) {
  const Eigen::Vector3d v = vector.unaryExpr(&rounded);
  Eigen::Index largest = 0;
  v.cwiseAbs().maxCoeff(&largest);
  const double sign = v[largest] < 0 ? -1.0 : 1.0;
  return {sign * v[0] + 0.0, sign * v[1] + 0.0, sign * v[2] + 0.0};
}

void describe_shape(Synapse& synapse, const ComponentSums& sums, const VoxelSize& voxel) {
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(covariance_nm2(sums, voxel));  // ascending
  // A solid ellipsoid of half axes a, b, c has the variances a^2 / 5, b^2 / 5, c^2 / 5 along them.
  synapse.short_axis_nm = 2.0 * std::sqrt(5.0 * axes.eigenvalues()[0]);
  synapse.middle_axis_nm = 2.0 * std::sqrt(5.0 * axes.eigenvalues()[1]);
  synapse.long_axis_nm = 2.0 * std::sqrt(5.0 * axes.eigenvalues()[2]);
  synapse.normal = with_positive_largest(axes.eigenvectors().col(0));
  synapse.flatness = synapse.middle_axis_nm / synapse.short_axis_nm;
  synapse.elongation = synapse.long_axis_nm / synapse.middle_axis_nm;
}

void leave_shape_unknown(Synapse& synapse) {
  synapse.volume_nm3 = unknown;
  synapse.centroid_nm = synapse.normal = {unknown, unknown, unknown};
  synapse.long_axis_nm = synapse.middle_axis_nm = synapse.short_axis_nm = unknown;
  synapse.flatness = synapse.elongation = unknown;
}

bool on_surface(const Box& bounds, const Extent& volume) {
  const Box whole = whole_box(volume);
  for (const auto axis : {&GlobalVoxel::z, &GlobalVoxel::y, &GlobalVoxel::x})
    if (bounds.begin.*axis == whole.begin.*axis || bounds.end.*axis == whole.end.*axis) return true;
  return false;
}

}  // namespace

Synapse describe_synapse(std::uint64_t id, const ComponentSums& component, const CoreSums& cores,
                         std::uint32_t steps, const Extent& volume,
                         const std::optional<VoxelSize>& voxel_size, const PerAxis<double>& offset) {
  assert(component.size > 0);
  const auto count = narrow<double>(component.size);
  Synapse synapse;
  synapse.id = id;
  synapse.first_voxel = voxel_at(component.first_voxel, volume);
  synapse.size = component.size;
  for (int a = 0; a < 3; ++a) synapse.centroid[a] = static_cast<double>(component.positions[a]) / count;
  synapse.bounds = {component.low, component.high + Extent{1, 1, 1}};
  synapse.core_size = cores.voxels;
  synapse.core_count = cores.count;
  synapse.largest_core = cores.largest;
  synapse.mean_probability = static_cast<double>(component.probability) / count / narrow<double>(steps);
  synapse.max_probability = narrow<double>(component.max_probability) / narrow<double>(steps);
  synapse.touches_edge = component.at_mask_edge != 0 || on_surface(synapse.bounds, volume) ? 1 : 0;
  if (!voxel_size) {
    leave_shape_unknown(synapse);
    round_values(synapse);
    return synapse;
  }
  synapse.volume_nm3 = count * (voxel_size->z * voxel_size->y * voxel_size->x);
  for (int a = 0; a < 3; ++a) synapse.centroid_nm[a] = offset[a] + synapse.centroid[a] * (*voxel_size)[a];
  describe_shape(synapse, component, *voxel_size);
  round_values(synapse);
  return synapse;
}

}  // namespace cleft
