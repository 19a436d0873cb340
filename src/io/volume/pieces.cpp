#include "io/volume/pieces.hpp"

#include <algorithm>

namespace cleft {

std::vector<Box> pieces_of_extent(const Box& box, const Extent& piece) {
  std::vector<Box> pieces;
  for (std::int64_t z = box.begin.z; z < box.end.z; z += piece.z)
    for (std::int64_t y = box.begin.y; y < box.end.y; y += piece.y)
      for (std::int64_t x = box.begin.x; x < box.end.x; x += piece.x) {
        const GlobalVoxel begin{z, y, x};
        pieces.push_back(intersection({begin, begin + piece}, box));
      }
  return pieces;
}

std::vector<Box> pieces_in_order(const Box& box, std::int64_t max_voxels) {
  const Extent whole = box.extent();
  const std::int64_t rows = std::max<std::int64_t>(1, max_voxels / whole.x);
  return pieces_of_extent(box, {std::max<std::int64_t>(1, rows / whole.y), std::min(rows, whole.y), whole.x});
}

std::vector<Box> pieces_of_chunks(const Extent& volume, const Extent& chunk, std::int64_t max_voxels) {
  Extent piece{std::min(chunk.z, volume.z), std::min(chunk.y, volume.y), std::min(chunk.x, volume.x)};
  for (const int axis : {2, 1, 0}) {
    const std::int64_t others = voxel_count(piece) / piece[axis];
    const std::int64_t fitting = std::max<std::int64_t>(1, max_voxels / others);
    const std::int64_t chunks = std::max<std::int64_t>(1, fitting / piece[axis]);
    piece[axis] = std::min({volume[axis], fitting, chunks * piece[axis]});
  }
  return pieces_of_extent(whole_box(volume), piece);
}

}  // namespace cleft
