#include "phantom/options.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

void check(const std::string& flag, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw InputError(
      {.subject = flag, .found = fmt::format("{}", value), .expected = fmt::format("{} to {}", low, high)});
}

}  // namespace

std::int64_t labelled_sections(const PhantomOptions& options) {
  constexpr std::int64_t usual = 6;
  return options.label_sections.value_or(std::min(usual, options.extent.z));
}

std::int64_t labelled_section(const PhantomOptions& options, std::int64_t n) {
  return (2 * n + 1) * options.extent.z / (2 * labelled_sections(options));
}

void validate(const PhantomOptions& o) {
  for (int axis = 0; axis < 3; ++axis) {
    check("--extent", narrow<double>(o.extent[axis]), 1, 1 << 20);
    check("--voxel-size", o.voxel_size[axis], 1, 100);
  }
  check("--synapse-density", o.synapse_density, 0, 2.5);
  check("--noise", o.noise, 0, 100);
  check("--shading", o.shading, 0, 100);
  check("--section-jitter", o.section_jitter, 0, 100);
  check("--strokes", o.strokes, 0, 1e6);
  if (const auto sections = labelled_sections(o); sections < 0 || sections > o.extent.z)
    throw InputError({.subject = "--label-sections",
                      .found = fmt::format("{}", sections),
                      .expected = fmt::format("0 to {}, the sections of --extent", o.extent.z)});
}

}  // namespace cleft
