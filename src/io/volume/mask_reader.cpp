#include "io/volume/mask_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "io/volume/label_values.hpp"

namespace cleft {

MaskReader::MaskReader(const PlacedMask& mask) : reader_(mask.path, 0), begin_(mask.begin) {
  if (reader_.channel_count() != 1)
    throw InputError({to_string(reader_.path()), fmt::format("has {} channels", reader_.channel_count()),
                      "a mask of one"});
}

void MaskReader::read(const Box& box, const View3<std::uint8_t>& out) const {
  const Box covered = intersection(box, this->box());
  if (covered != box)
    for (std::int64_t z = 0; z < out.extent().z; ++z)
      for (std::int64_t y = 0; y < out.extent().y; ++y) std::fill_n(out.row(z, y), out.extent().x, 0);
  if (covered.empty()) return;
  const Extent shift = begin_ - GlobalVoxel{};
  read_mask_values(reader_, {covered.begin - shift, covered.end - shift},
                   out.part(box.local(covered.begin), covered.extent()));
}

std::int64_t count_inside(const View3<const std::uint8_t>& mask) {
  std::int64_t count = 0;
  for (std::int64_t z = 0; z < mask.extent().z; ++z)
    for (std::int64_t y = 0; y < mask.extent().y; ++y) {
      const std::uint8_t* row = mask.row(z, y);
      count += std::count_if(row, row + mask.extent().x, [](std::uint8_t value) { return value != 0; });
    }
  return count;
}

}  // namespace cleft
