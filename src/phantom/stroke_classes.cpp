#include "phantom/stroke_classes.hpp"

#include <algorithm>

#include "phantom/phantom.hpp"

namespace cleft {
namespace {

constexpr std::int64_t tile = 256;  // edge length of what is made at once, voxels

/// Takes out the classes that the strokes of a box label.
void take_out_labelled(Phantom& phantom, const Box& box, std::vector<PhantomClass>& missing) {
  const PhantomBlock block = phantom.make(box);
  const auto labels = block.labels.voxels();
  std::erase_if(missing, [&](PhantomClass c) {
    return std::find(labels.begin(), labels.end(), static_cast<std::uint8_t>(c)) != labels.end();
  });
}

}  // namespace

StrokeClasses look_for_strokes(const PhantomOptions& options, std::int64_t max_voxels) {
  Phantom phantom(options);
  StrokeClasses found;
  const std::int64_t sections = labelled_sections(options);
  if (sections == 0) return found;
  found.certain = sections * options.extent.y * options.extent.x <= max_voxels;
  if (!found.certain) return found;
  found.missing = {PhantomClass::membrane, PhantomClass::synapse, PhantomClass::rest};
  const Extent& e = options.extent;
  for (std::int64_t n = 0; n < sections; ++n) {
    const std::int64_t z = labelled_section(options, n);
    for (std::int64_t y = 0; y < e.y; y += tile)
      for (std::int64_t x = 0; x < e.x; x += tile) {
        const Box box = intersection({{z, y, x}, {z + 1, y + tile, x + tile}}, whole_box(e));
        take_out_labelled(phantom, box, found.missing);
        if (found.missing.empty()) return found;
      }
  }
  return found;
}

}  // namespace cleft
