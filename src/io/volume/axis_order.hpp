#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/box.hpp"
#include "io/axistags.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {

// An axis order is a text with a letter for each axis of a dataset, slowest axis first: z, y and x of the
// volume, c for channels, t for time, '?' for an axis of length 1 without a name. A file's own order may have
// others.

/// Lengths or positions along all axes of a dataset, slowest first.
using Lengths = std::vector<std::int64_t>;

/// Whether a user may state this order: y and x once each; z, c and t at most once; nothing else.
bool is_axis_order(std::string_view text);

/// The order of a dataset's axes: the one stated in the options, else the file's own, else the recorded one,
/// else the usual one: 3 axes are z, y, x; of more, the last or first ones of length 1 are set aside, and of
/// z, c, y, x (Fiji's) c when its length is 1. A recorded order may have a c or t that the dataset has not:
/// ilastik adds them.
///
/// \param subject  The dataset, for messages.
/// \param shape  Lengths of the dataset's axes, slowest first.
/// \throws InputError when the stated order contradicts the file's own (naming both), when an order has
///         another number of letters than the dataset has axes, or when a recorded order has both c and t,
///         the dataset lacks one of them, and its shape does not tell which.
std::string axis_order(const std::string& subject, const Lengths& shape,
                       const std::optional<AxesInFile>& in_file, const ReadOptions& options);

/// Which of a dataset's axes (0 = slowest) are z, y, x and c.
struct AxisPositions {
  static constexpr std::size_t none = std::string::npos;
  PerAxis<std::size_t> space;  ///< z is `none` where the dataset is a single section
  std::size_t channel = none;  ///< `none` when there is no axis c

  /// Whether z, y and x follow each other in memory as they do in the file, whatever stands between them.
  bool in_order() const { return (space.z == none || space.z < space.y) && space.y < space.x; }
};

/// Finds the axes of a volume in an axis order. c may have any length, every axis other than z, y, x and c
/// has length 1.
/// \param axes_key  As in ReadOptions: named where stating an order would help.
/// \throws InputError when the axes are others: says what was found.
AxisPositions axis_positions(const std::string& subject, const std::string& order, const Lengths& shape,
                             const std::string& axes_key);

/// "axes z, y, x, c and shape 4 x 5 x 6 x 3", or the shape alone when no axis is named: for messages.
std::string describe_axes(const std::string& order, const Lengths& shape);

}  // namespace cleft
