#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <tiffio.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"
#include "io/sections/section_image.hpp"
#include "io/sections/tiff_directory.hpp"
#include "io/sections/tiff_grey.hpp"
#include "io/sections/tiff_statement.hpp"

namespace cleft {
namespace {

/// What libtiff has to say. Its decoders go on after damage with no more than a warning.
struct Messages {
  std::string error, warning;
};

int keep_message(std::string& kept, const char* format, va_list arguments) {
  std::array<char, 300> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  kept = text.data();
  return 1;
}

/// Keeps the last error, which says the most.
int keep_error(TIFF*, void* kept, const char*, const char* format, va_list arguments) {
  return keep_message(static_cast<Messages*>(kept)->error, format, arguments);
}

int keep_warning(TIFF*, void* kept, const char*, const char* format, va_list arguments) {
  if (std::string_view(format).starts_with("Old-style LZW")) return 1;  // that is no damage
  return keep_message(static_cast<Messages*>(kept)->warning, format, arguments);
}

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

struct FreeOptions {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

/// Rows of decoded pixels: a strip, or a tile, which may reach beyond the image.
struct Segment {
  std::int64_t row = 0, column = 0;  // of its first pixel in the image
  std::int64_t row_pixels = 0;
  std::span<std::byte> bytes{};
};

std::size_t row_bytes_of(const TiffGrey& grey, std::int64_t pixels) {
  return (to_size(pixels) * grey.channels * grey.bits + 7) / 8;
}

/// Samples of `bits` bits each, the highest first, as whole numbers of type T.
template <class T>
void unpack(const std::byte* from, std::size_t count, std::uint32_t bits, T* to) {
  std::uint32_t held = 0, held_bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (; held_bits < bits; held_bits += 8) held = held << 8U | std::to_integer<std::uint32_t>(*from++);
    held_bits -= bits;
    to[i] = static_cast<T>(held >> held_bits & ((1U << bits) - 1U));
  }
}

/// Reads a TIFF: strips or tiles, whatever compression libtiff knows.
class TiffImage : public SectionImage {
 public:
  TiffImage(const std::filesystem::path& path, const GreyOptions& options)
      : path_(path), options_(options), file_(path) {}

  std::vector<PageAt> pages() override;
  std::int64_t pages_beside() override { return narrow<std::int64_t>(all().size() - pages().size()); }
  std::optional<StackStatement> statement() override {
    return tiff_statement(path_.filename().string(), all());
  }
  bool has_images_behind(std::int64_t count) override;
  SectionShape shape(const PageAt& page) override { return grey(page).shape; }
  GreyFacts facts(const PageAt& page) override;
  void read(const PageAt& page, std::span<std::byte> out) override;

 private:
  [[noreturn]] void fail(std::int64_t page, const std::string& found, const std::string& expected = "") const;
  const std::vector<TiffDirectory>& all();
  const TiffDirectory& directory(const PageAt& page);
  TiffGrey grey(const PageAt& page);
  void open();
  void select(std::int64_t page, const TiffDirectory& directory, const TiffGrey& grey);
  std::vector<std::byte>& buffer(std::int64_t page, const TiffGrey& grey, tmsize_t bytes);
  void check_decoded(std::int64_t page, tmsize_t read, std::size_t expected, const Segment& segment);
  void read_strips(std::int64_t page, const TiffGrey& grey, std::uint16_t plane, std::span<std::byte> out);
  void read_tiles(std::int64_t page, const TiffGrey& grey, std::uint16_t plane, std::span<std::byte> out);
  void read_plane(std::int64_t page, const TiffGrey& grey, std::uint16_t plane, std::span<std::byte> out);
  void read_behind(const PageAt& page, const TiffGrey& grey, std::span<std::byte> out);
  void put_rows(std::int64_t page, const TiffGrey& grey, const Segment& segment, std::span<std::byte> out);
  template <class T>
  void put_rows_as(std::int64_t page, const TiffGrey& grey, const Segment& segment, std::span<std::byte> out);

