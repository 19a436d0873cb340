#include "probability/classify_tile.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "features/set/compute.hpp"
#include "probability/tuning.hpp"

namespace cleft {
namespace {

/// Whether all voxels have one value, as outside the imaged tissue. Ends at the first that differs.
bool is_constant(const View3<const float>& view) {
  const float first = view(0, 0, 0);
  for (std::int64_t z = 0; z < view.extent().z; ++z)
    for (std::int64_t y = 0; y < view.extent().y; ++y) {
      const float* row = view.row(z, y);
      if (!std::all_of(row, row + view.extent().x, [first](float v) { return v == first; })) return false;
    }
  return true;
}

/// Whether no channel of an image can be NaN: features of grey values up to the largest of uint16 stay far
/// from where float32 ends (of structure tensors fourth powers are taken, in the dialect ilastik-1.2 sixth
/// powers). Values of uint8 and uint16, and the probabilities of an earlier stage, are all like that.
bool gives_no_nan(const View3<const float>& image) {
  constexpr float largest = 65535;
  for (std::int64_t z = 0; z < image.extent().z; ++z)
    for (std::int64_t y = 0; y < image.extent().y; ++y) {
      const float* row = image.row(z, y);
      int outside = 0;  // no early end, so that several are compared at a time
      for (std::int64_t x = 0; x < image.extent().x; ++x) outside += std::abs(row[x]) <= largest ? 0 : 1;
      if (outside != 0) return false;
    }
  return true;
}

/// Where neighbouring voxels have much the same channels, for the forest's speed: with 2D filters alone, the
/// channels differ from section to section as much as the image does.
Alike alike(const FeatureSet& features) {
  const auto& scales = features.scales();
  const bool some_3d = std::any_of(scales.begin(), scales.end(), [](const Scale& s) { return !s.is_2d(); });
  return some_3d ? Alike::volume : Alike::section;
}

LocalVoxel local(const GlobalVoxel& v) {
  return {v.z, v.y, v.x};
}

void fill(const View3<float>& view, float value) {
  for (std::int64_t z = 0; z < view.extent().z; ++z)
    for (std::int64_t y = 0; y < view.extent().y; ++y) std::fill_n(view.row(z, y), view.extent().x, value);
}

/// Turns channels into codes a few rows at a time, so that no channel is ever in memory as a whole. Not row
/// by row: the table of a channel's thresholds would have to be loaded into the cache for each row.
class CodeSink : public ChannelSink {
 public:
  static constexpr std::size_t rows_at_once = tuning::rows_coded_at_once;

  /// \param rows            Room for rows_at_once rows of each channel.
  /// \param channel_floats  Floats from the beginning of one channel's rows to that of the next channel's.
  /// \param row_floats      Floats from the beginning of one row to that of the next; at least the longest
  ///                        row.
  /// \param no_nan          No channel will have a NaN: those that no node asks for are of no use.
  CodeSink(VoxelCodes& codes, std::span<float> rows, std::size_t channel_floats, std::size_t row_floats,
           bool no_nan)
      : codes_(codes),
        rows_(rows),
        channel_floats_(channel_floats),
        row_floats_(row_floats),
        waiting_(rows.size() / channel_floats) {
    for (std::size_t c = 0; c < waiting_.size(); ++c) wanted_.push_back(!no_nan || codes.asks_for(c));
  }

  bool wants(int channel) const override { return wanted_[to_size(channel)]; }
  float* room(int channel, const LocalVoxel& /*begin*/, std::int64_t /*voxels*/) override {
    const auto c = to_size(channel);
    return row(c, waiting_[c].size());
  }
  void take(int channel, const LocalVoxel& begin, std::int64_t voxels) override {
    const auto c = to_size(channel);
    if (!wanted_[c]) return;
    waiting_[c].push_back({begin, to_size(voxels)});
    if (waiting_[c].size() == rows_at_once) encode(c);
  }
  /// To be called when no more rows will come.
  void finish() {
    for (std::size_t c = 0; c < waiting_.size(); ++c) encode(c);
  }

 private:
  struct Row {
    LocalVoxel begin;
    std::size_t voxels;
  };

  float* row(std::size_t channel, std::size_t number) {
    return rows_.data() + channel * channel_floats_ + number * row_floats_;
  }
  void encode(std::size_t channel) {
    for (std::size_t i = 0; i < waiting_[channel].size(); ++i)
      codes_.add_row(channel, waiting_[channel][i].begin, {row(channel, i), waiting_[channel][i].voxels});
    waiting_[channel].clear();
  }

