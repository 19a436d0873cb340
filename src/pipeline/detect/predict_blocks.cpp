#include "pipeline/detect/predict_blocks.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "io/volume/usable_grey.hpp"
#include "pipeline/run/open_channels.hpp"
#include "segmentation/mask_edge.hpp"

namespace cleft {
namespace {

/// The results will say that they are of the input whose fingerprint was taken: it must still be that one.
void check_state(const VolumeReader& input, const std::string& state) {
  if (!state.empty() && input.source().state() != state)
    throw IoError({to_string(input.path()), "has changed since cleft first looked at it",
                   "an input that stays as it is until cleft has read it"});
}

}  // namespace

PredictInputs::PredictInputs(const PredictJob& job)
    : channels(open_channels(job.volume, job.stages.front().features->image_channels())) {
  check_state(channels.front(), job.volume_state);
  if (!job.mask) return;
  mask.emplace(*job.mask);
  check_state(mask->reader(), job.mask_state);
}

BlockWorker::BlockWorker(const PredictJob& job, const PredictInputs& inputs, const BlockGrid& grid,
                         const Extent& tile, ProbabilityFile& file)
    : job_(job), inputs_(inputs), grid_(grid), file_(file), classifier_(job.stages, job.threads, tile) {}

std::unique_ptr<BlockVoxels> BlockWorker::load(std::int64_t number) {
  const Box owned = grid_.owned(number), padded = grid_.padded(number);
  auto block = std::make_unique<BlockVoxels>();
  block->number = number;
  if (inputs_.mask) {
    block->mask = Array3<std::uint8_t>::uninitialized(owned.extent());
    inputs_.mask->read(owned, block->mask->view());
    const std::int64_t inside = count_inside(block->mask->view());
    if (inside == 0) return block;
    searched_ += inside;
  } else {
    searched_ += voxel_count(owned.extent());
  }
  for (const VolumeReader& channel : inputs_.channels) {
    block->grey.push_back(Array3<float>::uninitialized(padded.extent()));
    channel.read(padded, block->grey.back().view());
    look_at(block->grey.back().view().part(padded.local(owned.begin), owned.extent()));
  }
  computed_ += voxel_count(owned.extent());
  read_ += voxel_count(padded.extent());
  return block;
}

void BlockWorker::compute(BlockVoxels& block, const std::stop_token& stop) const {
  const Box owned = grid_.owned(block.number), padded = grid_.padded(block.number);
  if (block.grey.empty()) {
    for (std::size_t c = 0; c < job_.stored_classes.size(); ++c)
      block.probabilities.emplace_back(owned.extent());
    return;
  }
  std::vector<View3<const float>> views;
  for (const auto& channel : block.grey) views.push_back(channel.view());
  block.probabilities =
      classifier_.classify(views, padded.local(owned.begin), owned.extent(), job_.stored_classes, stop);
  if (block.mask)
    for (auto& probability : block.probabilities)
      clear_outside<float>(block.mask->view(), probability.view());
  block.grey.clear();
}

void BlockWorker::store(const BlockVoxels& block) {
  file_.write_block(block.number, block.probabilities);
  written_ += voxel_count(grid_.owned(block.number).extent());
}

void BlockWorker::look_at(const View3<const float>& owned) {
  const bool is_first = not_numbers_ == 0;
  for (std::int64_t z = 0; z < owned.extent().z; ++z)
    for (std::int64_t y = 0; y < owned.extent().y; ++y) {
      const std::span row(owned.row(z, y), to_size(owned.extent().x));
      for (const float value : row)
        if (is_usable_grey(value)) grey_.add(value);
      not_numbers_ +=
          std::count_if(row.begin(), row.end(), [](float value) { return !is_usable_grey(value); });
    }
  // Told in the end, for all ranks; but by then a long run is over.
  if (is_first && not_numbers_ > 0)
    log::info("{}: some voxels are not usable (NaN, infinite or beyond 1e9); nothing can be found near them",
              to_string(job_.volume));
}

}  // namespace cleft
