#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <tiffio.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/sections/section_image.hpp"

namespace cleft {
namespace {

/// What libtiff would print goes here instead; the last error is the one that explains.
int keep_message(TIFF*, void* kept, const char* module, const char* format, va_list arguments) {
  std::array<char, 300> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  static_cast<void>(module);
  *static_cast<std::string*>(kept) = text.data();
  return 1;
}

int drop_message(TIFF*, void*, const char*, const char*, va_list) {
  return 1;
}

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

struct FreeOptions {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

/// Reads one page of a TIFF: 8 or 16 bits, strips or tiles, whatever compression libtiff knows.
class TiffImage : public SectionImage {
 public:
  explicit TiffImage(const std::filesystem::path& path);

  std::int64_t page_count() override;
  SectionShape shape(std::int64_t page) override;
  void read(std::int64_t page, std::span<std::byte> out) override;

 private:
  struct Page {
    SectionShape shape;
    std::size_t channels = 1;
    bool inverted = false;

    std::size_t pixel_bytes() const { return channels * size_of(shape.type); }
  };

  [[noreturn]] void fail(std::int64_t page, const std::string& found, const std::string& expected = "") const;
  std::uint32_t field(std::uint32_t tag) const;
  void select(std::int64_t page);
  Page describe(std::int64_t page);
  void check_no_hidden_pages(std::int64_t page) const;
  std::vector<std::byte>& buffer(std::int64_t page, tmsize_t bytes);
  void read_strips(std::int64_t page, const Page& like, std::span<std::byte> out);
  void read_tiles(std::int64_t page, const Page& like, std::span<std::byte> out);
  void put_rows(std::int64_t page, const Page& like, std::span<std::byte> from, std::int64_t row_pixels,
                std::int64_t first_row, std::int64_t first_column, std::span<std::byte> out);

  std::filesystem::path path_;
  std::string message_;
  std::unique_ptr<TIFF, CloseTiff> tiff_;
  std::vector<std::byte> buffer_;
};

TiffImage::TiffImage(const std::filesystem::path& path) : path_(path) {
  constexpr tmsize_t largest_allocation = tmsize_t{1} << 31;
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), largest_allocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_message, &message_);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), drop_message, nullptr);
  tiff_.reset(TIFFOpenExt(path.c_str(), "r", options.get()));
  if (!tiff_) throw InputError({path.string(), "is a damaged TIFF file: " + message_, ""});
}

void TiffImage::fail(std::int64_t page, const std::string& found, const std::string& expected) const {
  throw InputError(
      {page == 0 ? path_.string() : fmt::format("{} page {}", path_.string(), page + 1), found, expected});
}

std::int64_t TiffImage::page_count() {
  const std::int64_t pages = TIFFNumberOfDirectories(tiff_.get());
  if (pages == 0) fail(0, "has no page: " + message_);
  return pages;
}

/// Pages are a chain: the next one is one step away, any other one takes all steps from the first.
void TiffImage::select(std::int64_t page) {
  const std::int64_t current = TIFFCurrentDirectory(tiff_.get());
  if (page == current) return;
  const bool found = page == current + 1 ? TIFFReadDirectory(tiff_.get()) != 0
                                         : TIFFSetDirectory(tiff_.get(), narrow<tdir_t>(page)) != 0;
  if (!found) fail(page, "cannot be read: " + message_);
}

/// A field of 16 or 32 bits, or its default.
std::uint32_t TiffImage::field(std::uint32_t tag) const {
  if (tag == TIFFTAG_IMAGEWIDTH || tag == TIFFTAG_IMAGELENGTH || tag == TIFFTAG_TILEWIDTH ||
      tag == TIFFTAG_TILELENGTH || tag == TIFFTAG_ROWSPERSTRIP) {
    std::uint32_t value = 0;
    TIFFGetFieldDefaulted(tiff_.get(), tag, &value);
    return value;
  }
  std::uint16_t value = 0;
  TIFFGetFieldDefaulted(tiff_.get(), tag, &value);
  return value;
}

