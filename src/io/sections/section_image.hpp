#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/narrow.hpp"
#include "io/volume/h5_volume.hpp"

namespace cleft {

/// What an image of a section is like.
struct SectionShape {
  std::int64_t height = 0, width = 0;
  ElementType type = ElementType::uint8;  ///< uint8 or uint16

  friend bool operator==(const SectionShape&, const SectionShape&) = default;
  std::size_t bytes() const { return to_size(height * width) * size_of(type); }
};

/// "1024 x 1024 uint8": height, width, type; for messages.
std::string to_string(const SectionShape& shape);

/// An open image file with one or more sections of grey values. Everything it says comes from a file that may
/// be damaged or hostile: sizes are checked before memory is taken for them.
class SectionImage {
 public:
  virtual ~SectionImage() = default;
  SectionImage() = default;
  SectionImage(const SectionImage&) = delete;
  SectionImage& operator=(const SectionImage&) = delete;

  virtual std::int64_t page_count() = 0;
  /// \throws InputError when the page is not grey (nor colour with equal channels) of 8 or 16 bits.
  virtual SectionShape shape(std::int64_t page) = 0;
  /// Reads a page's grey values, row by row, in native byte order.
  /// \pre    out.size() == shape(page).bytes()
  /// \throws InputError when the page cannot be decoded.
  virtual void read(std::int64_t page, std::span<std::byte> out) = 0;
};

/// Opens a TIFF or PNG file, by its content.
/// \throws InputError when it is missing, unreadable or something else.
std::unique_ptr<SectionImage> open_section_image(const std::filesystem::path& path);

/// The two kinds; for open_section_image.
/// \throws InputError
std::unique_ptr<SectionImage> open_tiff(const std::filesystem::path& path);
std::unique_ptr<SectionImage> open_png(const std::filesystem::path& path);

/// Refuses a page that claims to be larger than what `path` can hold, however well compressed.
/// \throws InputError
void check_claimed_size(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                        std::int64_t bytes_per_pixel);

/// Keeps the first of each `channels` values, in place, when all of them are equal: grey values stored as
/// colour.
/// \param values  The samples of whole pixels.
/// \returns       False when a pixel has colour.
template <class T>
bool keep_grey(std::span<T> values, std::size_t channels) {
  const std::size_t compared = channels < 3 ? 1 : 3;  // a second or fourth channel is opacity
  for (std::size_t from = 0, to = 0; from < values.size(); from += channels, ++to) {
    for (std::size_t c = 1; c < compared; ++c)
      if (values[from + c] != values[from]) return false;
    values[to] = values[from];
  }
  return true;
}

}  // namespace cleft