  VoxelCodes& codes_;
  std::span<float> rows_;
  std::size_t channel_floats_, row_floats_;
  std::vector<std::vector<Row>> waiting_;  // [channel] rows that are written and not yet encoded
  std::vector<bool> wanted_;               // [channel]
};

std::size_t in_whole_vectors(std::int64_t voxels) {
  constexpr std::size_t vector = 16;
  return (to_size(voxels) + vector - 1) / vector * vector;
}

/// Floats that scratch has of each channel: of rows that wait to be encoded, or of the whole tile.
std::size_t floats_of_channel(bool coded, const Extent& tile) {
  // Extents are often powers of two. Without this distance the rows of all channels would then fall into the
  // same few sets of the cache and drive each other out.
  constexpr std::size_t apart = 272;
  return apart +
         (coded ? CodeSink::rows_at_once * in_whole_vectors(tile.x) : in_whole_vectors(voxel_count(tile)));
}

}  // namespace

ClassifierStage::ClassifierStage(std::shared_ptr<const FeatureSet> of_features,
                                 std::shared_ptr<const Forest> of_forest)
    : features(std::move(of_features)),
      forest(std::move(of_forest)),
      coded(ForestVoter::surely_codes_suffice(*forest)) {}

TileClassifier::TileClassifier(ClassifierStage stage)
    : stage_(std::move(stage)), class_count_(to_size(stage_.forest->class_count)), voter_(*stage_.forest) {
  if (stage_.forest->channel_count != features().channel_count())
    throw InternalError(fmt::format("a forest of {} channels meets {} features", stage_.forest->channel_count,
                                    features().channel_count()));
}

void TileClassifier::classify(std::span<const View3<const float>> padded, const LocalVoxel& begin,
                              std::span<const std::size_t> classes,
                              std::span<const View3<float>> probabilities, Scratch& scratch) const {
  const Extent extent = probabilities.front().extent();
  const Box seen = around(begin, extent, features().halo(), padded.front().extent());
  std::vector<View3<const float>> images;
  for (const auto& channel : padded) images.push_back(channel.part(local(seen.begin), seen.extent()));

  if (std::all_of(images.begin(), images.end(), is_constant)) {
    std::vector<float> grey;
    for (const auto& image : images) grey.push_back(image(0, 0, 0));
    const auto constant = probabilities_of_constant(grey);
    for (std::size_t i = 0; i < classes.size(); ++i) fill(probabilities[i], constant[classes[i]]);
    return;
  }
  std::vector<View3<float>> wanted(class_count_);
  for (std::size_t i = 0; i < classes.size(); ++i) wanted[classes[i]] = probabilities[i];
  compute(images, seen.local({begin.z, begin.y, begin.x}), extent, wanted, scratch);
}

/// \param probabilities  [class] an empty view where a class is not wanted.
void TileClassifier::compute(std::span<const View3<const float>> padded, const LocalVoxel& begin,
                             const Extent& extent, std::span<const View3<float>> probabilities,
                             Scratch& scratch) const {
  const auto count = to_size(features().channel_count());
  const bool coded = voter_.codes_suffice();
  const std::size_t floats = floats_of_channel(coded, extent);
  const auto needed = narrow<std::int64_t>(count * floats);
  if (scratch.channels.size() < needed) {
    scratch.channels = {};  // the old memory is freed before the new is taken
    scratch.channels = Array3<float>::uninitialized({1, 1, needed});
  }
  if (coded) {
    scratch.codes.begin(extent, alike(features()));
    CodeSink sink(scratch.codes, scratch.channels.voxels().first(count * floats), floats,
                  in_whole_vectors(extent.x), std::all_of(padded.begin(), padded.end(), gives_no_nan));
    compute_features(features(), padded, begin, extent, sink);
    sink.finish();
    return voter_.vote(scratch.codes, probabilities);
  }
  std::vector<View3<float>> channels;
  for (std::size_t c = 0; c < count; ++c) channels.emplace_back(scratch.channels.data() + c * floats, extent);
  compute_features(features(), padded, begin, extent, channels);
  const std::vector<View3<const float>> values(channels.begin(), channels.end());
  voter_.vote(values, probabilities, alike(features()));
}

/// The class probabilities of any voxel of an image whose channels are constant: all voxels have the same, so
/// one is computed. Known ones are looked up.
std::vector<float> TileClassifier::probabilities_of_constant(const std::vector<float>& grey) const {
  const std::lock_guard lock(constants_->mutex);
  auto& known = constants_->probabilities[grey];
  if (!known.empty()) return known;
  const Extent halo = features().halo(), one{1, 1, 1};
  std::vector<Array3<float>> padded;
  for (const float value : grey) {
    padded.push_back(Array3<float>::uninitialized(one + 2 * halo));
    padded.back().fill(value);
  }
  const std::vector<View3<const float>> images = [&] {
    std::vector<View3<const float>> views;
    for (const auto& channel : padded) views.push_back(channel.view());
    return views;
  }();
  std::vector<float> found(class_count_);
  std::vector<View3<float>> of_classes;
  for (float& p : found) of_classes.emplace_back(&p, one);
  Scratch of_one = scratch();
  compute(images, {halo.z, halo.y, halo.x}, one, of_classes, of_one);
  return known = found;
}

std::int64_t TileClassifier::working_bytes(const ClassifierStage& stage, const Extent& tile) {
  const auto channels = to_size(stage.features->channel_count());
  const auto floats = narrow<std::int64_t>(channels * floats_of_channel(stage.coded, tile));
  const std::size_t codes = stage.coded ? VoxelCodes::bytes(channels, tile, alike(*stage.features)) : 0;
  return Array3<float>::memory({1, 1, floats}) +
         narrow<std::int64_t>(cleft::working_bytes(*stage.features, tile) + codes +
                              ForestVoter::working_bytes(*stage.forest));
}

Box around(const LocalVoxel& begin, const Extent& extent, const Extent& margin, const Extent& padded) {
  const GlobalVoxel first{begin.z, begin.y, begin.x};
  return intersection({first - margin, first + extent + margin}, whole_box(padded));
}

}  // namespace cleft
