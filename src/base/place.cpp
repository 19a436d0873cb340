#include "base/place.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/voxel_size.hpp"

namespace cleft {
namespace {

constexpr std::array<char, 3> axis_names{'z', 'y', 'x'};

GlobalVoxel voxel(const Extent& from_origin) {
  return GlobalVoxel{} + from_origin;
}

/// "an offset of z 0, y 0, x 0 nm", or that it has none.
std::string offset_found(const Place& place) {
  return place.offset ? "the offset " + offset_text(*place.offset) : "no offset";
}

/// The voxel size that both agree on.
VoxelSize size_for_offsets(const Place& volume, const Place& part) {
  if (!volume.voxel_size && !part.voxel_size)
    throw InputError(
        {part.subject,
         "has " + offset_found(part) + ", but neither it nor " + volume.subject + " has a voxel size",
         "a voxel size, or the same place as " + volume.subject});
  check_same_voxel_size(volume, part, "");
  return volume.voxel_size ? *volume.voxel_size : *part.voxel_size;
}

/// Refuses an offset that is none in voxels, although it is not 0: a length in another unit than nm.
void check_is_no_fraction(const Place& volume, const Place& part, const VoxelSize& size,
                          const Extent& begin) {
  constexpr double rounding = 1e-5;  // voxels
  if (begin != Extent{}) return;
  for (int axis = 0; axis < 3; ++axis) {
    const double apart =
        ((*part.offset)[axis] - volume.offset.value_or(PerAxis<double>{})[axis]) / size[axis];
    if (std::abs(apart) > rounding)
      throw InputError({part.subject,
                        fmt::format("has {}: along {} that is {:.2g} of a voxel from {}", offset_found(part),
                                    axis_names.at(to_size(axis)), apart, volume.subject),
                        "an offset in nm (not um), of whole voxels"});
  }
}

/// Where the part begins by the two offsets.
Extent begin_by_offset(const Place& volume, const Place& part) {
  const PerAxis<double> origin = volume.offset.value_or(PerAxis<double>{});
  if (*part.offset == origin) return {};
  const VoxelSize size = size_for_offsets(volume, part);
  constexpr double tolerance = 0.02, farthest = 1e15;  // voxels
  Extent begin;
  for (int axis = 0; axis < 3; ++axis) {
    const double voxels = ((*part.offset)[axis] - origin[axis]) / size[axis];
    if (!(std::abs(voxels) <= farthest) || std::abs(voxels - std::round(voxels)) > tolerance)
      throw InputError({part.subject,
                        fmt::format("has {}: along {} it is {:.7g} voxels of {} nm from {} ({})",
                                    offset_found(part), axis_names.at(to_size(axis)), voxels, size[axis],
                                    volume.subject, offset_found(volume)),
                        "a whole number of voxels"});
    begin[axis] = std::llround(voxels);
  }
  check_is_no_fraction(volume, part, size, begin);
  return begin;
}

/// The part of `begin` that a statement speaks of, as text: "z 8" or "z 8, y 0, x 0".
std::string begin_text(const StatedBegin& stated, const Extent& begin) {
  std::string text;
  for (int axis = 0; axis < 3; ++axis)
    if (stated.begin[axis])
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis_names.at(to_size(axis)), begin[axis]);
  return text;
}

/// What is known of where a part begins, and what says so.
struct Known {
  PerAxis<std::optional<std::int64_t>> begin;
  PerAxis<std::string> by;