/// ImageJ writes stacks over 4 GiB as one page with the others' data behind it, which only ImageJ can find.
void TiffImage::check_no_hidden_pages(std::int64_t page) const {
  const char* text = nullptr;
  if (page > 0 || TIFFGetField(tiff_.get(), TIFFTAG_IMAGEDESCRIPTION, &text) == 0 || text == nullptr) return;
  const char* const images = std::strncmp(text, "ImageJ=", 7) == 0 ? std::strstr(text, "images=") : nullptr;
  const std::int64_t claimed = images == nullptr ? 1 : std::strtoll(images + 7, nullptr, 10);
  if (claimed > 1 && TIFFLastDirectory(tiff_.get()) != 0)
    fail(page, fmt::format("is an ImageJ stack of {} sections without pages", claimed),
         "one page for each section (save it as an image sequence)");
}

TiffImage::Page TiffImage::describe(std::int64_t page) {
  select(page);
  const std::uint32_t bits = field(TIFFTAG_BITSPERSAMPLE), photometric = field(TIFFTAG_PHOTOMETRIC);
  const std::uint32_t format = field(TIFFTAG_SAMPLEFORMAT);
  Page described;
  described.channels = field(TIFFTAG_SAMPLESPERPIXEL);
  described.shape = {field(TIFFTAG_IMAGELENGTH), field(TIFFTAG_IMAGEWIDTH),
                     bits == 16 ? ElementType::uint16 : ElementType::uint8};
  described.inverted = photometric == PHOTOMETRIC_MINISWHITE;
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)
    fail(page,
         fmt::format("has {}-bit {} values", bits, format == SAMPLEFORMAT_INT ? "signed" : "floating-point"),
         "8- or 16-bit unsigned grey values");
  if (bits != 8 && bits != 16) fail(page, "has " + counted(bits, "bit") + " per value", "8 or 16");
  const bool grey = photometric == PHOTOMETRIC_MINISBLACK || described.inverted;
  const bool plain =
      grey ? described.channels == 1 || described.channels == 2
           : photometric == PHOTOMETRIC_RGB && (described.channels == 3 || described.channels == 4);
  if (!plain)
    fail(page, fmt::format("has {} channels of kind {}", described.channels, photometric),
         "grey values, or red = green = blue");
  if (described.channels > 1 && field(TIFFTAG_PLANARCONFIG) != PLANARCONFIG_CONTIG)
    fail(page, "stores its channels in separate planes", "grey values");
  if (field(TIFFTAG_ORIENTATION) != ORIENTATION_TOPLEFT)
    fail(page, fmt::format("is to be turned when shown (orientation {})", field(TIFFTAG_ORIENTATION)),
         "orientation 1");
  check_claimed_size(path_, described.shape.height, described.shape.width,
                     narrow<std::int64_t>(described.pixel_bytes()));
  check_no_hidden_pages(page);
  return described;
}

SectionShape TiffImage::shape(std::int64_t page) {
  return describe(page).shape;
}

std::vector<std::byte>& TiffImage::buffer(std::int64_t page, tmsize_t bytes) {
  constexpr tmsize_t largest = tmsize_t{1} << 31;
  if (bytes <= 0 || bytes > largest)
    fail(page, fmt::format("has strips or tiles of {} bytes", bytes), "at most 2 GiB");
  buffer_.resize(to_size(bytes));
  return buffer_;
}

