#include "probability/classify_block.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "blocks/block_grid.hpp"

namespace cleft {
namespace {

std::vector<Array3<float>> uninitialized_arrays(std::size_t count, const Extent& extent) {
  std::vector<Array3<float>> arrays;
  arrays.reserve(count);
  for (std::size_t i = 0; i < count; ++i) arrays.push_back(Array3<float>::uninitialized(extent));
  return arrays;
}

/// What a stage's probabilities are to the next one: bytes, the fraction dropped, as ilastik converts them.
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

/// Pieces of at most `piece`, and where that is not enough of them to keep all threads busy, smaller ones.
BlockGrid cut(const Extent& core, Extent piece, int threads) {
  constexpr std::int64_t pieces_per_thread = 4, shortest = 16;
  piece = shorter(piece, core);
  while (threads > 1 && BlockGrid(core, piece, {}).count() < pieces_per_thread * threads) {
    std::int64_t& longer = piece.z >= piece.y ? piece.z : piece.y;
    if (longer <= shortest) break;
    longer = (longer + 1) / 2;
  }
  return {core, piece, {}};
}

}  // namespace

class BlockClassifier::ScratchPool {
 public:
  template <class Work>
  void lend(const PieceClassifier& classifier, const Work& work) {
    auto scratch = take(classifier);
    work(*scratch);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(scratch));
  }

 private:
  std::unique_ptr<Scratch> take(const PieceClassifier& classifier) {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Scratch>(classifier.scratch());
    auto scratch = std::move(free_.back());
    free_.pop_back();
    return scratch;
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

BlockClassifier::BlockClassifier(std::span<const ClassifierStage> stages, int threads, const Extent& piece)
    : threads_(threads), piece_(piece) {
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

Extent BlockClassifier::choose_piece(std::span<const ClassifierStage> stages, int threads,
                                     std::int64_t bytes) {
  // Long along x, where rows are worked on; and so large that what is filtered around them matters little.
  constexpr std::array<Extent, 7> pieces{{{64, 128, 128},
                                          {32, 128, 128},
                                          {32, 64, 128},
                                          {16, 64, 128},
                                          {16, 32, 128},
                                          {8, 32, 64},
                                          {4, 16, 32}}};
  for (const Extent& piece : pieces) {
    std::int64_t of_thread = 0;
    for (const ClassifierStage& stage : stages) of_thread += PieceClassifier::working_bytes(stage, piece);
    if (threads * of_thread <= bytes) return piece;
  }
  return pieces.back();
}

std::int64_t BlockClassifier::working_bytes(std::span<const ClassifierStage> stages, int threads,
                                            const Extent& piece, std::size_t classes, const Extent& core) {
  const auto bytes_of = [](std::size_t arrays, const Extent& extent) {
    return narrow<std::int64_t>(arrays * sizeof(float)) * voxel_count(extent);
  };
  std::int64_t most = 0, of_thread = 0;
  Extent region = core;
  for (std::size_t s = stages.size(); s-- > 0;) {
    // While a stage works there is its own result and that of the stage before it.
    const Extent before = region + 2 * stages[s].features->halo();
    const auto result = s + 1 == stages.size() ? classes : class_count(stages[s]);
    const std::int64_t given = s == 0 ? 0 : bytes_of(class_count(stages[s - 1]), before);
    most = std::max(most, given + bytes_of(result, region));
    // What threads work with stays for the next block.
    of_thread += PieceClassifier::working_bytes(stages[s], shorter(piece, region));
    region = before;
  }
  return most + threads * of_thread;
}

std::vector<Array3<float>> BlockClassifier::classify(Images padded, const LocalVoxel& core_begin,
                                                     const Extent& core,
                                                     std::span<const std::size_t> classes) const {
  return run_stages(stages_.size(), padded, core_begin, core, classes);
}

/// The first `stage_count` stages.
std::vector<Array3<float>> BlockClassifier::run_stages(std::size_t stage_count, Images padded,
                                                       const LocalVoxel& core_begin, const Extent& core,
                                                       std::span<const std::size_t> classes) const {
  const PieceClassifier& last = stages_[stage_count - 1];
  if (stage_count == 1) return run(0, padded, core_begin, core, classes);
  const Box region = around(core_begin, core, last.features().halo(), padded.front().extent());
  const LocalVoxel region_begin{region.begin.z, region.begin.y, region.begin.x};
  auto before = run_stages(stage_count - 1, padded, region_begin, region.extent(),
                           all_classes(stages_[stage_count - 2].class_count()));
  std::vector<View3<const float>> images;
  for (const auto& channel : padded) images.push_back(channel.part(region_begin, region.extent()));
  for (auto& probability : before) {
    convert_to_bytes(probability);
    images.push_back(probability.view());
  }
  return run(stage_count - 1, images,
             {core_begin.z - region_begin.z, core_begin.y - region_begin.y, core_begin.x - region_begin.x},
             core, classes);
}

std::vector<Array3<float>> BlockClassifier::run(std::size_t stage, Images padded,
                                                const LocalVoxel& core_begin, const Extent& core,
                                                std::span<const std::size_t> classes) const {
  auto probabilities = uninitialized_arrays(classes.size(), core);
  const BlockGrid pieces = cut(core, piece_, threads_);
  const PieceClassifier& classifier = stages_[stage];
  run_on_threads(pieces.count(), threads_, [&](std::int64_t number) {
    const Box piece = pieces.owned(number);
    const LocalVoxel begin{piece.begin.z, piece.begin.y, piece.begin.x};
    std::vector<View3<float>> parts;
    for (auto& probability : probabilities) parts.push_back(probability.view().part(begin, piece.extent()));
    scratch_[stage]->lend(classifier, [&](Scratch& scratch) {
      classifier.classify(padded, sum(core_begin, begin), classes, parts, scratch);
    });
  });
  return probabilities;
}

}  // namespace cleft
