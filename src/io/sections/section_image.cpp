#include "io/sections/section_image.hpp"

#include <array>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

std::array<char, 8> first_bytes(const std::filesystem::path& path) {
  RegularFile file(path, "a TIFF or PNG file");
  std::array<char, 8> bytes{};
  file.read(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace

std::string to_string(const SectionShape& shape) {
  return fmt::format("{} x {} {}", shape.height, shape.width, to_string(shape.type));
}

std::unique_ptr<SectionImage> open_section_image(const std::filesystem::path& path,
                                                 const GreyOptions& options) {
  const auto bytes = first_bytes(path);
  const std::string_view text(bytes.data(), bytes.size());
  if (text == "\x89PNG\r\n\x1a\n") return open_png(path, options);
  const std::string_view kind = text.substr(0, 2);
  if (kind == "II" || kind == "MM") return open_tiff(path, options);
  throw InputError({path.string(), "is neither TIFF nor PNG", "an image of a section"});
}

void check_claimed_size(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                        std::int64_t bytes_per_pixel) {
  // No microscope makes larger sections, and no compression shrinks a picture ten-thousand-fold.
  constexpr std::int64_t longest = 1 << 24;
  constexpr std::int64_t best_compression = 10000, slack = 1 << 26;
  std::error_code none;
  const auto stored = narrow<std::int64_t>(std::filesystem::file_size(path, none));
  const bool empty = height <= 0 || width <= 0;
  if (empty || height > longest || width > longest ||
      height * width * bytes_per_pixel / best_compression > stored + slack / best_compression)
    throw InputError({path.string(), fmt::format("claims {} x {} pixels in {} bytes", height, width, stored),
                      "an image that can be there"});
}

}  // namespace cleft
