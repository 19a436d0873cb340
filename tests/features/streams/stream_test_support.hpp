#pragma once

#include <string>
#include <vector>

#include "base/narrow.hpp"
#include "features/feature_output.hpp"
#include "features/feature_test_support.hpp"
#include "features/passes/kernel_set.hpp"
#include "features/plain_filters.hpp"
#include "features/streams/stream_plan.hpp"

namespace cleft::test {

/// A scale and a tile of an image, for comparing streams with the plain definition.
struct TileCase {
  const char* name;
  PerAxis<double> sigmas;
  Extent image;
  LocalBox tile;

  Scale scale() const { return {.sigma = sigmas.x, .sigmas = sigmas}; }
  friend void PrintTo(const TileCase& tested, std::ostream* out) { *out << tested.name; }
};

inline std::string name_of(const testing::TestParamInfo<TileCase>& tested) {
  return tested.param.name;
}

/// Features of a tile, each channel as an image of its own.
struct TileOutputs {
  TileOutputs(const std::vector<FeatureKind>& kinds, const Scale& scale, const Extent& tile) {
    for (const FeatureKind kind : kinds) {
      features::FeatureOutput& output = list.emplace_back();
      output.kind = kind;
      for (int i = 0; i < (has_eigenvalues(kind) ? scale.active_axes() : 1); ++i) {
        output.channels[to_size(i)] = narrow<int>(images.size());
        images.emplace_back(tile);
      }
    }
    for (auto& image : images) views.push_back(image.view());
  }

  /// Compares every channel with the definition, bit by bit.
  /// \param smooth  The whole image, smoothed ahead.
  /// \param box     Where the tile lies in it.
  void expect_plain(const Scale& scale, const Array3<float>& smooth, const LocalBox& box) const {
    std::size_t channel = 0;
    for (const features::FeatureOutput& output : list)
      for (const Array3<float>& plain : PlainFilters(scale).feature(output.kind, smooth)) {
        EXPECT_EQ(differences(images[channel].view(), plain.view().part(box.begin, box.extent())), 0)
            << kind_name(output.kind) << ", channel " << channel;
        ++channel;
      }
    EXPECT_EQ(channel, images.size());
  }

  std::vector<Array3<float>> images;
  std::vector<View3<float>> views;
  std::vector<features::FeatureOutput> list;
};

}  // namespace cleft::test
