#include "forest/predict/voxel_codes.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include "base/narrow.hpp"
#include "forest/predict/coded_trees.hpp"
#include "forest/predict/lane_masks.hpp"

namespace cleft::forest {
namespace {

constexpr std::size_t lanes = LaneMasks::lanes, together = words_together;

/// How many codes there are from one set of words_together words to the next.
std::size_t codes_of_set(std::size_t channels) {
  return channels * together * lanes;
}

/// How many codes there are of so many words, in whole sets, and the one more that LaneMasks::walk may load.
std::size_t codes_of_words(std::size_t words, std::size_t channels) {
  return (words + together - 1) / together * codes_of_set(channels) + 1;
}

/// Where the codes of one channel stand, word by word.
class WordPlaces {
 public:
  /// \param channel, channels  Index among the channels that the trees ask for, and how many these are.
  WordPlaces(std::size_t channel, std::size_t channels)
      : first_(channel * together * lanes), step_(codes_of_set(channels)) {}

  std::size_t of(std::size_t word) const {
    return first_ + word / together * step_ + word % together * lanes;
  }

 private:
  std::size_t first_, step_;
};

/// Copies a row of codes to the words along it, whose rows are `length` long.
/// \pre row.size() is a multiple of `length`.
template <std::size_t length>
void copy_to_words(std::span<const std::int16_t> row, const VoxelWords::Place& begin,
                   const WordPlaces& places, std::int16_t* codes) {
  for (std::size_t x = 0, word = begin.word; x < row.size(); x += length, ++word)
    std::copy_n(row.data() + x, length, codes + places.of(word) + begin.lane);
}

}  // namespace

void VoxelCodes::begin(const Extent& extent, Alike alike) {
  words_ = VoxelWords(extent, alike);
  const std::size_t count = codes_of_words(words_.word_count(), trees_->channels.size());
  if (count > room_) {
    codes_ = nullptr;
    room_ = 0;
    codes_ = hwy::AllocateAligned<std::int16_t>(count);
    if (!codes_) throw std::bad_alloc();
    room_ = count;
    // Lanes outside a volume are compared too; their results are ignored, but the memory must hold something.
    std::fill_n(codes_.get(), count, std::int16_t{0});
  }
  live_.assign(words_.word_count(), 0);
  for (std::size_t word = 0; word < live_.size(); ++word)
    words_.for_each_row_of(word, [&](const LocalVoxel&, std::int64_t voxels, std::size_t lane) {
      live_[word] |= ~std::uint64_t{0} >> (lanes - to_size(voxels)) << lane;
    });
}

/// Which of the channels that the trees ask for it is.
std::optional<std::size_t> VoxelCodes::place_of(std::size_t channel) const {
  const auto& asked_for = trees_->channels;
  const auto number = narrow<std::int32_t>(channel);
  const auto found = std::lower_bound(asked_for.begin(), asked_for.end(), number);
  if (found == asked_for.end() || *found != number) return std::nullopt;
  return to_size(found - asked_for.begin());
}

void VoxelCodes::add_row(std::size_t channel, const LocalVoxel& begin, std::span<const float> values) {
  const auto place = place_of(channel);
  if (!place) return drop_nan(begin, values);
  const auto length = to_size(words_.word.x);
  row_.resize((values.size() + length - 1) / length * length);
  if (trees_->codes[*place].encode(values, std::span(row_).first(values.size()))) drop_nan(begin, values);
  place_row(*place, begin, narrow<std::int64_t>(values.size()));
}

/// Voxels of this row whose value is NaN are not live.
void VoxelCodes::drop_nan(const LocalVoxel& begin, std::span<const float> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) continue;
    const auto [word, lane] = words_.place_of({begin.z, begin.y, begin.x + narrow<std::int64_t>(i)});
    live_[word] &= ~(std::uint64_t{1} << lane);
  }
}

/// Puts the codes of `row_` where the trees will look for them.
void VoxelCodes::place_row(std::size_t channel, const LocalVoxel& begin, std::int64_t voxels) {
  const WordPlaces places(channel, trees_->channels.size());
  std::int16_t* codes = codes_.get();
  const std::int64_t length = words_.word.x;
  // Whole rows of words can be copied, which is faster. Values past the end of the volume's row are never
  // read, so that they may be overwritten.
  if (begin.x % length == 0 && (voxels % length == 0 || begin.x + voxels == words_.extent.x)) {
    const VoxelWords::Place place = words_.place_of(begin);
    if (length == 4) return copy_to_words<4>(row_, place, places, codes);
    if (length == 8) return copy_to_words<8>(row_, place, places, codes);
    return copy_to_words<lanes>(row_, place, places, codes);
  }
  words_.for_each_word_along(
      begin, voxels, [&](std::int64_t done, std::int64_t count, const VoxelWords::Place& place) {
        std::copy_n(row_.data() + done, count, codes + places.of(place.word) + place.lane);
      });
}

const std::int16_t* VoxelCodes::of_words(std::size_t word) const {
  return codes_.get() + word / together * codes_of_set(trees_->channels.size());
}

std::size_t VoxelCodes::bytes(std::size_t channels, const Extent& extent, Alike alike) {
  const std::size_t words = VoxelWords(extent, alike).word_count();
  return codes_of_words(words, channels) * sizeof(std::int16_t) + words * sizeof(std::uint64_t);
}

}  // namespace cleft::forest