  bool complete() const { return begin.z && begin.y && begin.x; }
  Extent value() const { return {*begin.z, *begin.y, *begin.x}; }
};

void add_statement(Known& known, const StatedBegin& stated, const Place& part) {
  for (int axis = 0; axis < 3; ++axis) {
    const auto& begin = stated.begin[axis];
    if (!begin) continue;
    if (known.begin[axis] && *known.begin[axis] != *begin) {
      Extent here, there;
      for (int a = 0; a < 3; ++a) {
        here[a] = stated.begin[a].value_or(0);
        there[a] = known.begin[a].value_or(0);
      }
      throw InputError({part.subject,
                        fmt::format("begins at {} by {}, and at {} by {}", begin_text(stated, here),
                                    stated.by, begin_text(stated, there), known.by[axis]),
                        "one place"});
    }
    known.begin[axis] = begin;
    known.by[axis] = stated.by;
  }
}

/// A larger dataset without an offset, around a volume that has one: it lies at 0 if it covers the volume.
std::optional<Extent> begin_at_world_origin(const Place& volume, const Place& part) {
  if (part.offset || !volume.offset || !volume.voxel_size) return std::nullopt;
  // 0 is what results have of a volume that says nothing of where it lies.
  if (*volume.offset == PerAxis<double>{}) return std::nullopt;
  const Place at_zero{part.subject, part.extent, part.voxel_size, PerAxis<double>{}};
  const Extent begin = begin_by_offset(volume, at_zero);
  const Box whole = whole_box(volume.extent);
  if (!box_at(voxel(begin), part.extent).contains(whole)) return std::nullopt;
  return begin;
}

[[noreturn]] void refuse_unplaced(const Place& volume, const Place& part, const std::string& way_out) {
  throw InputError({part.subject,
                    fmt::format("is {} voxels and does not say where it lies (it has no attribute offset)",
                                to_string(part.extent)),
                    fmt::format("{} as {}, or {}", to_string(volume.extent), volume.subject, way_out)});
}

}  // namespace

std::string offset_text(const PerAxis<double>& offset) {
  return fmt::format("z {:.9g}, y {:.9g}, x {:.9g} nm", offset.z, offset.y, offset.x);
}

bool same_offset(const PerAxis<double>& a, const PerAxis<double>& b) {
  constexpr double rounding = 0.01;  // nm
  return std::abs(a.z - b.z) <= rounding && std::abs(a.y - b.y) <= rounding &&
         std::abs(a.x - b.x) <= rounding;
}

PerAxis<double> offset_of(const PerAxis<double>& offset, const GlobalVoxel& voxel, const VoxelSize& size) {
  const Extent at = voxel - GlobalVoxel{};
  PerAxis<double> moved;
  for (int axis = 0; axis < 3; ++axis) moved[axis] = offset[axis] + narrow<double>(at[axis]) * size[axis];
  return moved;
}

void check_same_voxel_size(const Place& volume, const Place& part, const std::string& way_out) {
  if (!volume.voxel_size || !part.voxel_size || same_voxel_size(*volume.voxel_size, *part.voxel_size)) return;
  throw InputError(
      {part.subject, "has voxels of " + to_string(*part.voxel_size),
       to_string(*volume.voxel_size) + " as " + volume.subject + (way_out.empty() ? "" : ", or " + way_out)});
}

Box box_in(const Place& volume, const Place& part, std::span<const StatedBegin> stated,
           const std::string& way_out) {
  const bool same_extent = volume.extent == part.extent;
  Known known;
  if (part.offset) {
    const Extent begin = begin_by_offset(volume, part);
    for (int axis = 0; axis < 3; ++axis) {
      known.begin[axis] = begin[axis];
      known.by[axis] = fmt::format("{} ({}: {})", offset_found(part), volume.subject, offset_found(volume));
    }
  }
  for (const StatedBegin& statement : stated) add_statement(known, statement, part);
  // Whoever says at which section it begins means whole sections.
  for (int axis = 0; axis < 3 && known.begin.z; ++axis)
    if (!known.begin[axis] && part.extent[axis] == volume.extent[axis]) known.begin[axis] = 0;
  if (!known.begin.z && same_extent) return whole_box(volume.extent);
  if (!known.complete()) {
    const auto begin = begin_at_world_origin(volume, part);
    if (known.begin.z || !begin) refuse_unplaced(volume, part, way_out);
    return box_at(voxel(*begin), part.extent);
  }
  const Extent begin = known.value();
  if (same_extent && begin != Extent{} && stated.empty())
    throw InputError({part.subject,
                      fmt::format("has {}, {} has {}, and both are {} voxels", offset_found(part),
                                  volume.subject, offset_found(volume), to_string(part.extent)),
                      "the same offset, or " + way_out + " that says the same"});
  const Box box = box_at(voxel(begin), part.extent);
  if (intersection(box, whole_box(volume.extent)).empty())
    throw InputError({part.subject, fmt::format("lies at {} of {}", to_string(box), volume.subject),
                      fmt::format("a part of it: {}", to_string(whole_box(volume.extent)))});
  return box;
}

}  // namespace cleft
