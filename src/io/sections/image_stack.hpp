#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>

#include "base/box.hpp"
#include "base/enum_words.hpp"
#include "base/narrow.hpp"
#include "io/sections/grey_range.hpp"
#include "io/sections/page_choice.hpp"
#include "io/sections/section_image.hpp"
#include "io/sections/section_order.hpp"
#include "io/sections/source_files.hpp"

namespace cleft {

/// What stands where a section is missing: the section before it, or zeros.
enum class FillMissing { repeat, blank };
template <>
struct EnumWords<FillMissing> {
  static constexpr auto list =
      std::to_array<EnumWord<FillMissing>>({{FillMissing::repeat, "repeat"}, {FillMissing::blank, "blank"}});
};

/// How a stack is understood, where there is more than one way.
struct StackOptions {
  PageOptions pages{};
  PaletteUse palette = PaletteUse::refuse;
  WhiteIsZero white_is_zero = WhiteIsZero::invert;
  NameUse names = NameUse::checked;
  std::optional<FillMissing> missing{};  ///< nothing: a missing section is an error
  std::optional<GreyRange> range{};      ///< nothing: values stay what they are
};

/// Where each section of a stack is, in the order of z, and the height, width and type that all must have.
/// One rank finds it and sends it to the others, so that a folder of many files is searched once.
struct SectionList {
  static constexpr std::int64_t blank = -1;

  std::vector<std::string> files;
  std::vector<std::int64_t> file_of;  ///< of each section, its place in `files`, or `blank`
  std::vector<std::int64_t> pages;    ///< of each section, in its file
  std::vector<std::uint64_t> places;  ///< as of PageAt
  std::vector<std::int64_t> behind;   ///< as of PageAt
  std::vector<std::int64_t> missing;  ///< sections that no file has
  std::int64_t height = 0, width = 0;
  ElementType stored_type = ElementType::uint8;
  std::optional<GreyRange> range;
  GreyOptions grey;

  Extent extent() const { return {narrow<std::int64_t>(file_of.size()), height, width}; }
  /// Of the sections as they are read.
  SectionShape shape() const { return {height, width, range ? ElementType::uint8 : stored_type}; }
  SectionShape stored_shape() const { return {height, width, stored_type}; }
  /// "s1.tif", "stack.tif page 7"; for messages.
  std::string name_of(std::int64_t z) const;

  template <class Archive>
  void serialize(Archive& archive, unsigned /*version*/) {
    archive& files& file_of& pages& places& behind& missing& height& width& stored_type;
    archive& grey.palette& grey.white_is_zero;
    bool scaled = range.has_value(), sampled = grey.sample.has_value();
    GreyRange given = range.value_or(GreyRange{});
    std::int64_t sample = grey.sample.value_or(0);
    archive& scaled& given.low& given.high& sampled& sample;
    range = scaled ? std::optional(given) : std::nullopt;
    grey.sample = sampled ? std::optional(sample) : std::nullopt;
  }
};

/// A stack as it was found: its sections, and what is to be told of it. Of the rank that looked.
struct ImageStack {
  SectionList sections;
  std::vector<std::string> notes, warnings;  ///< lines for the log
  PartialVoxelSize voxel_size;               ///< that the files state
  std::string voxel_size_source;             ///< "stack.tif (ImageJ)": which file states it, in which words
  std::string source;
  std::vector<FileState> states;  ///< of the files, before they were read
};

/// Finds the sections that `source` names, and looks at each file: its structure to the end, the size and
/// type of each page, and what it says of itself. No pixel is read.
///
/// \param source  A folder (all its TIFF or PNG files), a pattern with * or ? (all files it matches), or one
///                file; several files are taken in the order of the numbers in their names, a TIFF's pages in
///                their own or as its description says.
/// \throws        InputError when nothing is found, names or pages are no complete series of sections, a file
///                is damaged, or a section cannot be used or is unlike the first one.
ImageStack find_stack(const std::string& source, const StackOptions& options = {});

/// Checks that the stack is still what find_stack found: no file was added, removed or written to.
/// \throws InputError
void check_unchanged(const ImageStack& stack);

/// Reads sections of a list; keeps the last file open, since neighbouring pages are often in one. Not
/// collective.
class SectionReader {
 public:
  /// \pre `list` outlives the reader.
  explicit SectionReader(const SectionList& list) : list_(list) {}

  /// Reads the grey values of section `z`, row by row.
  /// \pre    out.size() == list.shape().bytes()
  /// \throws InputError naming the file when it cannot be read, or has another size or type than the first
  ///         section.
  void read_section(std::int64_t z, std::span<std::byte> out);

 private:
  const SectionList& list_;
  std::int64_t open_file_ = SectionList::blank;
  std::unique_ptr<SectionImage> image_;
  std::vector<std::byte> stored_;
};

}  // namespace cleft
