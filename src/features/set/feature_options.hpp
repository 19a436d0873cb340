#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/serialization/vector.hpp>

#include "features/scale.hpp"

namespace cleft {

/// Whether a scale filters the volume or each section on its own.
enum class Dimensions { three, two };

template <>
struct EnumWords<Dimensions> {
  static constexpr auto list =
      std::to_array<EnumWord<Dimensions>>({{Dimensions::three, "3d"}, {Dimensions::two, "2d"}});
};

/// Names of scales, as ilastik's synapse workflow has them, with their sigmas in voxels.
inline constexpr std::array<std::pair<std::string_view, double>, 6> named_scales{
    {{"small", 0.7}, {"medium", 1.0}, {"large", 1.6}, {"huge", 3.5}, {"megahuge", 5.0}, {"gigahuge", 10.0}}};
/// Sigma of a named scale; nothing when there is no such name.
std::optional<double> scale_named(std::string_view name);

/// Which features a user asks for: by group, the sigmas of the scales, in any order. The default are the 29
/// channels in 3D of Kreshuk et al. 2011 (README.md).
struct FeatureOptions {
  std::vector<double> texture{1.6, 3.5, 5.0};          ///< structure tensor and Hessian eigenvalues
  std::vector<double> color{0.7, 1.0, 1.6, 3.5, 5.0};  ///< Gaussian smoothing
  std::vector<double> edge{3.5, 5.0};  ///< Laplacian, gradient magnitude, difference of Gaussians
  Dimensions dimensions = Dimensions::three;
  std::map<double, Dimensions> dimensions_of_scale;  ///< by sigma: where a scale differs from `dimensions`
  SigmaUnit sigma_unit = SigmaUnit::voxel;  ///< nm: sigmas are divided by the voxel size of each axis
  int sections = 0;                         ///< append the 2D features of this many sections on either side
  FilterDialect dialect = FilterDialect::ilastik;  ///< of all filters

  friend bool operator==(const FeatureOptions&, const FeatureOptions&) = default;
};

/// One filter at one scale.
struct Feature {
  FeatureKind kind = FeatureKind::gaussian_smoothing;
  std::size_t scale = 0;  ///< index among the scales of its set

  friend bool operator==(const Feature&, const Feature&) = default;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& kind& scale;
  }
};

/// Any selection of filters and scales, in any order. FeatureOptions are turned into one (feature_selection),
/// and the matrix of filters by scales in an ilastik project is one.
struct FeatureSelection {
  struct ScaleChoice {
    double sigma = 1.0;
    Dimensions dimensions = Dimensions::three;

    friend bool operator==(const ScaleChoice&, const ScaleChoice&) = default;

    template <class Archive>
    void serialize(Archive& archive, unsigned /*version*/) {
      archive& sigma& dimensions;
    }
  };
  std::vector<ScaleChoice> scales;  ///< each used by at least one feature
  std::vector<Feature> features;    ///< in the order of their channels
  SigmaUnit sigma_unit = SigmaUnit::voxel;
  int sections = 0;
  FilterDialect dialect = FilterDialect::ilastik;
  int image_channels = 1;  ///< of the volume; every feature is computed of each

  friend bool operator==(const FeatureSelection&, const FeatureSelection&) = default;

  /// For Boost.Serialization, between ranks only.
  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& scales& features& sigma_unit& sections& dialect& image_channels;
  }
};

/// The selection that options describe: filters in the order of FeatureKind, each at its scales from small to
/// large.
/// \throws ConfigError if a group names a scale twice, if nothing is selected, or if `dimensions_of_scale`
///         speaks of a scale that is not selected.
FeatureSelection feature_selection(const FeatureOptions& options);

/// \throws ConfigError when nothing is selected.
void require_features(const FeatureSelection& selection);

}  // namespace cleft
