#pragma once

#include <cstdint>

#include "base/array3.hpp"
#include "base/label.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

// The values of label volumes as they are meant. CREMI's volumes are uint64 with two special values, 2^64 - 1
// (background) and 2^64 - 2 (invalid). Programs that convert them make of these
//
//   uint32           2^32 - 1 and 2^32 - 2
//   int64, int32     -1 and -2
//   float64          of uint32: 2^32 - 1 and 2^32 - 2; of uint64 both become 2^64
//   float32          both become 2^64, or of uint32 2^32
//
// which are taken for what they were, but for the last: where both are one number, nobody can tell. In types
// of 8 and 16 bits such values are labels like others: 255 is the 255th object.

/// Reads a box of a label volume; special values come out as cremi_background and cremi_invalid.
/// \param box  Lies inside the volume.
/// \param out  Has the box's extent.
/// \throws InputError naming value and place of what is no label: a fraction, a negative number, a number in
///         which background and invalid cannot be told apart. IoError when reading fails.
void read_label_values(const VolumeReader& labels, const Box& box, const View3<std::uint64_t>& out);

/// Reads a box of a mask: 1 where its value is neither 0 nor special, else 0. Of any type of integers; of
/// floating-point numbers those that are whole.
/// \throws as above; negative numbers that are not special are inside.
void read_mask_values(const VolumeReader& mask, const Box& box, const View3<std::uint8_t>& out);

/// Whether a type's numbers -1 and -2 are read as CREMI's background and its invalid.
bool has_negative_special_values(ElementType type);

/// Refuses a mask that holds special values and nothing that is inside: whoever wrote -1 and 0 alone, or
/// 2^32 - 1 and 0, meant that all bits set are inside. A mask of 8 or 16 bits in which all that is inside is
/// negative is warned about. Reads a mask up to its first number that is plainly inside.
/// \throws InputError naming value and place; IoError when reading fails.
void check_mask_means_something(const VolumeReader& mask);

}  // namespace cleft
