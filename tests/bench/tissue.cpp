#include "tissue.hpp"

#include <array>
#include <cstdlib>
#include <optional>

#include "base/random.hpp"
#include "features/set/compute.hpp"
#include "forest/train/train.hpp"
#include "io/volume/volume_reader.hpp"
#include "phantom/phantom.hpp"

namespace cleft {
namespace {

Tissue phantom_tissue() {
  PhantomOptions options;
  options.extent = {40, 320, 320};
  const PhantomBlock block = Phantom(options).make(whole_box(options.extent));
  Tissue tissue{"phantom", Array3<float>(options.extent), Array3<std::uint8_t>(options.extent)};
  for (std::size_t v = 0; v < tissue.grey.voxels().size(); ++v) {
    tissue.grey.data()[v] = block.raw.data()[v];
    tissue.classes.data()[v] = static_cast<std::uint8_t>(block.classes.data()[v] - 1);
  }
  return tissue;
}

template <class T>
Array3<T> read_whole(const VolumePath& path) {
  const VolumeReader reader(path);
  Array3<T> values(reader.extent());
  reader.read(whole_box(reader.extent()), values.view());
  return values;
}

Tissue real_tissue(const std::string& folder) {
  const std::string truth = folder + "/truth_sections_0-9.h5";
  const auto synapses = read_whole<std::uint8_t>({truth, "/synapses"});
  const auto membranes = read_whole<std::uint8_t>({truth, "/membranes"});
  Tissue tissue{"real", read_whole<float>({folder + "/raw.h5", "/raw"}),
                Array3<std::uint8_t>(synapses.extent())};
  for (std::size_t v = 0; v < tissue.classes.voxels().size(); ++v)
    tissue.classes.data()[v] = synapses.data()[v] != 0 ? 1 : membranes.data()[v] != 0 ? 0 : 2;
  return tissue;
}

}  // namespace

const Tissue& tissue() {
  static const Tissue made = [] {
    const char* folder = std::getenv("CLEFT_REAL_DATA");
    return folder != nullptr ? real_tissue(folder) : phantom_tissue();
  }();
  return made;
}

FeatureSet features(int dimensions) {
  FeatureOptions options;
  options.dimensions = dimensions == 2 ? Dimensions::two : Dimensions::three;
  return {options, std::nullopt};
}

std::vector<Array3<float>> channels_of(const FeatureSet& set, const Box& core) {
  std::vector<Array3<float>> channels;
  std::vector<View3<float>> views;
  for (int c = 0; c < set.channel_count(); ++c) channels.emplace_back(core.extent());
  for (auto& channel : channels) views.push_back(channel.view());
  const LocalVoxel begin{core.begin.z, core.begin.y, core.begin.x};
  compute_features(set, tissue().grey.view(), begin, core.extent(), views);
  return channels;
}

Samples draw_samples(const FeatureSet& set, std::size_t count) {
  const auto& classes = tissue().classes;
  std::array<std::vector<std::size_t>, class_count> of_class;
  for (std::size_t v = 0; v < classes.voxels().size(); ++v) of_class.at(classes.data()[v]).push_back(v);
  Samples samples;
  samples.channel_count = set.channel_count();
  samples.class_count = class_count;
  std::vector<std::size_t> drawn;
  Random random(1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& from = of_class.at(i % class_count);
    drawn.push_back(from[random.below(static_cast<std::uint32_t>(from.size()))]);
    samples.labels.push_back(static_cast<std::uint8_t>(i % class_count));
  }
  const auto channels = channels_of(set, whole_box(classes.extent()));
  for (const auto& channel : channels)
    for (const std::size_t v : drawn) samples.values.push_back(channel.data()[v]);
  return samples;
}

Forest forest_of(const FeatureSet& set, std::size_t labels) {
  return train_trees(draw_samples(set, labels), {}, 0, TrainOptions{}.trees, 2).forest;
}

std::vector<float> by_row(std::span<const std::span<const float>> channels) {
  std::vector<float> rows;
  for (std::size_t row = 0; row < channels.front().size(); ++row)
    for (const auto& channel : channels) rows.push_back(channel[row]);
  return rows;
}

Box tile(int dimensions) {
  const Extent whole = tissue().grey.extent(), extent{dimensions == 2 ? 1 : 8, 192, 192};
  const GlobalVoxel begin{whole.z - extent.z, (whole.y - extent.y) / 2, (whole.x - extent.x) / 2};
  return {begin, begin + extent};
}

}  // namespace cleft
