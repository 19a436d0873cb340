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

#include "base/enum_words.hpp"
#include "base/narrow.hpp"
#include "io/sections/stack_statement.hpp"
#include "io/volume/element_type.hpp"

namespace cleft {

/// What becomes of an image whose values point into a palette of colours.
enum class PaletteUse { refuse, indices };
template <>
struct EnumWords<PaletteUse> {
  static constexpr auto list =
      std::to_array<EnumWord<PaletteUse>>({{PaletteUse::refuse, "refuse"}, {PaletteUse::indices, "indices"}});
};

/// What becomes of values that say "white is zero".
enum class WhiteIsZero { invert, keep };
template <>
struct EnumWords<WhiteIsZero> {
  static constexpr auto list =
      std::to_array<EnumWord<WhiteIsZero>>({{WhiteIsZero::invert, "invert"}, {WhiteIsZero::keep, "keep"}});
};

/// How stored values become grey values, where there is more than one way.
struct GreyOptions {
  PaletteUse palette = PaletteUse::refuse;
  WhiteIsZero white_is_zero = WhiteIsZero::invert;
  std::optional<std::int64_t> sample{};  ///< of each pixel, from 0, that is taken; nothing: it has one only
};

/// What an image of a section is like.
struct SectionShape {
  std::int64_t height = 0, width = 0;
  ElementType type = ElementType::uint8;

  friend bool operator==(const SectionShape&, const SectionShape&) = default;
  std::size_t bytes() const { return to_size(height * width) * size_of(type); }
};

/// "1024 x 1024 uint8": height, width, type; for messages.
std::string to_string(const SectionShape& shape);

/// What is done to the values of a page, beyond reading them: told once for a stack.
struct GreyFacts {
  bool inverted = false;             ///< white is zero: turned over
  bool kept_inverted = false;        ///< white is zero: kept, since it was asked for
  bool from_colours = false;         ///< red, green and blue must be equal
  bool from_palette = false;         ///< its palette is that of grey values
  bool indices = false;              ///< its palette is left out
  bool without_opacity = false;      ///< there is opacity beside the grey values, which is left out
  bool without_photometric = false;  ///< it does not say whether black or white is zero: black
  int packed_bits = 0;               ///< bits of a value that is stored in less than a whole byte or two
};

/// A page of a file.
struct PageAt {
  std::int64_t number = 0;  ///< from 0
  std::uint64_t place = 0;  ///< where the file has it: found once, so that pages need not be counted again
  std::int64_t behind = 0;  ///< this many images behind that page's, without a page of their own
};

/// An open image file with one or more sections of grey values. Everything it says comes from a file that may
/// be damaged or hostile: sizes are checked before memory is taken for them.
class SectionImage {
 public:
  virtual ~SectionImage() = default;
  SectionImage() = default;
  SectionImage(const SectionImage&) = delete;
  SectionImage& operator=(const SectionImage&) = delete;

  /// Its pages, without those that stand beside another one (thumbnails, levels of pyramids, masks).
  /// \throws InputError when one of them cannot be read or ends beyond the file.
  virtual std::vector<PageAt> pages() = 0;
  /// How many pages stand beside another one.
  virtual std::int64_t pages_beside() { return 0; }
  /// What the file says that its pages are; nothing when it says nothing of it.
  virtual std::optional<StackStatement> statement() { return std::nullopt; }
  /// Whether images without pages of their own can be read behind the first page, as ImageJ has them.
  virtual bool has_images_behind(std::int64_t /*count*/) { return false; }

  /// \throws InputError when the page is not grey (nor colour with equal channels), or its values are of a
  ///         kind that no volume holds.
  virtual SectionShape shape(const PageAt& page) = 0;
  virtual GreyFacts facts(const PageAt& page) = 0;
  /// Reads a page's grey values, row by row, in native byte order.
  /// \pre    out.size() == shape(page).bytes()
  /// \throws InputError when the page cannot be decoded.
  virtual void read(const PageAt& page, std::span<std::byte> out) = 0;
};

/// Opens a TIFF or PNG file, by its content.
/// \throws InputError when it is missing, unreadable or something else.
std::unique_ptr<SectionImage> open_section_image(const std::filesystem::path& path,
                                                 const GreyOptions& options = {});

/// Opens a file of one of the two formats; called by open_section_image alone.
/// \throws InputError
std::unique_ptr<SectionImage> open_tiff(const std::filesystem::path& path, const GreyOptions& options);
std::unique_ptr<SectionImage> open_png(const std::filesystem::path& path, const GreyOptions& options);

/// Refuses a page that claims to be larger than what `path` can hold, however well compressed.
/// \throws InputError
void check_claimed_size(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                        std::int64_t bytes_per_pixel);

/// Which samples of a pixel become its grey value.
struct GreySamples {
  std::size_t first = 0;  ///< the one that is taken
  std::size_t equal = 1;  ///< how many, from there, must be equal to it: 3 of colours
};

/// Takes one sample of each pixel. T: the unsigned type of a sample's size.
/// \param pixels   Samples of whole pixels, `channels` each.
/// \param turned   What the values are combined with by exclusive or: all ones turn them over.
/// \returns        False when samples that must be equal are not.
template <class T>
bool take_grey(std::span<const T> pixels, std::size_t channels, const GreySamples& taken, T turned, T* out) {
  for (std::size_t at = taken.first; at < pixels.size(); at += channels) {
    for (std::size_t other = 1; other < taken.equal; ++other)
      if (pixels[at + other] != pixels[at]) return false;
    *out++ = static_cast<T>(pixels[at] ^ turned);
  }
  return true;
}

}  // namespace cleft
