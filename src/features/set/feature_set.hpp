#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "features/scale.hpp"
#include "features/set/feature_options.hpp"

namespace cleft {

/// The features of a volume: which channels, in which order and under which names, and how many voxels around
/// a block they depend on. A channel is one float per voxel. A feature has one channel, or one per eigenvalue
/// (as many as its scale filters axes, largest first), for each channel of the image in turn. First come all
/// features, then for each neighbouring section dz = -k..-1, 1..k those of 2D scales once more, with the
/// values they have at section z + dz (reflected at the volume's first and last section).
class FeatureSet {
 public:
  /// \param voxel_size  Needed where sigma is in nm: sigmas are divided by it, and an axis on which less than
  ///                    0.3 voxel is left is not filtered.
  /// \throws            ConfigError when a sigma is out of range, fewer than two axes are left to filter, the
  ///                    voxel size for nm is missing, or `sections` is negative or without a 2D scale.
  FeatureSet(const FeatureSelection& selection, const std::optional<VoxelSize>& voxel_size);
  FeatureSet(const FeatureOptions& options, const std::optional<VoxelSize>& voxel_size);

  const std::vector<Scale>& scales() const { return scales_; }
  const std::vector<Feature>& features() const { return features_; }
  /// How many neighbouring sections on either side the 2D features are taken from as well.
  int sections() const { return sections_; }
  FilterDialect dialect() const { return dialect_; }
  /// How many channels the image has; features are computed of each.
  int image_channels() const { return image_channels_; }

  int channel_count() const;
  /// How many channels features()[feature] has for one image channel, without neighbouring sections.
  int channels_of(std::size_t feature) const;
  /// Index of the first channel of features()[feature] of an image channel at section z + dz.
  /// \pre dz = 0, or |dz| <= sections() and the feature's scale is 2D; 0 <= image_channel < image_channels()
  int first_channel(std::size_t feature, int dz, int image_channel = 0) const;
  /// "GaussianSmoothing sigma=0.7", "HessianOfGaussianEigenvalues sigma=1.6 [2]", "... sigma=16nm dz=-1".
  /// Where the image has several channels also "... channel=0".
  std::vector<std::string> channel_names() const;

  /// How many voxels around a block its features depend on, per axis, the same on both sides. Exact: with one
  /// voxel less some value would change.
  Extent halo() const;
  /// How far the filters at one scale reach in the presmoothed image, per axis and side.
  Extent filter_halo(std::size_t scale) const;
  /// \throws InputError naming the scale and the axis when a scale is too large for a volume of this extent:
  ///         every axis it filters must have at least ceil(3.5 * sigma) + 1 voxels. (ilastik turns a 3D
  ///         filter into a 2D one where z < ceil(2 * sigma) + 1; this check is stricter, so that never
  ///         happens here.)
  void check_fits(const Extent& volume) const;

  friend bool operator==(const FeatureSet&, const FeatureSet&) = default;

 private:
  /// How many channels the features before this one have together: all of these features, or those of 2D
  /// scales.
  int channels_before(std::size_t feature, bool only_2d) const;
  std::string channel_name(std::size_t feature, int image_channel, int eigenvalue, int dz) const;

  std::vector<Scale> scales_;
  std::vector<Feature> features_;
  int sections_ = 0;
  FilterDialect dialect_ = FilterDialect::ilastik;
  int image_channels_ = 1;
};

}  // namespace cleft
