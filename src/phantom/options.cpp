#include "phantom/options.hpp"

#include <string>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft {
namespace {

void check(const std::string& flag, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw InputError(
      {.subject = flag, .found = fmt::format("{}", value), .expected = fmt::format("{} to {}", low, high)});
}

}  // namespace

void validate(const PhantomOptions& o) {
  for (int axis = 0; axis < 3; ++axis) {
    check("--extent", static_cast<double>(o.extent[axis]), 1, 1 << 20);
    check("--voxel-size", o.voxel_size[axis], 1, 100);
  }
  check("--synapse-density", o.synapse_density, 0, 2.5);
  check("--noise", o.noise, 0, 100);
  check("--shading", o.shading, 0, 100);
  check("--section-jitter", o.section_jitter, 0, 100);
  check("--label-sections", static_cast<double>(o.label_sections), 0, 1 << 20);
  check("--strokes", o.strokes, 0, 1e6);
}

}  // namespace cleft
