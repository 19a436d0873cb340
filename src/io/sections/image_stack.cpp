#include "io/sections/image_stack.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text/counted.hpp"
#include "base/voxel_size.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t most_missing = 4000;

std::string page_name(const std::string& file, std::int64_t page) {
  return page == 0 ? file : fmt::format("{} page {}", file, page + 1);
}

/// What a stack's pages have in common with the first one, and what is told of them once.
class Findings {
 public:
  explicit Findings(const StackOptions& options) : options_(options) {}

  void take_file(const fs::path& path, ImageStack& stack);
  void check_parts(const ImageStack& stack, std::vector<std::string>& warnings) const;
  std::vector<std::string> notes() const;
  std::vector<std::string> doubts() const;

 private:
  std::unique_ptr<SectionImage> open(const fs::path& path, PageChoice& choice, SectionList& list);
  void take_page(const fs::path& path, SectionImage& image, const PageAt& page, SectionList& list);
  void take_voxel_size(const fs::path& path, const PageChoice& choice, ImageStack& stack) const;

  const StackOptions& options_;
  std::vector<std::int64_t> z_;  // that descriptions give to sections, where they cover several files
  std::int64_t described_sections_ = 0, sections_ = 0, beside_ = 0;
  std::optional<bool> by_channel_;
  std::optional<std::pair<std::int64_t, std::int64_t>> channel_and_frame_;
  struct Counts {
    std::int64_t inverted = 0, inverted_bits = 0, kept_inverted = 0, from_colours = 0, from_palette = 0,
                 indices = 0, without_opacity = 0, without_photometric = 0;
  } counts_;
  std::set<int> packed_bits_;  // 0: values fill their bytes
};

/// A channel is a page or, where pages are not told apart by channel, a sample of each pixel.
std::unique_ptr<SectionImage> Findings::open(const fs::path& path, PageChoice& choice, SectionList& list) {
  auto image = open_section_image(path, list.grey);
  choice = choose_pages(path.string(), *image, options_.pages);
  if (by_channel_ && *by_channel_ != choice.by_channel)
    throw InputError({path.string(), "has its channels in other ways than the first file",
                      "files of one kind, " + list.files.front()});
  by_channel_ = choice.by_channel;
  if (options_.pages.channel && !choice.by_channel && !list.grey.sample) {
    if (*options_.pages.channel < 1)
      throw InputError({"--channel", fmt::format("{}", *options_.pages.channel), "1 or more"});
    list.grey.sample = *options_.pages.channel - 1;
    image = open_section_image(path, list.grey);
    image->pages();
  }
  return image;
}

void Findings::take_page(const fs::path& path, SectionImage& image, const PageAt& page, SectionList& list) {
  const SectionShape shape = image.shape(page);
  if (list.file_of.empty()) {
    list.height = shape.height;
    list.width = shape.width;
    list.stored_type = shape.type;
  } else if (shape != list.stored_shape()) {
    throw InputError({page_name(path.string(), page.number), "is " + to_string(shape),
                      to_string(list.stored_shape()) + " as the first section, " + list.files.front()});
  }
  const GreyFacts facts = image.facts(page);
  const auto count = [](std::int64_t& counter, bool counts) { counter += counts ? 1 : 0; };
  count(counts_.inverted, facts.inverted);
  count(counts_.inverted_bits, facts.inverted && facts.packed_bits == 1);
  count(counts_.kept_inverted, facts.kept_inverted);
  count(counts_.from_colours, facts.from_colours);
  count(counts_.from_palette, facts.from_palette);
  count(counts_.indices, facts.indices);
  count(counts_.without_opacity, facts.without_opacity);
  count(counts_.without_photometric, facts.without_photometric);
  packed_bits_.insert(facts.packed_bits);
  if (packed_bits_.size() > 1)  // 0 to 1 in one section and 0 to 255 in another are no stack
    throw InputError({page_name(path.string(), page.number), "has values of another number of bits",
                      "as many as the first section, " + list.files.front()});
  ++sections_;
  list.file_of.push_back(narrow<std::int64_t>(list.files.size()) - 1);
  list.pages.push_back(page.number);
  list.places.push_back(page.place);
  list.behind.push_back(page.behind);
}

void Findings::take_voxel_size(const fs::path& path, const PageChoice& choice, ImageStack& stack) const {
  const PartialVoxelSize& size = choice.voxel_size;
  if (!size.any()) return;
  if (!stack.voxel_size.any()) {
    stack.voxel_size = size;
    stack.voxel_size_source = fmt::format("{} ({})", path.string(), choice.program);
    return;
  }
  const auto differ = [](const std::optional<double>& a, const std::optional<double>& b) {
    return a && b && !same_voxel_size({*a, 1, 1}, {*b, 1, 1});
  };
  const PartialVoxelSize& first = stack.voxel_size;
  if (differ(size.z, first.z) || differ(size.y, first.y) || differ(size.x, first.x))
    throw InputError(
        {path.string(),
         fmt::format("states another voxel size ({}) than {}", choice.program, stack.voxel_size_source),
         "sections of one voxel size, or --pages all to leave descriptions aside"});
}

