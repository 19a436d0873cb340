#include "io/sections/tiff_statement.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "io/sections/page_description.hpp"

namespace cleft {
namespace {

std::optional<StackStatement> statement_of(const std::string& name, const TiffDirectory& page) {
  const DescribedFile described{name,       page.samples,      page.height,
                                page.width, page.x_resolution, page.y_resolution};
  for (const std::string& text : page.descriptions)
    if (auto stack = read_description(text, described)) return stack;
  if (page.lsm_sizes.size() == 5) return lsm_statement(page.lsm_sizes, page.lsm_voxel_size);
  if (page.metamorph_planes > 1) {
    StackStatement stack;
    stack.program = "MetaMorph";
    stack.sections = std::min(narrow<std::int64_t>(page.metamorph_planes), most_described_pages);
    stack.places = places_in_order(stack, "zct");
    return stack;
  }
  return std::nullopt;
}

}  // namespace

std::optional<StackStatement> tiff_statement(const std::string& name,
                                             const std::vector<TiffDirectory>& pages) {
  std::vector<const TiffDirectory*> counting;
  for (const TiffDirectory& page : pages)
    if (!page.beside_another()) counting.push_back(&page);
  if (counting.empty()) return std::nullopt;
  auto first = statement_of(name, *counting.front());
  if (!first || !first->unclear.empty() || first->places.size() >= counting.size()) return first;
  // Where each page speaks of itself alone (put together by a program that copies pages), the pages are what
  // they would be without a word.
  const bool alone = std::all_of(counting.begin(), counting.end(), [&](const TiffDirectory* page) {
    const auto stack = statement_of(name, *page);
    return stack && stack->unclear.empty() && stack->places.size() == 1;
  });
  if (!alone) {
    first->unclear = fmt::format("speaks of {} of its {} pages", first->places.size(), counting.size());
    return first;
  }
  first->sections = narrow<std::int64_t>(counting.size());
  first->channels = first->frames = 1;
  first->places = places_in_order(*first, "zct");
  return first;
}

}  // namespace cleft
