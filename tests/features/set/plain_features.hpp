#pragma once

#include <algorithm>
#include <vector>

#include "features/convolve.hpp"
#include "features/plain_filters.hpp"
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
      const PlainFilters filters(scale, set_.dialect());
      const std::vector<Image> own =
          filters.feature(set_.features()[f].kind, filters.smoothed_ahead(volume_));
      const int reach = scale.is_2d() ? set_.sections() : 0;
      for (int dz = -reach; dz <= reach; ++dz)
        for (std::size_t i = 0; i < own.size(); ++i)
          all[static_cast<std::size_t>(set_.first_channel(f, dz)) + i] = shifted(own[i], dz);
    }
    return all;
  }

 private:
  static Image shifted(const Image& image, int dz) {
    Image out(image.extent());
    for (std::int64_t z = 0; z < out.extent().z; ++z)
      for (std::int64_t y = 0; y < out.extent().y; ++y)
        std::copy_n(image.row(reflected(z + dz, out.extent().z), y), out.extent().x, out.row(z, y));
    return out;
  }

  const FeatureSet& set_;
  Image volume_;
};

}  // namespace cleft::test
