#include "probability/classify_block.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "blocks/block_grid.hpp"
#include "probability/tuning.hpp"

namespace cleft {
namespace {

std::vector<Array3<float>> uninitialized_arrays(std::size_t count, const Extent& extent) {
  std::vector<Array3<float>> arrays;
  arrays.reserve(count);
  for (std::size_t i = 0; i < count; ++i) arrays.push_back(Array3<float>::uninitialized(extent));
  return arrays;
}

/// Turns a stage's probabilities into the grey values that the next stage sees: 255 p, the fraction dropped,
/// as ilastik converts them to bytes.
void convert_to_bytes(Array3<float>& probabilities) {
  for (float& p : probabilities.voxels()) p = std::trunc(255.0F * p);
}

int image_channels_of(std::span<const ClassifierStage> stages, std::size_t stage) {
  const int of_volume = stages.front().features->image_channels();
  return stage == 0 ? of_volume : of_volume + stages[stage - 1].forest->class_count;
}

std::size_t class_count(const ClassifierStage& stage) {
  return to_size(stage.forest->class_count);
}

std::vector<std::size_t> all_classes(std::size_t count) {
  std::vector<std::size_t> classes(count);
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  return classes;
}

LocalVoxel sum(const LocalVoxel& a, const LocalVoxel& b) {
  return {a.z + b.z, a.y + b.y, a.x + b.x};
}

Extent shorter(const Extent& a, const Extent& b) {
  return {std::min(a.z, b.z), std::min(a.y, b.y), std::min(a.x, b.x)};
}

/// Tiles of at most `tile`, and smaller ones where these are too few to keep all threads busy.
BlockGrid cut(const Extent& extent, Extent tile, int threads) {
  tile = shorter(tile, extent);
  while (threads > 1 && BlockGrid(extent, tile, {}).count() < tuning::tiles_per_thread * threads) {
    std::int64_t& longer = tile.z >= tile.y ? tile.z : tile.y;
    if (longer <= tuning::shortest_tile) break;
    longer = (longer + 1) / 2;
  }
  return {extent, tile, {}};
}

}  // namespace

class BlockClassifier::ScratchPool {
 public:
  template <class Work>
  void lend(const TileClassifier& classifier, const Work& work) {
    auto scratch = take(classifier);
    work(*scratch);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(scratch));
  }

 private:
  std::unique_ptr<Scratch> take(const TileClassifier& classifier) {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Scratch>(classifier.scratch());
    auto scratch = std::move(free_.back());
    free_.pop_back();
    return scratch;
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

BlockClassifier::BlockClassifier(std::span<const ClassifierStage> stages, int threads, const Extent& tile)
    : threads_(threads), tile_(tile) {
  for (std::size_t s = 0; s < stages.size(); ++s) {
    stages_.emplace_back(stages[s]);
    scratch_.push_back(std::make_unique<ScratchPool>());
    const int expected = image_channels_of(stages, s), found = stages[s].features->image_channels();
    if (found != expected)
      throw InternalError(fmt::format("features of {} image channels meet {}", found, expected));
  }
}

BlockClassifier::BlockClassifier(BlockClassifier&&) noexcept = default;
BlockClassifier::~BlockClassifier() = default;

Extent BlockClassifier::halo(std::span<const ClassifierStage> stages) {
  Extent halo;
  for (const ClassifierStage& stage : stages) halo = halo + stage.features->halo();
  return halo;
}

Extent BlockClassifier::choose_tile(std::span<const ClassifierStage> stages, int threads,
                                    std::int64_t bytes) {
  for (const Extent& tile : tuning::tile_shapes) {
    std::int64_t of_thread = 0;
    for (const ClassifierStage& stage : stages) of_thread += TileClassifier::working_bytes(stage, tile);
    if (threads * of_thread <= bytes) return tile;
  }
  return tuning::tile_shapes.back();
}

std::int64_t BlockClassifier::working_bytes(std::span<const ClassifierStage> stages, int threads,
                                            const Extent& tile, std::size_t classes, const Extent& owned) {
  const auto bytes_of = [](std::size_t arrays, const Extent& of_each) {
    return narrow<std::int64_t>(arrays) * Array3<float>::memory(of_each);
  };
  std::int64_t max_results = 0, of_thread = 0;
  Extent extent = owned;  // that the stage computes
  for (std::size_t s = stages.size(); s-- > 0;) {
    // While a stage works it holds its own result and that of the stage before it.
    const Extent before = extent + 2 * stages[s].features->halo();
    const auto result = s + 1 == stages.size() ? classes : class_count(stages[s]);
    const std::int64_t given = s == 0 ? 0 : bytes_of(class_count(stages[s - 1]), before);
    max_results = std::max(max_results, given + bytes_of(result, extent));
    // The scratch of every stage is kept for the next block.
    of_thread += TileClassifier::working_bytes(stages[s], shorter(tile, extent));
    extent = before;
  }
  return max_results + threads * of_thread;
}

std::vector<Array3<float>> BlockClassifier::classify(Images padded, const LocalVoxel& owned_begin,
                                                     const Extent& owned,
                                                     std::span<const std::size_t> classes,
                                                     const std::stop_token& stop) const {
  return run_stages(stages_.size(), padded, {owned_begin, owned, classes}, stop);
}

/// The probabilities of the last of the first `stage_count` stages.
std::vector<Array3<float>> BlockClassifier::run_stages(std::size_t stage_count, Images padded,
                                                       const Wanted& wanted,
                                                       const std::stop_token& stop) const {
  const std::size_t last = stage_count - 1;
  if (last == 0) return run(0, padded, wanted, stop);
  const Box seen =
      around(wanted.begin, wanted.extent, stages_[last].features().halo(), padded.front().extent());
  const LocalVoxel seen_begin{seen.begin.z, seen.begin.y, seen.begin.x};
  const auto all = all_classes(stages_[last - 1].class_count());
  auto before = run_stages(last, padded, {seen_begin, seen.extent(), all}, stop);
  std::vector<View3<const float>> images;
  for (const auto& channel : padded) images.push_back(channel.part(seen_begin, seen.extent()));
  for (auto& probability : before) {
    convert_to_bytes(probability);
    images.push_back(probability.view());
  }
  const LocalVoxel in_seen{wanted.begin.z - seen_begin.z, wanted.begin.y - seen_begin.y,
                           wanted.begin.x - seen_begin.x};
  return run(last, images, {in_seen, wanted.extent, wanted.classes}, stop);
}

std::vector<Array3<float>> BlockClassifier::run(std::size_t stage, Images padded, const Wanted& wanted,
                                                const std::stop_token& stop) const {
  auto probabilities = uninitialized_arrays(wanted.classes.size(), wanted.extent);
  const BlockGrid tiles = cut(wanted.extent, tile_, threads_);
  const TileClassifier& classifier = stages_[stage];
  run_on_threads(tiles.count(), threads_, [&](std::int64_t number) {
    throw_if_stopped(stop);
    const Box tile = tiles.owned(number);
    const LocalVoxel begin{tile.begin.z, tile.begin.y, tile.begin.x};
    std::vector<View3<float>> of_tile;
    for (auto& probability : probabilities) of_tile.push_back(probability.view().part(begin, tile.extent()));
    scratch_[stage]->lend(classifier, [&](Scratch& scratch) {
      classifier.classify(padded, sum(wanted.begin, begin), wanted.classes, of_tile, scratch);
    });
  });
  return probabilities;
}

}  // namespace cleft
