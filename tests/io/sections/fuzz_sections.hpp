#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "io/sections/image_stack.hpp"
#include "support/temp_directory.hpp"
#include "support/tiff_bytes.hpp"
#include "support/write_images.hpp"

namespace cleft::test {

/// Does with a file of sections what `cleft import` does. Any Error is right; anything else (a crash, another
/// exception, a read out of bounds, endless work) is a bug.
/// \returns Whether it was a stack that was read whole, or one that claims to be large.
inline bool use_sections(const std::filesystem::path& file, const StackOptions& options = {}) {
  constexpr std::int64_t most_voxels = 1 << 22;
  try {
    const ImageStack stack = find_stack(file.string(), options);
    if (voxel_count(stack.sections.extent()) > most_voxels) return true;
    SectionReader reader(stack.sections);
    std::vector<std::byte> section(stack.sections.shape().bytes());
    for (std::int64_t z = 0; z < stack.sections.extent().z; ++z) reader.read_section(z, section);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Sound small files of the kinds that are read, to be damaged: TIFF in strips and tiles, packed in several
/// ways, of both byte orders and both sizes of places, with descriptions of ImageJ, OME and tifffile; PNG.
inline std::vector<std::string> sound_section_files() {
  const TempDirectory dir;
  const auto path = dir / "s.tif";
  std::vector<std::string> files;
  const auto add_tiff = [&](const auto& pages, const TiffFields& fields) {
    write_tiff(path, pages, fields);
    files.push_back(file_bytes(path));
  };
  const std::vector bytes{counted_picture<std::uint8_t>(9, 13), counted_picture<std::uint8_t>(9, 13, 1)};
  const std::vector words{counted_picture<std::uint16_t>(20, 33), counted_picture<std::uint16_t>(20, 33, 1)};
  add_tiff(bytes, {});
  add_tiff(words, {.compression = COMPRESSION_LZW, .predictor = PREDICTOR_HORIZONTAL});
  add_tiff(words, {.compression = COMPRESSION_ADOBE_DEFLATE, .tile = 16});
  add_tiff(bytes, {.compression = COMPRESSION_PACKBITS, .photometric = PHOTOMETRIC_MINISWHITE});
  add_tiff(bytes, {.description = "ImageJ=1.53\nimages=2\nslices=2\nunit=nm\nspacing=40\nloop=false\n"});
  add_tiff(bytes, {.description = R"({"shape": [2, 9, 13]})"});
  add_tiff(
      bytes,
      {.description =
           R"(<OME><Image ID="Image:0"><Pixels DimensionOrder="XYZCT" Type="uint8" SizeX="13" SizeY="9" )"
           R"(SizeZ="2" SizeC="1" SizeT="1" PhysicalSizeZ="40" PhysicalSizeZUnit="nm"><TiffData/>)"
           R"(</Pixels></Image></OME>)"});
  const std::string pixels(12, '\5');
  for (const bool big : {false, true})
    for (const bool big_endian : {false, true})
      files.push_back(
          tiff_bytes({plain_page(3, 4, pixels), plain_page(3, 4, pixels)}, {big_endian, big}).bytes);
  write_png(dir / "s.png", bytes.front());
  files.push_back(file_bytes(dir / "s.png"));
  write_png(dir / "s.png", words.front(), PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_ADAM7);
  files.push_back(file_bytes(dir / "s.png"));
  return files;
}

/// A sound file with changes, written to `file`: the first byte of `data` chooses which one, then three bytes
/// choose a place and the fourth is what stands there, or where the place is behind the end how the file is
/// cut.
inline void write_damaged(const std::vector<std::string>& sound, std::span<const std::uint8_t> data,
                          const std::filesystem::path& file) {
  std::string bytes = sound[data.empty() ? 0 : data[0] % sound.size()];
  for (std::size_t i = 1; i + 4 <= data.size(); i += 4) {
    const std::size_t place = (data[i] + 256U * data[i + 1] + 65536U * data[i + 2]) % (bytes.size() + 8);
    if (place < bytes.size())
      bytes[place] = static_cast<char>(data[i + 3]);
    else
      bytes.resize(bytes.size() * (data[i + 3] + 1U) / 256U + 1);
  }
  write_bytes(file, bytes);
}

}  // namespace cleft::test