  std::filesystem::path path_;
  GreyOptions options_;
  TiffFile file_;
  std::vector<TiffDirectory> all_;  // empty until they are asked for
  TiffDirectory one_;               // the one read last, where only some are asked for
  std::unique_ptr<Messages> messages_ = std::make_unique<Messages>();
  std::unique_ptr<TIFF, CloseTiff> tiff_;
  std::vector<std::byte> buffer_;
};

void TiffImage::fail(std::int64_t page, const std::string& found, const std::string& expected) const {
  throw InputError(
      {page == 0 ? path_.string() : fmt::format("{} page {}", path_.string(), page + 1), found, expected});
}

const std::vector<TiffDirectory>& TiffImage::all() {
  if (all_.empty()) all_ = file_.directories();
  return all_;
}

std::vector<PageAt> TiffImage::pages() {
  std::vector<PageAt> pages;
  for (std::size_t i = 0; i < all().size(); ++i)
    if (!all()[i].beside_another()) pages.push_back({narrow<std::int64_t>(i), all()[i].offset});
  if (pages.empty()) fail(0, "has no pages but thumbnails", "a page of full size");
  return pages;
}

const TiffDirectory& TiffImage::directory(const PageAt& page) {
  const auto number = to_size(page.number);
  if (number < all_.size() && all_[number].offset == page.place) return all_[number];
  if (one_.offset != page.place) one_ = file_.directory(page.place, page.number);
  return one_;
}

TiffGrey TiffImage::grey(const PageAt& page) {
  GreyFacts none;
  return grey_of(path_, page.number, directory(page), options_, none);
}

GreyFacts TiffImage::facts(const PageAt& page) {
  GreyFacts facts;
  grey_of(path_, page.number, directory(page), options_, facts);
  return facts;
}

bool TiffImage::has_images_behind(std::int64_t count) {
  const std::vector<PageAt> pages = this->pages();
  const TiffDirectory& first = directory(pages.front());
  const TiffGrey grey = this->grey(pages.front());
  const bool plain = first.compression == COMPRESSION_NONE && first.tile_width == 0 && first.one_piece &&
                     first.planar == PLANARCONFIG_CONTIG && !grey.packed;
  const std::size_t bytes = row_bytes_of(grey, grey.shape.width) * to_size(grey.shape.height);
  return all().size() == 1 && plain && count >= 1 &&
         (file_.size() - first.data_begin) / bytes >= to_size(count);
}

void TiffImage::open() {
  if (tiff_) return;
  constexpr tmsize_t largest_allocation = tmsize_t{1} << 31;
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), largest_allocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, messages_.get());
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), keep_warning, messages_.get());
  // h: directories are opened by place; m: not mapped, since a file that gets shorter would end the program.
  tiff_.reset(TIFFOpenExt(path_.c_str(), "rhm", options.get()));
  if (!tiff_) fail(0, "is a damaged TIFF file: " + messages_->error);
}

/// Opens a page, and checks that libtiff sees the same in it.
void TiffImage::select(std::int64_t page, const TiffDirectory& directory, const TiffGrey& grey) {
  open();
  if (TIFFCurrentDirOffset(tiff_.get()) != directory.offset &&
      TIFFSetSubDirectory(tiff_.get(), directory.offset) == 0)
    fail(page, "cannot be read: " + messages_->error);
  if (grey.jpeg_colours) TIFFSetField(tiff_.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 0, samples = 0, planar = 0;
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_IMAGELENGTH, &height);
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_PLANARCONFIG, &planar);
  const bool tiled = TIFFIsTiled(tiff_.get()) != 0;
  if (width != directory.width || height != directory.height || bits != directory.bits ||
      samples != directory.samples || (samples > 1 && planar != directory.planar) ||
      tiled != (directory.tile_width > 0))
    fail(page, "is damaged: its fields contradict each other");
}

/// Memory for a strip or a tile, which is not much larger than the image.
std::vector<std::byte>& TiffImage::buffer(std::int64_t page, const TiffGrey& grey, tmsize_t bytes) {
  constexpr std::size_t largest = std::size_t{1} << 31U, always = std::size_t{1} << 24U;
  const std::size_t image = row_bytes_of(grey, grey.shape.width) * to_size(grey.shape.height);
  if (bytes <= 0 || to_size(bytes) > std::min(largest, std::max(always, 4 * image)))
    fail(page, fmt::format("has strips or tiles of {} bytes for an image of {}", bytes, image),
         "at most 2 GiB, and not many times the image");
  buffer_.resize(to_size(bytes));
  return buffer_;
}

