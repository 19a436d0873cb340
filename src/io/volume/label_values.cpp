#include "io/volume/label_values.hpp"

#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "io/volume/read_boxes.hpp"

namespace cleft {
namespace {

constexpr std::uint64_t background32 = std::numeric_limits<std::uint32_t>::max();

/// Calls visit(voxel) for each voxel of an array, in z, y, x order.
template <class T, class Visit>
void for_each_voxel(const View3<T>& view, const Visit& visit) {
  for (std::int64_t z = 0; z < view.extent().z; ++z)
    for (std::int64_t y = 0; y < view.extent().y; ++y) {
      T* row = view.row(z, y);
      for (std::int64_t x = 0; x < view.extent().x; ++x) visit(row[x], LocalVoxel{z, y, x});
    }
}

[[noreturn]] void refuse(const VolumeReader& labels, const Box& box, const LocalVoxel& at,
                         const std::string& value, const std::string& expected) {
  const GlobalVoxel v = box.begin + Extent{at.z, at.y, at.x};
  throw InputError(
      {to_string(labels.path()),
       fmt::format("holds {} ({}) at z {}, y {}, x {}", value, to_string(labels.type()), v.z, v.y, v.x),
       expected});
}

/// Types whose negative numbers are not 2^64 less a few, but labels that somebody got wrong.
bool is_narrow(ElementType type) {
  return type == ElementType::int8 || type == ElementType::int16;
}

/// Numbers of 32 bits, or made of such.
bool has_special_values_of_32_bits(ElementType type) {
  return type == ElementType::uint32 || type == ElementType::float64;
}

void read_signed(const VolumeReader& labels, const Box& box, const View3<std::uint64_t>& out) {
  auto values = Array3<std::int64_t>::uninitialized(box.extent());
  labels.read(box, values.view());
  for_each_voxel(values.view(), [&](std::int64_t value, const LocalVoxel& at) {
    if (value < -2)
      refuse(labels, box, at, fmt::format("{}", value),
             "labels from 0 (of a signed type -1 is CREMI's background, -2 its invalid)");
    out(at.z, at.y, at.x) = value == -1   ? cremi_background
                            : value == -2 ? cremi_invalid
                                          : narrow<std::uint64_t>(value);
  });
}

/// Of a mask, numbers that are read as they are and tested for being inside.
template <class T, class Inside>
void read_tested(const VolumeReader& mask, const Box& box, const View3<std::uint8_t>& out,
                 const Inside& inside) {
  auto values = Array3<T>::uninitialized(box.extent());
  mask.read(box, values.view());
  for_each_voxel(values.view(),
                 [&](T value, const LocalVoxel& at) { out(at.z, at.y, at.x) = inside(value) ? 1 : 0; });
}

void read_piece(const VolumeReader& mask, const Box& box, const View3<std::uint8_t>& out) {
  if (mask.type() == ElementType::uint8)
    return read_tested<std::uint8_t>(mask, box, out, [](std::uint8_t value) { return value != 0; });
  if (is_narrow(mask.type()))
    return read_tested<std::int64_t>(mask, box, out, [](std::int64_t value) { return value != 0; });
  if (has_negative_special_values(mask.type()))
    return read_tested<std::int64_t>(mask, box, out,
                                     [](std::int64_t value) { return value > 0 || value < -2; });
  auto values = Array3<std::uint64_t>::uninitialized(box.extent());
  read_label_values(mask, box, values.view());
  for_each_voxel(values.view(), [&](std::uint64_t value, const LocalVoxel& at) {
    out(at.z, at.y, at.x) = is_object(value) ? 1 : 0;
  });
}

/// A special value as the type has it.
std::string special_text(ElementType type, std::uint64_t special) {
  const std::uint64_t below = special == cremi_background ? 1 : 2;
  if (has_negative_special_values(type)) return fmt::format("-{}", below);
  if (has_special_values_of_32_bits(type)) return fmt::format("{}", background32 + 1 - below);
  return fmt::format("{}", special);
}

/// A number of a mask by which somebody may have meant another thing than cleft does.
struct OddNumber {
  std::string text;
  GlobalVoxel at{};
};

/// Whether a box of a mask holds a number that is inside and not odd.
/// \param odd  The first odd one: a special value, or of 8 or 16 bits a negative number; set where there was
///             none yet.
bool look_for_inside(const VolumeReader& mask, const Box& box, std::optional<OddNumber>& odd) {
  bool inside = false;
  const auto note = [&](const std::string& text, const LocalVoxel& at) {
    if (!odd) odd = OddNumber{text, box.begin + Extent{at.z, at.y, at.x}};
  };
  if (is_narrow(mask.type()) || has_negative_special_values(mask.type())) {
    auto values = Array3<std::int64_t>::uninitialized(box.extent());
    mask.read(box, values.view());
    for_each_voxel(values.view(), [&](std::int64_t value, const LocalVoxel& at) {
      const bool is_odd = value < 0 && (value >= -2 || is_narrow(mask.type()));
      inside = inside || (value != 0 && !is_odd);
      if (is_odd) note(fmt::format("{}", value), at);
    });
    return inside;
  }
  auto values = Array3<std::uint64_t>::uninitialized(box.extent());
  read_label_values(mask, box, values.view());
  for_each_voxel(values.view(), [&](std::uint64_t value, const LocalVoxel& at) {
    inside = inside || is_object(value);
    if (value >= cremi_invalid) note(special_text(mask.type(), value), at);
  });
  return inside;
}

}  // namespace

bool has_negative_special_values(ElementType type) {
  return type == ElementType::int32 || type == ElementType::int64;
}

void read_label_values(const VolumeReader& labels, const Box& box, const View3<std::uint64_t>& out) {
  if (has_negative_special_values(labels.type())) return read_signed(labels, box, out);
  labels.read<std::uint64_t>(box, out);
  if (has_special_values_of_32_bits(labels.type()))
    for_each_voxel(out, [](std::uint64_t& value, const LocalVoxel&) {
      if (value == background32) value = cremi_background;
      if (value == background32 - 1) value = cremi_invalid;
    });
  if (labels.type() == ElementType::float32)
    for_each_voxel(out, [&](std::uint64_t value, const LocalVoxel& at) {
      if (value == background32 + 1)
        refuse(
            labels, box, at, fmt::format("{}", value),
            "labels in which CREMI's background and its invalid are two values: float32 holds one for both");
    });
}

void read_mask_values(const VolumeReader& mask, const Box& box, const View3<std::uint8_t>& out) {
  // Through a buffer of at most 8 MiB: numbers may be eight times as large as what becomes of them.
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 20U;
  if (box.empty()) return;
  for (const Box& piece : boxes_in_order(box, voxels_at_once))
    read_piece(mask, piece, out.part(box.local(piece.begin), piece.extent()));
}

void check_mask_means_something(const VolumeReader& mask) {
  const ElementType type = mask.type();
  if (type == ElementType::uint8 || type == ElementType::uint16) return;  // nothing of them is special
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 20U;
  std::optional<OddNumber> odd;
  bool inside = false;
  for (const Box& piece : boxes_of_chunks(mask.extent(), mask.source().read_unit(), voxels_at_once)) {
    if (look_for_inside(mask, piece, odd)) inside = true;
    // Of 8 or 16 bits all of it is looked at: beside 1, a -1 may have been meant for outside.
    if (inside && !is_narrow(type)) return;
  }
  if (!odd) return;
  if (inside)
    throw InputError({to_string(mask.path()),
                      fmt::format("holds {} ({}) at z {}, y {}, x {} beside numbers above 0", odd->text,
                                  to_string(type), odd->at.z, odd->at.y, odd->at.x),
                      "0 for what is outside and one sign for what is inside"});
  const std::string found =
      fmt::format("holds {} ({}) at z {}, y {}, x {}, and beside it nothing that is inside", odd->text,
                  to_string(type), odd->at.z, odd->at.y, odd->at.x);
  if (!is_narrow(type))
    throw InputError({to_string(mask.path()), found + ": it is read as CREMI's background or invalid",
                      "another number for what is inside, such as 1"});
  log::warning("{}: {}; negative numbers are taken as inside", to_string(mask.path()), found);
}

}  // namespace cleft
