#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/enum_words.hpp"

namespace cleft {

/// Whether the names of files must show that they are one complete series.
enum class NameUse { checked, sorted };
template <>
struct EnumWords<NameUse> {
  static constexpr auto list =
      std::to_array<EnumWord<NameUse>>({{NameUse::checked, "checked"}, {NameUse::sorted, "sorted"}});
};

/// Files in the order of their sections.
struct OrderedFiles {
  std::vector<std::filesystem::path> files;
  /// How many sections are missing before each file; zeros unless that is allowed.
  std::vector<std::int64_t> missing_before;
  std::vector<std::string> notes, warnings;  ///< what was found in the names, for the log
};

/// Puts the files of a stack in order by the numbers in their names, and refuses what is no complete series:
/// a section that is missing or there twice, names that count in two places (channels, tiles), names of two
/// kinds (thumbnails, copies). Counters that rise together (a number and the depth, or the date) are one
/// series. What the names do not show (letters, irregular numbers) is a warning.
///
/// \param use            sorted: natural order, nothing is checked.
/// \param allow_missing  Holes are told in `missing_before` instead of refused.
/// \throws InputError naming the files on either side of the hole, or the kinds of names and a pattern for
///         one of them.
OrderedFiles order_files(std::vector<std::filesystem::path> files, NameUse use, bool allow_missing);

}  // namespace cleft