void Findings::take_file(const fs::path& path, ImageStack& stack) {
  SectionList& list = stack.sections;
  list.files.push_back(path.string());
  stack.states.push_back(state_of(path));
  PageChoice choice;
  const auto image = open(path, choice, list);
  const std::pair<std::int64_t, std::int64_t> place{choice.channel, choice.frame};
  if (channel_and_frame_ && *channel_and_frame_ != place)
    throw InputError(
        {path.string(),
         fmt::format("is of channel {}, frame {}, and {} of channel {}, frame {} ({})", place.first + 1,
                     place.second + 1, list.files.front(), channel_and_frame_->first + 1,
                     channel_and_frame_->second + 1, choice.program),
         "--channel and --frame to take one, or --pages all to take every page for a section"});
  channel_and_frame_ = place;
  if (options_.pages.use == PageUse::described) take_voxel_size(path, choice, stack);
  beside_ += image->pages_beside();
  z_.insert(z_.end(), choice.z.begin(), choice.z.end());
  described_sections_ = choice.sections;
  for (const PageAt& page : choice.pages) take_page(path, *image, page, list);
}

/// Of a description that covers several files, the sections must follow each other.
void Findings::check_parts(const ImageStack& stack, std::vector<std::string>& warnings) const {
  if (z_.empty()) return;
  for (std::size_t i = 1; i < z_.size(); ++i)
    if (z_[i] != z_[i - 1] + 1)
      throw InputError({stack.sections.name_of(narrow<std::int64_t>(i)),
                        fmt::format("is section {} by its description, and comes after section {}", z_[i] + 1,
                                    z_[i - 1] + 1),
                        "sections in their order, or --pages all to leave descriptions aside"});
  if (narrow<std::int64_t>(z_.size()) < described_sections_)
    warnings.push_back(fmt::format("{}: these are {} of the {} sections that the description has",
                                   stack.source, z_.size(), described_sections_));
}

std::vector<std::string> Findings::notes() const {
  std::vector<std::string> lines;
  const auto tell = [&](std::int64_t count, const std::string& what) {
    if (count == 0) return;
    const std::string sections = count == sections_ ? "all sections" : counted(count, "section");
    lines.push_back(fmt::format("{}: {}", sections, what));
  };
  tell(counts_.inverted, "white is zero: values are turned over (--white-is-zero keep takes them as stored)");
  tell(counts_.kept_inverted, "white is zero: values are kept as they are stored");
  tell(counts_.from_colours,
       "stored in colours: red, green and blue must be equal, and one of them is taken");
  tell(counts_.from_palette, "stored with a palette of grey values, which are taken");
  tell(counts_.indices, "stored with a palette of colours: the numbers in it are taken");
  tell(counts_.without_opacity, "opacity is left out");
  tell(counts_.without_photometric, "not said whether black or white is zero: black is taken to be");
  for (const int bits : packed_bits_)
    if (bits > 0)
      lines.push_back(
          fmt::format("values of {} are taken as they are: 0 to {}", counted(bits, "bit"), (1 << bits) - 1));
  if (beside_ > 0)
    lines.push_back(fmt::format("{} left out: thumbnails, smaller copies or masks beside a section",
                                counted(beside_, "page")));
  return lines;
}

/// Some programs write yes and no as one bit with white as zero, and mean 1 by yes.
std::vector<std::string> Findings::doubts() const {
  if (counts_.inverted_bits == 0) return {};
  return {fmt::format(
      "{}: one bit for each pixel, and white is zero: 0 became 1 and 1 became 0; if 1 means yes there, as "
      "Python's tifffile writes it, import with --white-is-zero keep",
      counts_.inverted_bits == sections_ ? "all sections" : counted(counts_.inverted_bits, "section"))};
}

/// Puts what stands for missing sections where they are.
void fill_missing(const std::vector<std::int64_t>& missing_before_file, FillMissing fill, SectionList& list) {
  SectionList filled = list;
  filled.file_of.clear();
  filled.pages.clear();
  filled.places.clear();
  filled.behind.clear();
  std::int64_t last_file = -1;
  const auto put = [&](std::size_t from, bool blank) {
    filled.file_of.push_back(blank ? SectionList::blank : list.file_of[from]);
    filled.pages.push_back(list.pages[from]);
    filled.places.push_back(list.places[from]);
    filled.behind.push_back(list.behind[from]);
  };
  for (std::size_t i = 0; i < list.file_of.size(); ++i) {
    const std::int64_t file = list.file_of[i];
    const std::int64_t missing = file == last_file ? 0 : missing_before_file.at(to_size(file));
    last_file = file;
    for (std::int64_t k = 0; k < missing; ++k) {
      filled.missing.push_back(narrow<std::int64_t>(filled.file_of.size()));
      put(i - 1, fill == FillMissing::blank);
    }
    put(i, false);
  }
  list = std::move(filled);
}

