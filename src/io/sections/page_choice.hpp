#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/enum_words.hpp"
#include "io/sections/section_image.hpp"

namespace cleft {

/// Which pages of a file are sections: those that its own description says, or all of them.
enum class PageUse { described, all };
template <>
struct EnumWords<PageUse> {
  static constexpr auto list =
      std::to_array<EnumWord<PageUse>>({{PageUse::described, "described"}, {PageUse::all, "all"}});
};

struct PageOptions {
  PageUse use = PageUse::described;
  /// Counted from 1, as ImageJ counts; nothing: there is to be one only.
  std::optional<std::int64_t> channel{}, frame{};
};

/// The pages of one file that are sections, in the order of z.
struct PageChoice {
  std::vector<PageAt> pages;
  std::vector<std::int64_t> z;          ///< of each, where the description covers several files; else empty
  std::int64_t sections = 0;            ///< that the description has in all its files
  std::int64_t channel = 0, frame = 0;  ///< that the pages are of, from 0
  bool by_channel = false;  ///< whether its channels are pages: a page then has no others to choose from
  PartialVoxelSize voxel_size;
  std::string program;  ///< whose description it is; empty: none
};

/// Chooses the pages that are sections, by what the file says of itself.
/// \throws InputError naming the file when its description and its pages differ, when it has several channels
///         or frames and none was chosen, or has not the one that was.
PageChoice choose_pages(const std::string& file, SectionImage& image, const PageOptions& options);

}  // namespace cleft
