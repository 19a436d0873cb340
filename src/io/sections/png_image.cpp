#include <array>
#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <png.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "io/sections/section_image.hpp"

namespace cleft {
namespace {

/// One pass of libpng over a file. libpng reports errors by jumping out of its functions, so each call goes
/// through `guarded`.
class Decoder {
 public:
  explicit Decoder(const std::filesystem::path& path);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  std::int64_t height() const { return png_get_image_height(png_, info_); }
  std::int64_t width() const { return png_get_image_width(png_, info_); }
  int bits() const { return png_get_bit_depth(png_, info_); }
  int color_type() const { return png_get_color_type(png_, info_); }
  std::size_t channels() const { return png_get_channels(png_, info_); }

  /// All rows, as they are stored but for byte order.
  /// \pre `pixels` has room for them.
  void read_rows(std::byte* pixels, std::size_t row_bytes);

 private:
  /// Runs `calls` of libpng. Nothing in it may need destruction: an error jumps over it.
  template <class Calls>
  void guarded(const Calls& calls) {
    if (setjmp(png_jmpbuf(png_)) != 0)
      throw InputError({path_.string(), "cannot be decoded: " + message_, ""});
    calls();
  }
  static void keep_error(png_structp png, png_const_charp text) {
    static_cast<Decoder*>(png_get_error_ptr(png))->message_ = text;
    png_longjmp(png, 1);
  }
  static void drop_warning(png_structp, png_const_charp) {}

  std::filesystem::path path_;
  std::string message_;
  std::FILE* file_;
  png_structp png_;
  png_infop info_;
};

Decoder::Decoder(const std::filesystem::path& path)
    : path_(path),
      file_(std::fopen(path.c_str(), "rb")),
      png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, this, keep_error, drop_warning)),
      info_(png_ == nullptr ? nullptr : png_create_info_struct(png_)) {
  if (file_ == nullptr) {
    const int reason = errno;
    png_destroy_read_struct(&png_, &info_, nullptr);
    throw InputError({path.string(), std::string("cannot be read: ") + std::strerror(reason), ""});
  }
  constexpr png_uint_32 longest = 1U << 24U;
  try {
    guarded([&] {
      png_set_user_limits(png_, longest, longest);
      png_init_io(png_, file_);
      png_read_info(png_, info_);
    });
  } catch (...) {
    png_destroy_read_struct(&png_, &info_, nullptr);
    std::fclose(file_);
    throw;
  }
}

Decoder::~Decoder() {
  png_destroy_read_struct(&png_, &info_, nullptr);
  std::fclose(file_);
}

void Decoder::read_rows(std::byte* pixels, std::size_t row_bytes) {
  std::vector<png_bytep> rows(to_size(height()));
  for (std::size_t row = 0; row < rows.size(); ++row)
    rows[row] = reinterpret_cast<png_bytep>(pixels + row * row_bytes);
  guarded([&] {
    if (bits() == 16) png_set_swap(png_);  // PNG is big-endian
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    png_read_image(png_, rows.data());
    png_read_end(png_, nullptr);
  });
}

/// Reads the one page of a PNG: 8 or 16 bits, interlaced or not.
class PngImage : public SectionImage {
 public:
  explicit PngImage(std::filesystem::path path) : path_(std::move(path)) {}

  std::int64_t page_count() override { return 1; }
  SectionShape shape(std::int64_t /*page*/) override { return described(Decoder(path_)); }
  void read(std::int64_t /*page*/, std::span<std::byte> out) override;

 private:
  SectionShape described(const Decoder& decoder) const;
  template <class T>
  void read_as(Decoder& decoder, std::span<std::byte> out) const;

  std::filesystem::path path_;
};

SectionShape PngImage::described(const Decoder& decoder) const {
  if ((decoder.color_type() & PNG_COLOR_MASK_PALETTE) != 0)
    throw InputError({path_.string(), "has a palette of colours", "grey values"});
  if (decoder.bits() != 8 && decoder.bits() != 16)
    throw InputError({path_.string(), "has " + counted(decoder.bits(), "bit") + " per value", "8 or 16"});
  const bool wide = decoder.bits() == 16;
  check_claimed_size(path_, decoder.height(), decoder.width(),
                     narrow<std::int64_t>(decoder.channels() * (wide ? 2 : 1)));
  return {decoder.height(), decoder.width(), wide ? ElementType::uint16 : ElementType::uint8};
}

template <class T>
void PngImage::read_as(Decoder& decoder, std::span<std::byte> out) const {
  const std::size_t channels = decoder.channels();
  if (channels == 1) {
    decoder.read_rows(out.data(), to_size(decoder.width()) * sizeof(T));
    return;
  }
  std::vector<T> samples(out.size() / sizeof(T) * channels);
  const std::span<T> all(samples);
  decoder.read_rows(std::as_writable_bytes(all).data(), to_size(decoder.width()) * channels * sizeof(T));
  if (!keep_grey(all, channels)) throw InputError({path_.string(), "has colours", "grey values"});
  std::memcpy(out.data(), samples.data(), out.size());
}

void PngImage::read(std::int64_t /*page*/, std::span<std::byte> out) {
  Decoder decoder(path_);
  const SectionShape shape = described(decoder);
  if (out.size() != shape.bytes()) throw InternalError(path_.string() + ": read into memory of another size");
  if (shape.type == ElementType::uint8)
    read_as<std::uint8_t>(decoder, out);
  else
    read_as<std::uint16_t>(decoder, out);
}

}  // namespace

std::unique_ptr<SectionImage> open_png(const std::filesystem::path& path) {
  return std::make_unique<PngImage>(path);
}

}  // namespace cleft
