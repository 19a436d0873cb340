#include "report/jpeg.hpp"

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

/// libjpeg reports an error by calling a function that must not return.
struct ErrorJump {
  jpeg_error_mgr base;  // first: the library hands back a pointer to it
  std::jmp_buf back;
  std::array<char, JMSG_LENGTH_MAX> text;
};

void jump_back(j_common_ptr jpeg) {
  auto* const error = reinterpret_cast<ErrorJump*>(jpeg->err);
  error->base.format_message(jpeg, error->text.data());
  std::longjmp(error->back, 1);  // NOLINT(cert-err52-cpp): the one way out of the library
}

void say_nothing(j_common_ptr /*jpeg*/) {}

/// What is packed, and what comes of it. Nothing here needs destruction: an error jumps over it.
struct Packing {
  const std::uint8_t* pixels;
  std::size_t row_bytes;
  JDIMENSION width, height;
  int components, quality;
  unsigned char* bytes;
  unsigned long size;  // NOLINT(google-runtime-int): the library's type
};

/// \returns Whether it went well; otherwise error.text says what did not.
bool pack(Packing& packing, ErrorJump& error) {
  jpeg_compress_struct jpeg{};
  jpeg.err = jpeg_std_error(&error.base);
  error.base.error_exit = jump_back;
  error.base.output_message = say_nothing;
  if (setjmp(error.back) != 0) {  // NOLINT(cert-err52-cpp)
    jpeg_destroy_compress(&jpeg);
    return false;
  }
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &packing.bytes, &packing.size);
  jpeg.image_width = packing.width;
  jpeg.image_height = packing.height;
  jpeg.input_components = packing.components;
  jpeg.in_color_space = packing.components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, packing.quality, TRUE);
  jpeg.dct_method = JDCT_ISLOW;
  jpeg.optimize_coding = TRUE;
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < packing.height) {
    // libjpeg only reads rows, but its interface does not say so.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    auto* row = const_cast<JSAMPLE*>(packing.pixels + jpeg.next_scanline * packing.row_bytes);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  return true;
}

}  // namespace

std::string jpeg_bytes(std::span<const std::uint8_t> pixels, std::int64_t width, std::int64_t height,
                       Colours colours, int quality) {
  const auto components = colours == Colours::grey ? 1 : 3;
  Packing packing{.pixels = pixels.data(),
                  .row_bytes = to_size(width * components),
                  .width = narrow<JDIMENSION>(width),
                  .height = narrow<JDIMENSION>(height),
                  .components = components,
                  .quality = quality,
                  .bytes = nullptr,
                  .size = 0};
  ErrorJump error{};
  const bool packed = pack(packing, error);
  std::string bytes;
  if (packed) bytes.assign(reinterpret_cast<const char*>(packing.bytes), packing.size);
  std::free(packing.bytes);  // NOLINT(cppcoreguidelines-no-malloc): the library's malloc
  if (!packed) throw InternalError(std::string("libjpeg: ") + error.text.data());
  return bytes;
}

}  // namespace cleft
