#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "features/convolve.hpp"
#include "features/passes/eigenvalues.hpp"
#include "features/scale.hpp"

namespace cleft::test {

/// The definition of one scale's filters over whole images, in plain scalar code: no tiles, no sharing.
class PlainFilters {
 public:
  using Image = Array3<float>;

  explicit PlainFilters(const Scale& scale, FilterDialect dialect = FilterDialect::ilastik)
      : scale_(scale), dialect_(dialect) {}

  /// What every filter starts from.
  Image smoothed_ahead(const Image& image) const {
    return derivative(image, scale_.presmoothing(), {}, presmoothing_window);
  }

  /// The images of one feature: one, or one per eigenvalue, the largest first.
  /// \param smooth  The image, smoothed ahead.
  std::vector<Image> feature(FeatureKind kind, const Image& smooth) const {
    std::vector<int> axes;  // x, y, z
    for (const int axis : {2, 1, 0})
      if (scale_.active(axis)) axes.push_back(axis);
    const auto at_n = [&](const PerAxis<int>& order) {
      return derivative(smooth, scale_.filter(), order, filter_window);
    };
    std::vector<Image> images;
    switch (kind) {
      case FeatureKind::gaussian_smoothing:
        images.push_back(at_n({}));
        return images;
      case FeatureKind::laplacian_of_gaussian:
        for (const int axis : axes) images.push_back(at_n(sum(unit(axis), unit(axis))));
        images[0] =
            combined(images, [](const auto& v) { return v.size() == 2 ? v[0] + v[1] : v[0] + v[1] + v[2]; });
        images.resize(1);
        return images;
      case FeatureKind::gaussian_gradient_magnitude:
        for (const int axis : axes) images.push_back(at_n(unit(axis)));
        images[0] = combined(images, [](const auto& v) {
          const float two = v[0] * v[0] + v[1] * v[1];
          return std::sqrt(v.size() == 2 ? two : two + v[2] * v[2]);
        });
        images.resize(1);
        return images;
      case FeatureKind::difference_of_gaussians: {
        PerAxis<double> narrow = scale_.filter();
        for (int axis = 0; axis < 3; ++axis) narrow[axis] *= 0.66;
        images.push_back(at_n({}));
        images.push_back(derivative(smooth, narrow, {}, filter_window));
        images[0] = combined(images, [](const auto& v) { return v[0] - v[1]; });
        images.resize(1);
        return images;
      }
      case FeatureKind::structure_tensor_eigenvalues:
        return structure_tensor(smooth, axes);
      case FeatureKind::hessian_of_gaussian_eigenvalues:
        for (std::size_t i = axes.size(); i-- > 0;)
          for (std::size_t j = i + 1; j-- > 0;) images.push_back(at_n(sum(unit(axes[i]), unit(axes[j]))));
        return eigenvalues_of(images, axes.size());
    }
    return images;
  }

  /// Convolves along x, then y, then z, each axis with the derivative of this order; axes with sigma 0 are
  /// left out.
  static Image derivative(const Image& image, const PerAxis<double>& sigmas, const PerAxis<int>& order,
                          double window) {
    Image result = Image::copy_of(image.view());
    for (const int axis : {2, 1, 0}) {
      if (sigmas[axis] == 0.0) continue;
      Image next(image.extent());
      reference::convolve(result.view(), {}, next.view(), axis,
                          gaussian_kernel(order[axis], sigmas[axis], window));
      result = std::move(next);
    }
    return result;
  }

 private:
  static PerAxis<int> unit(int axis) {
    PerAxis<int> order;
    order[axis] = 1;
    return order;
  }
  static PerAxis<int> sum(PerAxis<int> a, const PerAxis<int>& b) {
    for (int axis = 0; axis < 3; ++axis) a[axis] += b[axis];
    return a;
  }
  /// Calls combine(voxels) with the images' values at each voxel.
  template <class Combine>
  static Image combined(const std::vector<Image>& images, Combine combine) {
    Image out(images[0].extent());
    for (std::size_t i = 0; i < out.voxels().size(); ++i) {
      std::vector<float> voxels;
      for (const Image& image : images) voxels.push_back(image.voxels()[i]);
      out.voxels()[i] = combine(voxels);
    }
    return out;
  }
  static std::vector<Image> eigenvalues_of(const std::vector<Image>& entries, std::size_t count) {
    std::vector<View3<const float>> in;
    for (const Image& entry : entries) in.push_back(entry.view());
    std::vector<Image> values;
    std::vector<View3<float>> out;
    for (std::size_t i = 0; i < count; ++i) values.emplace_back(entries[0].extent());
    for (Image& value : values) out.push_back(value.view());
    features::reference::eigenvalues(in, out);
    return values;
  }

  std::vector<Image> structure_tensor(const Image& smooth, const std::vector<int>& axes) const {
    const TensorSigmas sigmas = tensor_sigmas(scale_, dialect_);
    std::vector<Image> slopes, entries;
    for (const int axis : axes)
      slopes.push_back(derivative(smooth, sigmas.derivative, unit(axis), filter_window));
    for (std::size_t i = axes.size(); i-- > 0;)
      for (std::size_t j = i + 1; j-- > 0;) {
        std::vector<Image> pair;
        pair.push_back(Image::copy_of(slopes[i].view()));
        pair.push_back(Image::copy_of(slopes[j].view()));
        const Image product = combined(pair, [](const auto& v) { return v[0] * v[1]; });
        entries.push_back(derivative(product, sigmas.averaging, {}, filter_window));
      }
    return eigenvalues_of(entries, axes.size());
  }

  Scale scale_;
  FilterDialect dialect_;
};

}  // namespace cleft::test
