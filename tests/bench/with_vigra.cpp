#include "with_vigra.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <vigra/multi_array.hxx>
#include <vigra/multi_convolution.hxx>
#include <vigra/multi_labeling.hxx>
#include <vigra/multi_tensorutilities.hxx>
#include <vigra/random_forest.hxx>

namespace with_vigra {
namespace {

/// Axes x, y (, z); x is fastest in memory.
template <unsigned N>
using Image = vigra::MultiArray<N, float>;
template <unsigned N>
using View = vigra::MultiArrayView<N, float>;
template <unsigned N>
using Tensors = vigra::MultiArray<N, vigra::TinyVector<float, int(N*(N + 1) / 2)>>;

vigra::Shape3 vigra_shape(const Shape& shape) {
  return {shape.x, shape.y, shape.z};
}

/// VIGRA's views are of what may be written to; nothing here does.
View<3> view_of(const float* grey, const Shape& shape) {
  return {vigra_shape(shape), const_cast<float*>(grey)};
}

/// Kernels end this many sigmas from their centre.
template <unsigned N>
vigra::ConvolutionOptions<N> window(double sigmas) {
  return vigra::ConvolutionOptions<N>().filterWindowSize(sigmas);
}

/// In the order of their channels.
enum Filter { smoothing, laplacian, gradient, difference, structure_tensor, hessian, filter_count };
template <unsigned N>
using Channels = std::array<std::vector<Image<N>>, filter_count>;

/// The filters of one scale; the image is smoothed once for all of them.
template <unsigned N>
class Scale {
 public:
  Scale(const View<N>& image, double sigma) : n_(std::min(sigma, 1.0)), smoothed_(image.shape()) {
    const double before = sigma > 1.0 ? std::sqrt(sigma * sigma - 1.0) : sigma;
    vigra::gaussianSmoothMultiArray(image, smoothed_, before, window<N>(3.5));
  }

  void append_smoothing(Channels<N>& channels) const { channels[smoothing].push_back(smooth(n_)); }

  void append_edges(Channels<N>& channels) const {
    Image<N>& sum = channels[laplacian].emplace_back(smoothed_.shape());
    vigra::laplacianOfGaussianMultiArray(smoothed_, sum, n_, window<N>(2.0));
    Image<N>& length = channels[gradient].emplace_back(smoothed_.shape());
    vigra::gaussianGradientMagnitude(smoothed_, length, n_, window<N>(2.0));
    Image<N>& wide = channels[difference].emplace_back(smooth(n_));
    wide -= smooth(0.66 * n_);
  }

  void append_texture(Channels<N>& channels) const {
    Tensors<N> tensors(smoothed_.shape());
    vigra::structureTensorMultiArray(smoothed_, tensors, 0.5 * n_, n_, window<N>(2.0));
    append_eigenvalues(tensors, channels[structure_tensor]);
    vigra::hessianOfGaussianMultiArray(smoothed_, tensors, n_, window<N>(2.0));
    append_eigenvalues(tensors, channels[hessian]);
  }

 private:
  Image<N> smooth(double sigma) const {
    Image<N> result(smoothed_.shape());
    vigra::gaussianSmoothMultiArray(smoothed_, result, sigma, window<N>(2.0));
    return result;
  }

  /// The largest first, a channel each.
  static void append_eigenvalues(const Tensors<N>& tensors, std::vector<Image<N>>& channels) {
    vigra::MultiArray<N, vigra::TinyVector<float, int(N)>> values(tensors.shape());
    vigra::tensorEigenvaluesMultiArray(tensors, values);
    for (unsigned e = 0; e < N; ++e) channels.emplace_back(values.bindElementChannel(int(e)));
  }