/// Files of one section each, but for one with a page more, are no stack that was cut into files: the page
/// would shift all sections behind it.
void check_pages_of_files(const ImageStack& stack) {
  const auto& sections = stack.sections;
  std::vector<std::int64_t> pages(sections.files.size());
  for (const auto file : sections.file_of)
    if (file >= 0) ++pages[to_size(file)];
  const auto several = std::find_if(pages.begin(), pages.end(), [](std::int64_t n) { return n > 1; });
  // The last file of a stack that was cut may have one section only.
  const auto single = std::count(pages.begin(), pages.end() - (pages.empty() ? 0 : 1), 1);
  if (several == pages.end() || single == 0) return;
  throw InputError({sections.files[to_size(several - pages.begin())],
                    fmt::format("has {} sections, but {} of the other files have one", *several,
                                std::count(pages.begin(), pages.end(), 1)),
                    "as many in each, or --pages all to take them as they come"});
}

}  // namespace

std::string SectionList::name_of(std::int64_t z) const {
  const auto index = to_size(z);
  const std::int64_t file = file_of.at(index);
  if (file == blank) return "a blank section";
  const std::string name = page_name(files.at(to_size(file)), pages.at(index));
  return behind.at(index) == 0 ? name : fmt::format("{} image {}", name, behind.at(index) + 1);
}

ImageStack find_stack(const std::string& source, const StackOptions& options) {
  OrderedFiles ordered = order_files(find_source_files(source), options.names, options.missing.has_value());
  ImageStack stack;
  stack.source = source;
  stack.sections.grey = {options.palette, options.white_is_zero, std::nullopt};
  stack.sections.range = options.range;
  Findings findings(options);
  for (const fs::path& file : ordered.files) findings.take_file(file, stack);
  if (stack.sections.file_of.empty())
    throw InputError({source, "holds no section of the channel and frame that were asked for", ""});
  stack.warnings = std::move(ordered.warnings);
  if (const auto others = other_images_in(source); !others.empty())
    stack.warnings.push_back(fmt::format("{}: {} of another kind than TIFF and PNG left out, such as {}",
                                         source, counted(narrow<std::int64_t>(others.size()), "image"),
                                         others.front().filename().string()));
  findings.check_parts(stack, stack.warnings);
  for (std::string& line : findings.doubts())
    stack.warnings.push_back(fmt::format("{}: {}", stack.source, line));
  if (options.pages.use != PageUse::all) check_pages_of_files(stack);
  if (stack.sections.files.size() > 1 && stack.sections.file_of.size() > stack.sections.files.size())
    stack.warnings.push_back(
        fmt::format("{}: {} with several pages each: taken for parts of one stack, one behind the other (not "
                    "for channels)",
                    source, counted(narrow<std::int64_t>(stack.sections.files.size()), "file")));
  stack.notes = std::move(ordered.notes);
  for (std::string& line : findings.notes()) stack.notes.push_back(std::move(line));
  std::int64_t missing = 0;
  const auto present = narrow<std::int64_t>(stack.sections.file_of.size());
  for (const std::int64_t count : ordered.missing_before) {
    missing = count > most_missing ? most_missing + 1 : missing + count;
    if (missing > most_missing || missing > present)
      throw InputError({source, fmt::format("lacks more sections than it has ({})", present),
                        "a stack with some of its sections missing"});
  }
  if (missing > 0) fill_missing(ordered.missing_before, *options.missing, stack.sections);
  return stack;
}

void check_unchanged(const ImageStack& stack) {
  constexpr const char* expected = "a stack that stays as it is while it is imported: import it again";
  for (std::size_t i = 0; i < stack.states.size(); ++i)
    if (state_of(stack.sections.files[i]) != stack.states[i])
      throw InputError({stack.sections.files[i], "was changed while it was imported", expected});
  auto now = find_source_files(stack.source);
  std::vector<fs::path> before(stack.sections.files.begin(), stack.sections.files.end());
  std::sort(now.begin(), now.end());
  std::sort(before.begin(), before.end());
  if (now != before)
    throw InputError({stack.source,
                      fmt::format("has {} now, and had {}", counted(narrow<std::int64_t>(now.size()), "file"),
                                  before.size()),
                      expected});
}

void SectionReader::read_section(std::int64_t z, std::span<std::byte> out) {
  const auto index = to_size(z);
  const std::int64_t number = list_.file_of.at(index);
  if (number == SectionList::blank) {
    std::fill(out.begin(), out.end(), std::byte{0});
    return;
  }
  const std::string& file = list_.files.at(to_size(number));
  if (number != open_file_) {
    image_ = open_section_image(file, list_.grey);
    open_file_ = number;
  }
  const PageAt page{list_.pages.at(index), list_.places.at(index), list_.behind.at(index)};
  const SectionShape shape = image_->shape(page);
  if (shape != list_.stored_shape())
    throw InputError({list_.name_of(z), "is " + to_string(shape),
                      to_string(list_.stored_shape()) + " as the first section, " + list_.files[0]});
  if (!list_.range) {
    image_->read(page, out);
    return;
  }
  stored_.resize(shape.bytes());
  image_->read(page, stored_);
  scale_to_bytes(shape.type, stored_, *list_.range, list_.name_of(z), out);
}

}  // namespace cleft