/// Turns decoded rows of `row_pixels` pixels each into grey values and copies what lies inside the image.
void TiffImage::put_rows(std::int64_t page, const Page& like, std::span<std::byte> from,
                         std::int64_t row_pixels, std::int64_t first_row, std::int64_t first_column,
                         std::span<std::byte> out) {
  const std::size_t value_bytes = size_of(like.shape.type);
  const auto pixels = narrow<std::int64_t>(from.size() / like.pixel_bytes());
  const auto make_grey = [&](auto zero) {
    using T = decltype(zero);
    const std::span<T> values(reinterpret_cast<T*>(from.data()), from.size() / sizeof(T));
    if (like.channels > 1 && !keep_grey(values, like.channels)) fail(page, "has colours", "grey values");
    if (like.inverted)
      for (T& value : values.first(to_size(pixels))) value = static_cast<T>(~value);
  };
  if (value_bytes == 1) make_grey(std::uint8_t{});
  if (value_bytes == 2) make_grey(std::uint16_t{});
  const std::int64_t rows = std::min(pixels / row_pixels, like.shape.height - first_row);
  const std::int64_t columns = std::min(row_pixels, like.shape.width - first_column);
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto target = to_size((first_row + row) * like.shape.width + first_column) * value_bytes;
    std::memcpy(out.data() + target, from.data() + to_size(row * row_pixels) * value_bytes,
                to_size(columns) * value_bytes);
  }
}

void TiffImage::read_strips(std::int64_t page, const Page& like, std::span<std::byte> out) {
  const auto rows = std::min<std::int64_t>(field(TIFFTAG_ROWSPERSTRIP), like.shape.height);
  auto& strip = buffer(page, TIFFStripSize(tiff_.get()));
  for (std::int64_t row = 0; row < like.shape.height; row += rows) {
    const auto number = TIFFComputeStrip(tiff_.get(), narrow<std::uint32_t>(row), 0);
    const tmsize_t read =
        TIFFReadEncodedStrip(tiff_.get(), number, strip.data(), narrow<tmsize_t>(strip.size()));
    const auto expected =
        to_size(std::min(rows, like.shape.height - row) * like.shape.width) * like.pixel_bytes();
    if (read < 0 || to_size(read) < expected || strip.size() < expected)
      fail(page, fmt::format("cannot be read at row {}: {}", row, message_));
    put_rows(page, like, std::span(strip).first(expected), like.shape.width, row, 0, out);
  }
}

void TiffImage::read_tiles(std::int64_t page, const Page& like, std::span<std::byte> out) {
  const std::int64_t rows = field(TIFFTAG_TILELENGTH), columns = field(TIFFTAG_TILEWIDTH);
  auto& tile = buffer(page, TIFFTileSize(tiff_.get()));
  if (rows <= 0 || columns <= 0 || to_size(rows * columns) * like.pixel_bytes() != tile.size())
    fail(page, fmt::format("has tiles of {} x {} pixels in {} bytes", rows, columns, tile.size()));
  for (std::int64_t row = 0; row < like.shape.height; row += rows)
    for (std::int64_t column = 0; column < like.shape.width; column += columns) {
      const auto number =
          TIFFComputeTile(tiff_.get(), narrow<std::uint32_t>(column), narrow<std::uint32_t>(row), 0, 0);
      const tmsize_t read =
          TIFFReadEncodedTile(tiff_.get(), number, tile.data(), narrow<tmsize_t>(tile.size()));
      if (read != narrow<tmsize_t>(tile.size()))
        fail(page, fmt::format("cannot be read at row {}, column {}: {}", row, column, message_));
      put_rows(page, like, tile, columns, row, column, out);
    }
}

void TiffImage::read(std::int64_t page, std::span<std::byte> out) {
  const Page like = describe(page);
  if (out.size() != like.shape.bytes())
    throw InternalError(path_.string() + ": read into memory of another size");
  if (TIFFIsTiled(tiff_.get()) != 0)
    read_tiles(page, like, out);
  else
    read_strips(page, like, out);
}

}  // namespace

std::unique_ptr<SectionImage> open_tiff(const std::filesystem::path& path) {
  return std::make_unique<TiffImage>(path);
}

}  // namespace cleft
