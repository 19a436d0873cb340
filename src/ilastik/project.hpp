#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "base/error.hpp"
#include "features/set/feature_options.hpp"
#include "forest/forest.hpp"
#include "forest/model.hpp"
#include "ilastik/images.hpp"
#include "io/h5/file.hpp"

namespace cleft {

/// ilastik's workflows that cleft runs.
enum class IlastikWorkflow { pixel_classification, autocontext };

/// The filters that ilastik's feature selection offers, in its order.
inline constexpr std::array ilastik_kinds{
    FeatureKind::gaussian_smoothing,           FeatureKind::laplacian_of_gaussian,
    FeatureKind::gaussian_gradient_magnitude,  FeatureKind::difference_of_gaussians,
    FeatureKind::structure_tensor_eigenvalues, FeatureKind::hessian_of_gaussian_eigenvalues};

/// A label of a project, in the project's order.
struct IlastikClass {
  std::string name;
  std::array<std::uint8_t, 3> color{};  ///< red, green, blue
};

/// Which filters at which scales a project computes.
struct IlastikFeatures {
  std::vector<FeatureKind> kinds;  ///< [row]
  std::vector<double> scales;      ///< [column]
  std::vector<bool> selected;      ///< [row][column]
  std::vector<bool> in_2d;         ///< [column]; empty: the project does not say

  bool is_selected(std::size_t kind, std::size_t scale) const {
    return selected[kind * scales.size() + scale];
  }
};

/// Features and forests of one classification; autocontext has two, the second on the raw image and the
/// first's probabilities.
struct IlastikStage {
  IlastikFeatures features;  ///< empty where they cannot be used
  std::vector<IlastikClass> classes;
  std::optional<Forest> forest;  ///< nothing when the project was never trained or has another classifier
  std::optional<InputError> why_no_features;  ///< why there are none, where there are none
  std::optional<InputError> why_no_forest;    ///< the same of the forest
};

/// A project of ilastik's pixel classification or autocontext.
struct IlastikProject {
  std::filesystem::path path;
  std::string version;
  IlastikWorkflow workflow = IlastikWorkflow::pixel_classification;
  std::vector<IlastikStage> stages;
  std::vector<IlastikImage> images;
};

/// Reads all of a project but its labels. Nothing in it is trusted: addresses, counts, sizes and texts are
/// checked, and pickled objects are not opened.
/// Features and forests that are missing or cannot be used (a classifier that is not ilastik's parallel
/// forest, nodes that are not thresholds) are left out with the reason: labels can be used without them.
/// \throws InputError naming the file and what is wrong or missing, or another workflow; IoError when the
///         file is damaged.
IlastikProject read_ilastik_project(const std::filesystem::path& path);
/// The same of a file that is open; `path` is its name in messages.
IlastikProject read_ilastik_project(const h5::File& file, const std::filesystem::path& path);

/// Whether a file is an HDF5 file that says of itself that it is a project of ilastik.
bool is_ilastik_project(const std::filesystem::path& path);

/// The features of one stage, of one image channel. A project that does not say which scales are 2D has them
/// all in 3D, unless the volume has a single section or the forest, if there is one, has as many columns as
/// 2D features make.
/// \param volume  Of the volume it is to run on, if that is known; else the project's images count.
/// \throws InputError when no feature is selected or one cannot be computed or read.
FeatureSelection selection_of_stage(const IlastikProject& project, std::size_t stage, FilterDialect dialect,
                                    const std::optional<Extent>& volume);

/// One stage of a project as a model, its features as selection_of_stage has them.
///
/// \param stage    Of project.stages.
/// \param volume   Of the volume it is to run on, if that is known.
/// \throws         InputError when the project has no features or no forest that can be used, or when its
///                 forest has other columns than its features make for any number of image channels.
Model model_of_stage(const IlastikProject& project, std::size_t stage, FilterDialect dialect,
                     const std::optional<Extent>& volume);

}  // namespace cleft
