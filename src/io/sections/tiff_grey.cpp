#include "io/sections/tiff_grey.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <tiffio.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"

namespace cleft {
namespace {

class Page {
 public:
  Page(const std::filesystem::path& path, std::int64_t number) : path_(path), number_(number) {}
  [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
    throw InputError({number_ == 0 ? path_.string() : fmt::format("{} page {}", path_.string(), number_ + 1),
                      found, expected});
  }

 private:
  const std::filesystem::path& path_;
  std::int64_t number_;
};

ElementType type_of(const Page& page, const TiffDirectory& directory) {
  const std::uint32_t bits = directory.bits;
  const bool whole = bits == 8 || bits == 16 || bits == 32 || bits == 64;
  const auto of_size = [&](ElementType one, ElementType two, ElementType four, ElementType eight) {
    return bits <= 8 ? one : bits <= 16 ? two : bits == 32 ? four : eight;
  };
  switch (directory.format) {
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_VOID:
      if (bits >= 1 && (bits <= 16 || whole))
        return of_size(ElementType::uint8, ElementType::uint16, ElementType::uint32, ElementType::uint64);
      break;
    case SAMPLEFORMAT_INT:
      if (whole)
        return of_size(ElementType::int8, ElementType::int16, ElementType::int32, ElementType::int64);
      break;
    case SAMPLEFORMAT_IEEEFP:
      if (bits == 32 || bits == 64) return bits == 32 ? ElementType::float32 : ElementType::float64;
      page.fail(fmt::format("has {}-bit floating-point values", bits),
                "32 or 64 bits (save it as 32-bit float)");
    case SAMPLEFORMAT_COMPLEXINT:
    case SAMPLEFORMAT_COMPLEXIEEEFP:
      page.fail("has complex numbers", "grey values");
    default:
      page.fail(fmt::format("has values of the unknown format {}", directory.format), "grey values");
  }
  page.fail(fmt::format("has {} per value", counted(bits, "bit")), "1 to 16, 32 or 64");
}

/// What stored values mean, in the words of people who look at them.
std::string photometric_name(std::uint32_t photometric) {
  switch (photometric) {
    case PHOTOMETRIC_MASK:
      return "is a mask of what is transparent";
    case PHOTOMETRIC_SEPARATED:
      return "has colours of ink (CMYK)";
    case PHOTOMETRIC_YCBCR:
      return "has colours (YCbCr)";
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB:
      return "has colours (L*a*b*)";
    case PHOTOMETRIC_CFA:
      return "is the raw image of a camera's colour filter";
    case PHOTOMETRIC_LOGL:
    case PHOTOMETRIC_LOGLUV:
      return "has the logarithms of values";
    default:
      return fmt::format("has values of an unknown meaning (photometric interpretation {})", photometric);
  }
}

/// Whether a palette shows each value as the grey that it is, however exactly its writer scaled it.
bool is_grey_palette(const TiffDirectory& directory) {
  if (directory.bits > 16) return false;
  const std::size_t values = std::size_t{1} << directory.bits;
  const auto& map = directory.color_map;
  if (map.size() != 3 * values) return false;
  const bool in_bytes = std::all_of(map.begin(), map.end(), [](std::uint32_t v) { return v < 256; });
  for (std::size_t i = 0; i < values; ++i) {
    const auto scaled = narrow<std::int64_t>(i * (in_bytes ? 255 : 65535) / (values - 1));
    const std::int64_t slack = in_bytes ? 0 : 255;  // i * 257, i * 256
    for (std::size_t colour = 0; colour < 3; ++colour)
      if (std::abs(narrow<std::int64_t>(map[colour * values + i]) - scaled) > slack ||
          map[colour * values + i] != map[i])
        return false;
  }
  return true;
}

/// Which samples are taken. A sample beyond those of the photometry is opacity only when the page says so.
GreySamples samples_of(const Page& page, const TiffDirectory& directory, bool colours,
                       const GreyOptions& options, GreyFacts& facts) {
  const std::size_t samples = directory.samples;
  if (options.sample) {
    if (*options.sample >= narrow<std::int64_t>(samples))
      page.fail(fmt::format("has {}, and not --channel {}", counted(narrow<std::int64_t>(samples), "channel"),
                            *options.sample + 1),
                samples == 1 ? "no --channel" : fmt::format("--channel 1 to {}", samples));
    return {to_size(*options.sample), 1};
  }
  const std::size_t base = colours ? 3 : 1;
  std::size_t opacity = 0;
  for (const std::uint32_t kind : directory.extra_samples)
    if (kind == EXTRASAMPLE_ASSOCALPHA || kind == EXTRASAMPLE_UNASSALPHA) ++opacity;
  if (samples < base || samples - std::min(samples, opacity) != base)
    page.fail(fmt::format("has {} channels", samples), fmt::format("one, or --channel 1 to {}", samples));
  facts.without_opacity = opacity > 0;
  facts.from_colours = colours;
  return {0, base};
}

}  // namespace

TiffGrey grey_of(const std::filesystem::path& path, std::int64_t number, const TiffDirectory& directory,
                 const GreyOptions& options, GreyFacts& facts) {
  const Page page(path, number);
  const std::uint32_t photometric = directory.photometric.value_or(PHOTOMETRIC_MINISBLACK);
  if (directory.samples == 0) page.fail("has no samples", "one or more");
  TiffGrey grey;
  grey.shape = {directory.height, directory.width, type_of(page, directory)};
  grey.bits = directory.bits;
  grey.packed = directory.bits != 8 * grey.sample_bytes();
  grey.samples = directory.samples;
  grey.channels = directory.planar == PLANARCONFIG_SEPARATE ? 1 : grey.samples;
  facts.packed_bits = grey.packed ? narrow<int>(directory.bits) : 0;
  facts.without_photometric = !directory.photometric;
  grey.jpeg_colours = photometric == PHOTOMETRIC_YCBCR && directory.compression == COMPRESSION_JPEG;
  const bool colours = photometric == PHOTOMETRIC_RGB || grey.jpeg_colours;
  if (photometric == PHOTOMETRIC_PALETTE) {
    facts.from_palette = is_grey_palette(directory);
    facts.indices = !facts.from_palette && options.palette == PaletteUse::indices;
    if (!facts.from_palette && !facts.indices)
      page.fail("has a palette of colours",
                "grey values, or --palette indices to take the numbers in it (labels)");
  } else if (photometric == PHOTOMETRIC_MINISWHITE) {
    grey.inverted = options.white_is_zero == WhiteIsZero::invert;
    facts.inverted = grey.inverted;
    facts.kept_inverted = !grey.inverted;
    if (grey.inverted && directory.format != SAMPLEFORMAT_UINT && directory.format != SAMPLEFORMAT_VOID)
      page.fail(fmt::format("says that white is zero, of {} values", to_string(grey.shape.type)),
                "--white-is-zero keep to take them as they are stored");
  } else if (!colours && photometric != PHOTOMETRIC_MINISBLACK) {
    page.fail(photometric_name(photometric), "grey values, or red = green = blue");
  }
  grey.taken = samples_of(page, directory, colours, options, facts);
  if (directory.orientation != ORIENTATION_TOPLEFT)
    page.fail(fmt::format("is to be turned when shown (orientation {})", directory.orientation),
              "orientation 1 (save it as it is shown)");
  check_claimed_size(path, grey.shape.height, grey.shape.width,
                     narrow<std::int64_t>(grey.samples * grey.sample_bytes()));
  return grey;
}

}  // namespace cleft
