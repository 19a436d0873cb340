#include "base/box.hpp"

#include <fmt/format.h>

namespace cleft {

template <class Frame>
std::string to_string(const Box3<Frame>& box) {
  return fmt::format("z {}:{}, y {}:{}, x {}:{}", box.begin.z, box.end.z, box.begin.y, box.end.y, box.begin.x,
                     box.end.x);
}

template std::string to_string(const Box& box);
template std::string to_string(const LocalBox& box);

std::string to_string(const Extent& extent) {
  return fmt::format("{} x {} x {} (z, y, x)", extent.z, extent.y, extent.x);
}

std::string to_string(const VoxelSize& size) {
  return fmt::format("{} x {} x {} nm (z, y, x)", size.z, size.y, size.x);
}

}  // namespace cleft
