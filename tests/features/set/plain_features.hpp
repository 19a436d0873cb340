#pragma once

#include <cmath>
#include <vector>

#include "features/convolve.hpp"
#include "features/passes/eigenvalues.hpp"
#include "features/set/feature_set.hpp"

namespace cleft::test {

/// The definition of the features, filter by filter over whole volumes, in plain scalar code: no blocks, no
/// tiles, no sharing.
class PlainFeatures {
 public:
  using Image = Array3<float>;

  PlainFeatures(const FeatureSet& set, View3<const float> volume)
      : set_(set), volume_(Image::copy_of(volume)) {}

  /// All channels in the set's order.
  std::vector<Image> channels() const {
    std::vector<Image> all(static_cast<std::size_t>(set_.channel_count()));
    for (std::size_t f = 0; f < set_.features().size(); ++f) {
      const Scale& scale = set_.scales()[set_.features()[f].scale];
      const std::vector<Image> own = feature(set_.features()[f].kind, scale);
      const int reach = scale.is_2d() ? set_.sections() : 0;
      for (int dz = -reach; dz <= reach; ++dz)
        for (std::size_t i = 0; i < own.size(); ++i)
          all[static_cast<std::size_t>(set_.first_channel(f, dz)) + i] = shifted(own[i], dz);
    }
    return all;
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
  static Image shifted(const Image& image, int dz) {
    Image out(image.extent());
    for (std::int64_t z = 0; z < out.extent().z; ++z)
      for (std::int64_t y = 0; y < out.extent().y; ++y)
        std::copy_n(image.row(reflected(z + dz, out.extent().z), y), out.extent().x, out.row(z, y));
    return out;
  }
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

  std::vector<Image> feature(FeatureKind kind, const Scale& scale) const {
    const Image smooth = derivative(volume_, scale.presmoothing(), {}, presmoothing_window);
    std::vector<int> axes;  // x, y, z
    for (const int axis : {2, 1, 0})
      if (scale.active(axis)) axes.push_back(axis);
    const auto at_n = [&](const PerAxis<int>& order) {
      return derivative(smooth, scale.filter(), order, filter_window);
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
        PerAxis<double> narrow = scale.filter();
        for (int axis = 0; axis < 3; ++axis) narrow[axis] *= 0.66;
        images.push_back(at_n({}));
        images.push_back(derivative(smooth, narrow, {}, filter_window));
        images[0] = combined(images, [](const auto& v) { return v[0] - v[1]; });
        images.resize(1);
        return images;
      }
      case FeatureKind::structure_tensor_eigenvalues:
        return structure_tensor(smooth, scale, axes);
      case FeatureKind::hessian_of_gaussian_eigenvalues:
        for (std::size_t i = axes.size(); i-- > 0;)
          for (std::size_t j = i + 1; j-- > 0;) images.push_back(at_n(sum(unit(axes[i]), unit(axes[j]))));
        return eigenvalues_of(images, axes.size());
    }
    return images;
  }

  std::vector<Image> structure_tensor(const Image& smooth, const Scale& scale,
                                      const std::vector<int>& axes) const {
    const TensorSigmas sigmas = tensor_sigmas(scale, set_.dialect());
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

  const FeatureSet& set_;
  Image volume_;
};

}  // namespace cleft::test
