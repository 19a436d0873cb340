#pragma once

#include <string>
#include <vector>

namespace cleft {

/// One axis of a dataset as VIGRA and ilastik tag it.
struct AxisTag {
  char key = '?';         ///< 'z', 'y', 'x', 'c' (channel) or 't' (time)
  double resolution = 0;  ///< length of one step, in a unit that is stored elsewhere; 0: unknown
};

/// The order of its axes that a dataset's file states: a letter for each axis, slowest first.
struct AxesInFile {
  std::string letters;
  std::string source;  ///< what states it, for messages: "raw.h5:/raw attribute axistags"
};

/// Reads the JSON of an `axistags` attribute: one tag per axis, in the dataset's order.
/// \param subject  What the text belongs to, for messages.
/// \throws InputError when the text is no list of axes, or one has no single-letter key.
std::vector<AxisTag> parse_axistags(const std::string& json, const std::string& subject);

/// The tags' keys alone: "zyxc".
std::string axis_letters(const std::vector<AxisTag>& tags);

}  // namespace cleft
