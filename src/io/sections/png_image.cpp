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

  /// Whether a palette shows each value as the grey that it is.
  bool has_grey_palette() const;
  bool is_animated() const { return animated_; }
  /// All rows, as they are stored but for byte order; a byte for each value of less than 8 bits.
  /// \pre `pixels` has room for them.
  void read_rows(std::byte* pixels, std::size_t row_bytes);

 private:
  /// Runs `calls` of libpng. Nothing in it may need destruction: an error jumps over it.
  template <class Calls>
  void guarded(const Calls& calls) {
    if (setjmp(png_jmpbuf(png_)) != 0) fail();
    calls();
  }
  /// Says why libpng could not go on: of a file that ends too early it says no more than "Read Error".
  [[noreturn]] void fail() const {
    if (std::ferror(file_) != 0)
      throw IoError({path_.string(), "cannot be read to its end", "a file system that works"});
    throw InputError({path_.string(),
                      std::feof(file_) != 0 ? "is cut short: it ends before its image does"
                                            : fmt::format("is a damaged PNG file ({})", message_),
                      "the whole file: copy it again, or export it again"});
  }
  static void keep_error(png_structp png, png_const_charp text) {
    static_cast<Decoder*>(png_get_error_ptr(png))->message_ = text;
    png_longjmp(png, 1);
  }
  static void drop_warning(png_structp, png_const_charp) {}
  /// Chunks that libpng does not know: of an animation it reads the first image, without a word.
  static int look_at_chunk(png_structp png, png_unknown_chunkp chunk) {
    if (std::memcmp(chunk->name, "acTL", 4) == 0)
      static_cast<Decoder*>(png_get_user_chunk_ptr(png))->animated_ = true;
    return 1;
  }

  std::filesystem::path path_;
  std::string message_;
  bool animated_ = false;
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
      png_set_read_user_chunk_fn(png_, this, look_at_chunk);
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

bool Decoder::has_grey_palette() const {
  png_colorp colors = nullptr;
  int count = 0;
  if (png_get_PLTE(png_, info_, &colors, &count) == 0) return false;
  const int values = 1 << bits();
  if (count != values) return false;
  for (int i = 0; i < count; ++i) {
    const int grey = i * 255 / (values - 1);
    if (colors[i].red != grey || colors[i].green != grey || colors[i].blue != grey) return false;
  }
  return true;
}

void Decoder::read_rows(std::byte* pixels, std::size_t row_bytes) {
  std::vector<png_bytep> rows(to_size(height()));
  for (std::size_t row = 0; row < rows.size(); ++row)
    rows[row] = reinterpret_cast<png_bytep>(pixels + row * row_bytes);
  guarded([&] {
    if (bits() == 16) png_set_swap(png_);   // PNG is big-endian
    if (bits() < 8) png_set_packing(png_);  // a byte for each value, which stays what it is
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    png_read_image(png_, rows.data());
    png_read_end(png_, nullptr);
  });
}

/// Reads the one page of a PNG: 1 to 16 bits, interlaced or not.
class PngImage : public SectionImage {
 public:
  PngImage(std::filesystem::path path, const GreyOptions& options)
      : path_(std::move(path)), options_(options) {}

  std::vector<PageAt> pages() override { return {{}}; }
  SectionShape shape(const PageAt& /*page*/) override { return described(Decoder(path_)).shape; }
  GreyFacts facts(const PageAt& /*page*/) override { return described(Decoder(path_)).facts; }
  void read(const PageAt& page, std::span<std::byte> out) override;

 private:
  struct Described {
    SectionShape shape;
    GreySamples taken;
    GreyFacts facts;
  };
  Described described(const Decoder& decoder) const;
  template <class T>
  void read_as(Decoder& decoder, const GreySamples& taken, std::span<std::byte> out) const;
  std::string channels_text(std::size_t channels) const {
    return channels == 1 ? "no --channel" : fmt::format("--channel 1 to {}", channels);
  }

  std::filesystem::path path_;
  GreyOptions options_;
};

PngImage::Described PngImage::described(const Decoder& decoder) const {
  Described image;
  if (decoder.is_animated())
    throw InputError({path_.string(), "is an animation of several images", "one image for each section"});
  const int type = decoder.color_type();
  const std::size_t channels = decoder.channels();
  const int bits = decoder.bits();
  if ((type & PNG_COLOR_MASK_PALETTE) != 0) {
    image.facts.from_palette = decoder.has_grey_palette();
    image.facts.indices = !image.facts.from_palette && options_.palette == PaletteUse::indices;
    if (!image.facts.from_palette && !image.facts.indices)
      throw InputError({path_.string(), "has a palette of colours",
                        "grey values, or --palette indices to take the numbers in it (labels)"});
  }
  const bool colours = type == PNG_COLOR_TYPE_RGB || type == PNG_COLOR_TYPE_RGB_ALPHA;
  if (options_.sample) {
    if (*options_.sample >= narrow<std::int64_t>(channels))
      throw InputError({path_.string(),
                        fmt::format("has {}, and not --channel {}",
                                    counted(narrow<std::int64_t>(channels), "channel"), *options_.sample + 1),
                        channels_text(channels)});
    image.taken = {to_size(*options_.sample), 1};
  } else {
    image.taken = {0, colours ? 3U : 1U};
    image.facts.from_colours = colours;
    image.facts.without_opacity = (type & PNG_COLOR_MASK_ALPHA) != 0;
  }
  image.facts.packed_bits = bits < 8 ? bits : 0;
  const bool wide = bits == 16;
  check_claimed_size(path_, decoder.height(), decoder.width(),
                     narrow<std::int64_t>(channels * (wide ? 2 : 1)));
  image.shape = {decoder.height(), decoder.width(), wide ? ElementType::uint16 : ElementType::uint8};
  return image;
}

template <class T>
void PngImage::read_as(Decoder& decoder, const GreySamples& taken, std::span<std::byte> out) const {
  const std::size_t channels = decoder.channels();
  if (channels == 1) {
    decoder.read_rows(out.data(), to_size(decoder.width()) * sizeof(T));
    return;
  }
  std::vector<T> samples(out.size() / sizeof(T) * channels);
  decoder.read_rows(std::as_writable_bytes(std::span(samples)).data(),
                    to_size(decoder.width()) * channels * sizeof(T));
  if (!take_grey(std::span<const T>(samples), channels, taken, T{0}, reinterpret_cast<T*>(out.data())))
    throw InputError({path_.string(), "has colours",
                      fmt::format("grey values, or {} for one of them", channels_text(channels))});
}

void PngImage::read(const PageAt& /*page*/, std::span<std::byte> out) {
  Decoder decoder(path_);
  const Described image = described(decoder);
  if (out.size() != image.shape.bytes())
    throw InternalError(path_.string() + ": read into memory of another size");
  if (image.shape.type == ElementType::uint8)
    read_as<std::uint8_t>(decoder, image.taken, out);
  else
    read_as<std::uint16_t>(decoder, image.taken, out);
}

}  // namespace

std::unique_ptr<SectionImage> open_png(const std::filesystem::path& path, const GreyOptions& options) {
  return std::make_unique<PngImage>(path, options);
}

}  // namespace cleft
