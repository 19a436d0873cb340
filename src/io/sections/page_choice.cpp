#include "io/sections/page_choice.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"

namespace cleft {
namespace {

constexpr const char* take_all = "--pages all to take every page for a section";

/// The pages that the description has places for.
std::vector<PageAt> described_pages(const std::string& file, SectionImage& image,
                                    const StackStatement& stack) {
  std::vector<PageAt> pages = image.pages();
  const auto described = narrow<std::int64_t>(stack.places.size()),
             present = narrow<std::int64_t>(pages.size());
  if (!stack.unclear.empty())
    throw InputError({file, fmt::format("has a description ({}) that {}", stack.program, stack.unclear),
                      fmt::format("one that says which pages are sections, or {}", take_all)});
  if (described == present) return pages;
  if (present > 1)
    throw InputError({file,
                      fmt::format("says ({}) that it holds {} images, and has {} pages (is it cut short?)",
                                  stack.program, described, present),
                      fmt::format("a page for each image, or {}", take_all)});
  if (!image.has_images_behind(described))
    throw InputError({file,
                      fmt::format("is an {} stack of {} sections without pages", stack.program, described),
                      "one page for each section (save it as an image sequence)"});
  while (narrow<std::int64_t>(pages.size()) < described) {
    pages.push_back(pages.front());
    pages.back().behind = narrow<std::int64_t>(pages.size()) - 1;
  }
  return pages;
}

/// The one channel or frame that is taken.
/// \param present  Those that the file's pages are of.
std::int64_t chosen(const std::string& file, const std::string& what, std::int64_t count,
                    const std::set<std::int64_t>& present, const std::optional<std::int64_t>& asked,
                    const StackStatement& stack) {
  const std::string option = "--" + what;
  if (asked) {
    if (*asked < 1 || *asked > count)
      throw InputError({option, fmt::format("{}", *asked),
                        count == 1 ? fmt::format("1, the only one of {}", file)
                                   : fmt::format("1 to {}, the {}s of {}", count, what, file)});
    return *asked - 1;
  }
  if (present.size() == 1) return *present.begin();
  throw InputError({file,
                    fmt::format("holds {} of {} ({})", counted(count, what),
                                counted(stack.sections, "section"), stack.program),
                    fmt::format("{} 1 to {} to take one of them, or {}", option, count, take_all)});
}

}  // namespace

PageChoice choose_pages(const std::string& file, SectionImage& image, const PageOptions& options) {
  PageChoice choice;
  const auto stack = image.statement();
  if (stack) {
    choice.voxel_size = stack->voxel_size;
    choice.program = stack->program;
  }
  if (!stack || options.use == PageUse::all) {
    choice.pages = image.pages();
    choice.sections = narrow<std::int64_t>(choice.pages.size());
    if (options.frame && *options.frame != 1)
      throw InputError({"--frame", fmt::format("{}", *options.frame),
                        fmt::format("1: {} does not say that it has frames", file)});
    return choice;
  }
  const std::vector<PageAt> pages = described_pages(file, image, *stack);
  std::set<std::int64_t> channels, frames;
  for (const PagePlace& place : stack->places) {
    channels.insert(place.channel);
    frames.insert(place.frame);
  }
  choice.by_channel = stack->channels > 1;
  choice.sections = stack->sections;
  const auto asked_channel = choice.by_channel ? options.channel : std::nullopt;  // else: a sample of a page
  const std::int64_t frame = chosen(file, "frame", stack->frames, frames, options.frame, *stack);
  const std::int64_t channel = chosen(file, "channel", stack->channels, channels, asked_channel, *stack);
  choice.channel = channel;
  choice.frame = frame;
  std::vector<std::pair<std::int64_t, std::size_t>> by_z;
  for (std::size_t i = 0; i < pages.size(); ++i)
    if (stack->places[i].channel == channel && stack->places[i].frame == frame)
      by_z.emplace_back(stack->places[i].z, i);
  std::sort(by_z.begin(), by_z.end());
  for (const auto& [z, page] : by_z) {
    choice.pages.push_back(pages[page]);
    if (stack->partial) choice.z.push_back(z);
  }
  for (std::size_t i = 0; i < by_z.size() && !stack->partial; ++i)
    if (by_z[i].first != narrow<std::int64_t>(i) || narrow<std::int64_t>(by_z.size()) != stack->sections)
      throw InputError({file,
                        fmt::format("says ({}) that it holds {} sections, and has pages of {}",
                                    stack->program, stack->sections, by_z.size()),
                        fmt::format("a page for each, or {}", take_all)});
  return choice;
}

}  // namespace cleft