  double n_;  // sigma of the filters
  Image<N> smoothed_;
};

/// The channels of cleft's default set (29 of a volume, 23 of a section) in its order: filter by filter, each
/// at its scales.
template <unsigned N>
std::vector<Image<N>> features(const View<N>& image) {
  Channels<N> of_filter;
  for (const double sigma : {0.7, 1.0, 1.6, 3.5, 5.0}) {
    const Scale<N> scale(image, sigma);
    scale.append_smoothing(of_filter);
    if (sigma > 3.0) scale.append_edges(of_filter);
    if (sigma > 1.5) scale.append_texture(of_filter);
  }
  std::vector<Image<N>> channels;
  for (auto& images : of_filter)
    for (auto& image_of_one : images) channels.emplace_back().swap(image_of_one);
  return channels;
}

/// The foreground's voxels: p is more than `ratio` times what it lacks to 1.
std::uint32_t components_above(const Image<3>& probability, float ratio) {
  vigra::MultiArray<3, vigra::UInt8> mask(probability.shape());
  std::transform(probability.begin(), probability.end(), mask.begin(),
                 [ratio](float p) { return static_cast<vigra::UInt8>(p > ratio * (1.0F - p)); });
  vigra::MultiArray<3, vigra::UInt32> labels(mask.shape());
  return vigra::labelMultiArrayWithBackground(mask, labels, vigra::IndirectNeighborhood);
}

/// Rows of a table that is stored [row][column].
template <class T>
vigra::MultiArrayView<2, T> table(const T* values, std::ptrdiff_t rows, std::ptrdiff_t columns) {
  return vigra::MultiArrayView<2, T>(vigra::Shape2(columns, rows), const_cast<T*>(values)).transpose();
}

}  // namespace

int compute_features_3d(const float* grey, const Shape& shape) {
  return static_cast<int>(features<3>(view_of(grey, shape)).size());
}

int compute_features_2d(const float* grey, const Shape& shape) {
  std::size_t channels = 0;
  for (std::ptrdiff_t z = 0; z < shape.z; ++z)
    channels = features<2>(view_of(grey, shape).bindOuter(z)).size();
  return static_cast<int>(channels);
}

struct Forest::Impl {
  vigra::RandomForest<vigra::UInt32> forest;
  std::ptrdiff_t channels;
};

Forest::Forest(const float* values, const std::uint8_t* labels, std::ptrdiff_t samples,
               std::ptrdiff_t channels, int trees)
    : impl_(new Impl{vigra::RandomForest<vigra::UInt32>(vigra::RandomForestOptions().tree_count(trees)),
                     channels}) {
  vigra::MultiArray<2, vigra::UInt32> column(vigra::Shape2(samples, 1));
  std::copy(labels, labels + samples, column.begin());
  const vigra::RandomMT19937 random(1);
  impl_->forest.learn(table(values, samples, channels), column, vigra::rf_default(), vigra::rf_default(),
                      vigra::rf_default(), random);
}

Forest::Forest(Forest&&) noexcept = default;
Forest& Forest::operator=(Forest&&) noexcept = default;
Forest::~Forest() = default;

void Forest::predict(const float* values, std::ptrdiff_t voxels, float* probabilities) const {
  auto out = table<float>(probabilities, voxels, impl_->forest.class_count());
  impl_->forest.predictProbabilities(table(values, voxels, impl_->channels), out);
}

std::uint32_t label_components(const std::uint8_t* mask, const Shape& shape, std::uint32_t* labels) {
  const vigra::MultiArrayView<3, vigra::UInt8> in(vigra_shape(shape), const_cast<std::uint8_t*>(mask));
  return vigra::labelMultiArrayWithBackground(
      in, vigra::MultiArrayView<3, vigra::UInt32>(vigra_shape(shape), labels), vigra::IndirectNeighborhood);
}

std::uint32_t detect(const float* grey, const Shape& shape, const Forest& forest) {
  const std::ptrdiff_t voxels = shape.voxels();
  std::vector<float> values, probabilities(static_cast<std::size_t>(3 * voxels));
  {
    const auto channels = features<3>(view_of(grey, shape));
    values.resize(static_cast<std::size_t>(voxels) * channels.size());
    for (std::size_t c = 0; c < channels.size(); ++c)
      for (std::ptrdiff_t v = 0; v < voxels; ++v)
        values[static_cast<std::size_t>(v) * channels.size() + c] = channels[c].data()[v];
  }
  forest.predict(values.data(), voxels, probabilities.data());
  Image<3> synapse(vigra_shape(shape)), smoothed(vigra_shape(shape));
  for (std::ptrdiff_t v = 0; v < voxels; ++v)
    synapse.data()[v] = probabilities[static_cast<std::size_t>(3 * v + 1)];
  vigra::gaussianSmoothMultiArray(synapse, smoothed, 5.0);
  return components_above(smoothed, 1.0F) + components_above(smoothed, 7.0F);
}

}  // namespace with_vigra
