#include "io/sections/stack_statement.hpp"

#include <cmath>

#include "base/narrow.hpp"

namespace cleft {

std::vector<PagePlace> places_in_order(const StackStatement& sizes, const std::string& order) {
  const auto size_of = [&](char axis) {
    return axis == 'z' ? sizes.sections : axis == 'c' ? sizes.channels : sizes.frames;
  };
  const auto part_of = [](PagePlace& place, char axis) -> std::int64_t& {
    return axis == 'z' ? place.z : axis == 'c' ? place.channel : place.frame;
  };
  const std::int64_t count = sizes.sections * sizes.channels * sizes.frames;
  std::vector<PagePlace> places(to_size(count));
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t rest = i;
    for (const char axis : order) {
      part_of(places[to_size(i)], axis) = rest % size_of(axis);
      rest /= size_of(axis);
    }
  }
  return places;
}

StackStatement lsm_statement(const std::vector<std::int32_t>& sizes, const std::vector<double>& lengths) {
  StackStatement stack;
  stack.program = "LSM";
  stack.sections = sizes[2];
  stack.frames = sizes[4];
  if (!is_page_count(stack.sections) || !is_page_count(stack.frames) ||
      stack.sections > most_described_pages / stack.frames) {
    stack.unclear = "states numbers of sections and frames that cannot be";
    return stack;
  }
  stack.places = places_in_order(stack, "zct");
  const auto in_nm = [](double meters) -> std::optional<double> {
    if (!std::isfinite(meters) || !(meters > 0)) return std::nullopt;
    return meters * 1e9;
  };
  stack.voxel_size = {in_nm(lengths[2]), in_nm(lengths[1]), in_nm(lengths[0])};
  return stack;
}

}  // namespace cleft
