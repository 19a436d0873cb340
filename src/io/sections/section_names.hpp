#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace cleft {

/// Whether `a` comes before `b` when the numbers in names count as numbers: img2 before img10. A strict weak
/// order; names that differ only in leading zeros are ordered as text.
bool natural_less(std::string_view a, std::string_view b);

/// Refuses a stack with a section missing or numbered twice, judged by the one number in which the names
/// differ. Names that differ otherwise, or in several numbers, are not checked.
///
/// \param files  In natural order. Numbers may go up in steps (0, 10, 20), as long as all steps are the same.
/// \throws InputError naming the files on either side of the hole.
void check_numbering(const std::vector<std::filesystem::path>& files);

}  // namespace cleft