void TiffImage::check_decoded(std::int64_t page, tmsize_t read, std::size_t expected,
                              const Segment& segment) {
  if (read < 0 || to_size(read) < expected)
    fail(page, fmt::format("cannot be read at row {}, column {}: {}", segment.row, segment.column,
                           messages_->error.empty() ? "its data end too early" : messages_->error));
  if (!messages_->warning.empty())
    fail(page,
         fmt::format("is damaged at row {}, column {}: {}", segment.row, segment.column, messages_->warning));
}

/// Makes grey values of decoded rows and copies what lies inside the image.
template <class T>
void TiffImage::put_rows_as(std::int64_t page, const TiffGrey& grey, const Segment& segment,
                            std::span<std::byte> out) {
  const SectionShape& shape = grey.shape;
  const std::size_t row_bytes = row_bytes_of(grey, segment.row_pixels);
  const auto rows =
      std::min(narrow<std::int64_t>(segment.bytes.size() / row_bytes), shape.height - segment.row);
  const auto columns = to_size(std::min(segment.row_pixels, shape.width - segment.column));
  const auto mask =
      static_cast<T>(grey.bits == 8 * sizeof(T) ? ~T{0} : static_cast<T>((T{1} << grey.bits) - 1));
  const T turned = grey.inverted ? mask : T{0};
  std::vector<T> unpacked(grey.packed ? columns * grey.channels : 0);
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::byte* const from = segment.bytes.data() + to_size(row) * row_bytes;
    T* const to = reinterpret_cast<T*>(out.data()) + (segment.row + row) * shape.width + segment.column;
    if (!grey.packed && grey.channels == 1 && !grey.inverted) {
      std::memcpy(to, from, columns * sizeof(T));
      continue;
    }
    if (grey.packed) unpack(from, unpacked.size(), grey.bits, unpacked.data());
    const std::span<const T> pixels(grey.packed ? unpacked.data() : reinterpret_cast<const T*>(from),
                                    columns * grey.channels);
    const GreySamples taken = grey.channels == 1 ? GreySamples{} : grey.taken;
    if (!take_grey(pixels, grey.channels, taken, turned, to))
      fail(page, "has colours",
           fmt::format("grey values, or --channel 1 to {} for one of them", grey.samples));
  }
}

void TiffImage::put_rows(std::int64_t page, const TiffGrey& grey, const Segment& segment,
                         std::span<std::byte> out) {
  switch (grey.sample_bytes()) {
    case 1:
      return put_rows_as<std::uint8_t>(page, grey, segment, out);
    case 2:
      return put_rows_as<std::uint16_t>(page, grey, segment, out);
    case 4:
      return put_rows_as<std::uint32_t>(page, grey, segment, out);
    default:
      return put_rows_as<std::uint64_t>(page, grey, segment, out);
  }
}

void TiffImage::read_strips(std::int64_t page, const TiffGrey& grey, std::uint16_t plane,
                            std::span<std::byte> out) {
  std::uint32_t stated = 0;
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_ROWSPERSTRIP, &stated);
  const auto rows = std::min<std::int64_t>(stated, grey.shape.height);
  if (rows <= 0) fail(page, "is damaged: its strips have no rows");
  auto& strip = buffer(page, grey, TIFFStripSize(tiff_.get()));
  for (std::int64_t row = 0; row < grey.shape.height; row += rows) {
    const auto number = TIFFComputeStrip(tiff_.get(), narrow<std::uint32_t>(row), plane);
    const std::size_t expected =
        to_size(std::min(rows, grey.shape.height - row)) * row_bytes_of(grey, grey.shape.width);
    if (strip.size() < expected) fail(page, "is damaged: its strips are shorter than their rows");
    const Segment segment{row, 0, grey.shape.width, std::span(strip).first(expected)};
    *messages_ = {};
    const tmsize_t read =
        TIFFReadEncodedStrip(tiff_.get(), number, strip.data(), narrow<tmsize_t>(strip.size()));
    check_decoded(page, read, expected, segment);
    put_rows(page, grey, segment, out);
  }
}

