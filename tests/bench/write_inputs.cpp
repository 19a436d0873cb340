// Writes what the benchmarks work on into a folder, for programs in other languages and for cleft itself:
//
//   write_inputs FOLDER
//
//   values_3d_5000.npy labels_3d_5000.npy   samples: float32 [sample][channel], uint8 [sample]; also 2d and
//                                           50000
//   tile_3d.npy tile_2d.npy                 what forests are asked about: float32 [voxel][channel]
//   blobs.npy                               the mask to label: uint8 [z][y][x]
//   model_5000.h5 model_50000.h5            cleft's models of the 3D samples

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "blobs.hpp"
#include "forest/files/model_file.hpp"
#include "forest/train/train.hpp"
#include "tissue.hpp"

namespace cleft {
namespace {

using Folder = std::filesystem::path;

/// NumPy's format 1.0: magic, length of the header, a Python dictionary padded to a multiple of 64 bytes,
/// then the numbers.
template <class T>
void write_npy(const std::filesystem::path& path, std::string_view type,
               const std::vector<std::size_t>& shape, std::span<const T> values) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}", type,
                                   fmt::join(shape, ", "));
  const std::size_t before = 10;
  header.append(63 - (before + header.size()) % 64, ' ').push_back('\n');
  std::ofstream out(path, std::ios::binary);
  out << std::string_view("\x93NUMPY\x01\x00", 8) << static_cast<char>(header.size() % 256)
      << static_cast<char>(header.size() / 256) << header;
  for (const T& value : values) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.write(bytes, sizeof(T));
  }
  out.flush();
  if (!out) throw std::runtime_error(path.string() + ": cannot be written");
}

void write_rows(const std::filesystem::path& path, const std::vector<std::span<const float>>& channels) {
  write_npy<float>(path, "<f4", {channels.front().size(), channels.size()}, by_row(channels));
}

void write_samples(const Folder& folder, int dimensions, std::size_t count) {
  const Samples samples = draw_samples(features(dimensions), count);
  std::vector<std::span<const float>> channels;
  for (int c = 0; c < samples.channel_count; ++c) channels.push_back(samples.channel(c));
  write_rows(folder / fmt::format("values_{}d_{}.npy", dimensions, count), channels);
  write_npy<std::uint8_t>(folder / fmt::format("labels_{}d_{}.npy", dimensions, count), "|u1", {count},
                          samples.labels);
}

void write_tile(const Folder& folder, int dimensions) {
  const auto images = channels_of(features(dimensions), tile(dimensions));
  std::vector<std::span<const float>> channels;
  for (const auto& image : images) channels.push_back(image.voxels());
  write_rows(folder / fmt::format("tile_{}d.npy", dimensions), channels);
}

void write_model_of(const Folder& folder, std::size_t labels) {
  const Samples samples = draw_samples(features(3), labels);
  TrainedTrees trained = train_trees(samples, {}, 0, TrainOptions{}.trees, 2);
  Model model;
  model.forest = std::move(trained.forest);
  model.classes = {"membrane", "synapse", "rest"};
  model.features = feature_selection(FeatureOptions{});
  model.summary = summarise(samples, trained.out_of_bag);
  write_model(folder / fmt::format("model_{}.h5", labels), model);
}

void write_all(const Folder& folder) {
  std::filesystem::create_directories(folder);
  for (const int dimensions : {3, 2}) {
    for (const std::size_t count : {5000, 50000}) write_samples(folder, dimensions, count);
    write_tile(folder, dimensions);
  }
  for (const std::size_t labels : {5000, 50000}) write_model_of(folder, labels);
  const auto mask = blobs(blobs_extent, blobs_share);
  write_npy<std::uint8_t>(folder / "blobs.npy", "|u1", {384, 384, 384}, mask.voxels());
}

}  // namespace
}  // namespace cleft

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_inputs FOLDER\n";
    return 1;
  }
  try {
    cleft::write_all(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << "write_inputs: " << error.what() << '\n';
    return 1;
  }
}
