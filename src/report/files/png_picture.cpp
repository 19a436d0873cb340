#include "report/files/png_picture.hpp"

#include <array>
#include <csetjmp>
#include <string>

#include <png.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

/// Where libpng puts what it packs, and what it complains of. An error of it jumps out of its functions.
struct Packed {
  std::string bytes, problem;
};

void keep(png_structp png, png_bytep data, std::size_t length) {
  auto* const packed = static_cast<Packed*>(png_get_io_ptr(png));
  packed->bytes.append(reinterpret_cast<const char*>(data), length);
}

void need_no_flush(png_structp /*png*/) {}

void keep_problem(png_structp png, png_const_charp text) {
  static_cast<Packed*>(png_get_error_ptr(png))->problem = text;
  png_longjmp(png, 1);
}

/// \returns Whether it went well. Nothing in it needs destruction.
bool pack(Packed& packed, const std::uint8_t* rgb, png_uint_32 width, png_uint_32 height) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &packed, keep_problem, nullptr);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {  // NOLINT(cert-err52-cpp): libpng's way
    png_destroy_write_struct(&png, &info);
    return false;
  }
  png_set_write_fn(png, &packed, keep, need_no_flush);
  constexpr int bits = 8;
  png_set_IHDR(png, info, width, height, bits, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (png_uint_32 row = 0; row < height; ++row) png_write_row(png, rgb + std::size_t{row} * width * 3);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return true;
}

}  // namespace

void write_png(const std::filesystem::path& file, std::span<const std::uint8_t> rgb, std::int64_t width,
               std::int64_t height) {
  Packed packed;
  if (!pack(packed, rgb.data(), narrow<png_uint_32>(width), narrow<png_uint_32>(height)))
    throw IoError({file.string(), "cannot be packed as PNG (" + packed.problem + ")", "a smaller picture"});
  write_file_atomically(file, packed.bytes);
}

bool begins_as_png(const std::filesystem::path& file) {
  std::array<char, 8> begin{};
  RegularFile opened(file, "a PNG picture");
  const std::size_t length = opened.read(begin.data(), begin.size());
  return length == begin.size() && png_sig_cmp(reinterpret_cast<png_const_bytep>(begin.data()), 0, 8) == 0;
}

}  // namespace cleft