void TiffImage::read_tiles(std::int64_t page, const TiffGrey& grey, std::uint16_t plane,
                           std::span<std::byte> out) {
  std::uint32_t rows = 0, columns = 0;
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_TILELENGTH, &rows);
  TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_TILEWIDTH, &columns);
  auto& tile = buffer(page, grey, TIFFTileSize(tiff_.get()));
  if (rows == 0 || columns == 0 || rows * row_bytes_of(grey, columns) != tile.size())
    fail(page, fmt::format("has tiles of {} x {} pixels in {} bytes", rows, columns, tile.size()));
  for (std::int64_t row = 0; row < grey.shape.height; row += rows)
    for (std::int64_t column = 0; column < grey.shape.width; column += columns) {
      const auto number =
          TIFFComputeTile(tiff_.get(), narrow<std::uint32_t>(column), narrow<std::uint32_t>(row), 0, plane);
      const Segment segment{row, column, columns, tile};
      *messages_ = {};
      const tmsize_t read =
          TIFFReadEncodedTile(tiff_.get(), number, tile.data(), narrow<tmsize_t>(tile.size()));
      check_decoded(page, read, tile.size(), segment);
      put_rows(page, grey, segment, out);
    }
}

void TiffImage::read_plane(std::int64_t page, const TiffGrey& grey, std::uint16_t plane,
                           std::span<std::byte> out) {
  if (TIFFIsTiled(tiff_.get()) != 0)
    read_tiles(page, grey, plane, out);
  else
    read_strips(page, grey, plane, out);
}

/// Reads an image that has no page: it lies in the file as the first page's does, a number of images later.
void TiffImage::read_behind(const PageAt& page, const TiffGrey& grey, std::span<std::byte> out) {
  const std::size_t bytes = row_bytes_of(grey, grey.shape.width) * to_size(grey.shape.height);
  std::vector<std::byte> image(bytes);
  RegularFile file(path_, "a TIFF file");
  const std::uint64_t begin = directory(page).data_begin + to_size(page.behind) * bytes;
  for (std::size_t done = 0; done < bytes;) {
    const ssize_t got =
        ::pread(file.descriptor(), image.data() + done, bytes - done, narrow<off_t>(begin + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw IoError({path_.string(), "cannot be read: " + std::generic_category().message(errno), ""});
    if (got == 0) fail(0, fmt::format("ends before its image {}", page.behind + 1));
    done += to_size(got);
  }
  const std::size_t size = grey.sample_bytes();
  if (size > 1 && file_.is_big_endian() == (std::endian::native == std::endian::little))
    for (std::size_t at = 0; at < bytes; at += size)
      std::reverse(image.begin() + narrow<std::ptrdiff_t>(at),
                   image.begin() + narrow<std::ptrdiff_t>(at + size));
  put_rows(page.number, grey, {0, 0, grey.shape.width, image}, out);
}

void TiffImage::read(const PageAt& page, std::span<std::byte> out) {
  const TiffGrey grey = this->grey(page);
  if (out.size() != grey.shape.bytes())
    throw InternalError(path_.string() + ": read into memory of another size");
  if (page.behind > 0) return read_behind(page, grey, out);
  select(page.number, directory(page), grey);
  if (grey.channels == grey.samples) return read_plane(page.number, grey, 0, out);
  read_plane(page.number, grey, narrow<std::uint16_t>(grey.taken.first), out);
  std::vector<std::byte> other(grey.taken.equal > 1 ? out.size() : 0);
  for (std::size_t plane = 1; plane < grey.taken.equal; ++plane) {
    read_plane(page.number, grey, narrow<std::uint16_t>(grey.taken.first + plane), other);
    if (!std::equal(other.begin(), other.end(), out.begin()))
      fail(page.number, "has colours",
           fmt::format("grey values, or --channel 1 to {} for one of them", grey.samples));
  }
}

}  // namespace

std::unique_ptr<SectionImage> open_tiff(const std::filesystem::path& path, const GreyOptions& options) {
  return std::make_unique<TiffImage>(path, options);
}

}  // namespace cleft
