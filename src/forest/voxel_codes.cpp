#include "forest/voxel_codes.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include "forest/lane_masks.hpp"

namespace cleft {
namespace {

constexpr std::size_t lanes = LaneMasks::lanes;

/// Copies pieces of a row to places that are `step` apart.
/// \pre row.size() is a multiple of `length`.
template <std::size_t length>
void copy_pieces(std::span<const std::int16_t> row, std::int16_t* to, std::size_t step) {
  for (std::size_t x = 0; x < row.size(); x += length, to += step) std::copy_n(row.data() + x, length, to);
}

}  // namespace

void VoxelCodes::begin(const Extent& extent, Alike alike) {
  words_ = VoxelWords(extent, alike);
  const std::size_t count = words_.word_count() * codes_of_word();
  if (count > room_) {
    codes_ = nullptr;
    room_ = 0;
    codes_ = hwy::AllocateAligned<std::int16_t>(count);
    if (!codes_) throw std::bad_alloc();
    room_ = count;
    // Lanes outside a volume are compared as well, if in vain.
    std::fill_n(codes_.get(), count, std::int16_t{0});
  }
  live_.assign(words_.word_count(), 0);
  for (std::size_t word = 0; word < live_.size(); ++word)
    words_.for_each_row_of(word, [&](const LocalVoxel&, std::int64_t voxels, std::size_t lane) {
      live_[word] |= ~std::uint64_t{0} >> (lanes - static_cast<std::size_t>(voxels)) << lane;
    });
}

void VoxelCodes::add_row(std::size_t channel, const LocalVoxel& begin, std::span<const float> values) {
  const auto& asked_for = group_->channels;
  const auto number = static_cast<std::int32_t>(channel);
  const auto found = std::lower_bound(asked_for.begin(), asked_for.end(), number);
  if (found == asked_for.end() || *found != number) return drop_nan(begin, values);
  const auto c = static_cast<std::size_t>(found - asked_for.begin());
  const auto length = static_cast<std::size_t>(words_.word.x);
  row_.resize((values.size() + length - 1) / length * length);
  if (group_->codes[c].encode(values, std::span(row_).first(values.size()))) drop_nan(begin, values);
  place_row(c, begin, static_cast<std::int64_t>(values.size()));
}

/// Voxels of this row whose value is NaN are not live.
void VoxelCodes::drop_nan(const LocalVoxel& begin, std::span<const float> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) continue;
    const auto [word, lane] = words_.place_of({begin.z, begin.y, begin.x + static_cast<std::int64_t>(i)});
    live_[word] &= ~(std::uint64_t{1} << lane);
  }
}

/// Puts the codes of `row_` where the trees will look for them.
void VoxelCodes::place_row(std::size_t channel, const LocalVoxel& begin, std::int64_t voxels) {
  const std::size_t step = codes_of_word();
  std::int16_t* codes = codes_.get() + channel * lanes;
  const std::int64_t length = words_.word.x;
  // What is behind the volume's end nobody misses.
  if (begin.x % length == 0 && (voxels % length == 0 || begin.x + voxels == words_.extent.x)) {
    const auto [word, lane] = words_.place_of(begin);
    std::int16_t* to = codes + word * step + lane;
    if (length == 4) return copy_pieces<4>(row_, to, step);
    if (length == 8) return copy_pieces<8>(row_, to, step);
    return copy_pieces<lanes>(row_, to, step);
  }
  words_.for_each_piece(begin, voxels,
                        [&](std::int64_t done, std::int64_t count, const VoxelWords::Place& place) {
                          std::copy_n(row_.data() + done, count, codes + place.word * step + place.lane);
                        });
}

std::size_t VoxelCodes::codes_of_word() const {
  return group_->channels.size() * lanes;
}

std::size_t VoxelCodes::bytes(std::size_t channels, const Extent& extent, Alike alike) {
  return VoxelWords(extent, alike).word_count() *
         (channels * lanes * sizeof(std::int16_t) + sizeof(std::uint64_t));
}

}  // namespace cleft
