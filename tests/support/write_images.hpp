#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <vector>

#include <png.h>
#include <tiffio.h>

namespace cleft::test {

/// A picture of height x width pixels with `channels` values each, row by row. T: uint8 or uint16.
template <class T>
struct Picture {
  int height = 0, width = 0, channels = 1;
  std::vector<T> values;
};

/// A picture in which every pixel's value tells its position.
template <class T>
Picture<T> counted_picture(int height, int width, int seed = 0) {
  Picture<T> picture{height, width, 1, {}};
  for (int i = 0; i < height * width; ++i) picture.values.push_back(static_cast<T>(i * 31 + seed * 7));
  return picture;
}

/// Fields that a TIFF page is written with.
struct TiffFields {
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
  std::uint16_t sample_format = SAMPLEFORMAT_UINT;
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  std::uint16_t planar = PLANARCONFIG_CONTIG;
  int extra_sample = -1;  ///< what the last sample of a pixel is; -1: not said
  int predictor = PREDICTOR_NONE;
  int rows_per_strip = 3;
  int tile = 0;  ///< edge of square tiles, a multiple of 16; 0: strips
  const char* description = nullptr;
};

namespace detail {

template <class T>
void write_tiles(TIFF* tiff, const Picture<T>& picture, int tile) {
  std::vector<T> values(static_cast<std::size_t>(tile * tile * picture.channels));
  for (int row = 0; row < picture.height; row += tile)
    for (int column = 0; column < picture.width; column += tile) {
      std::fill(values.begin(), values.end(), T{99});
      for (int y = row; y < std::min(row + tile, picture.height); ++y)
        for (int x = column; x < std::min(column + tile, picture.width); ++x)
          for (int c = 0; c < picture.channels; ++c)
            values[static_cast<std::size_t>(((y - row) * tile + x - column) * picture.channels + c)] =
                picture.values[static_cast<std::size_t>((y * picture.width + x) * picture.channels + c)];
      TIFFWriteTile(tiff, values.data(), static_cast<std::uint32_t>(column), static_cast<std::uint32_t>(row),
                    0, 0);
    }
}

template <class T>
void write_page(TIFF* tiff, const Picture<T>& picture, const TiffFields& fields) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, picture.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, picture.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * sizeof(T)));
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, picture.channels);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, fields.sample_format);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, fields.photometric);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, fields.compression);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, fields.orientation);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, fields.planar);
  if (fields.extra_sample >= 0) {
    const auto extra = static_cast<std::uint16_t>(fields.extra_sample);
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &extra);
  }
  if (fields.predictor != PREDICTOR_NONE) TIFFSetField(tiff, TIFFTAG_PREDICTOR, fields.predictor);
  if (fields.description != nullptr) TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, fields.description);
  if (fields.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, fields.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, fields.tile);
    write_tiles(tiff, picture, fields.tile);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, fields.rows_per_strip);
    std::vector<T> values = picture.values;
    const int row_values = picture.width * (fields.planar == PLANARCONFIG_CONTIG ? picture.channels : 1);
    const int planes = fields.planar == PLANARCONFIG_CONTIG ? 1 : picture.channels;
    for (int plane = 0; plane < planes; ++plane)
      for (int y = 0; y < picture.height; ++y)
        TIFFWriteScanline(tiff, values.data() + (plane * picture.height + y) * row_values,
                          static_cast<std::uint32_t>(y), static_cast<std::uint16_t>(plane));
  }
  TIFFWriteDirectory(tiff);
}

}  // namespace detail

template <class T>
void write_tiff(const std::filesystem::path& path, const std::vector<Picture<T>>& pages,
                const TiffFields& fields = {}) {
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  if (tiff == nullptr) throw std::runtime_error("cannot write " + path.string());
  for (const auto& page : pages) detail::write_page(tiff, page, fields);
  TIFFClose(tiff);
}

/// \param color_type  As libpng's PNG_COLOR_TYPE_*; has picture.channels channels.
template <class T>
void write_png(const std::filesystem::path& path, const Picture<T>& picture,
               int color_type = PNG_COLOR_TYPE_GRAY, int interlace = PNG_INTERLACE_NONE) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file);
  png_set_IHDR(png, info, static_cast<png_uint_32>(picture.width), static_cast<png_uint_32>(picture.height),
               static_cast<int>(8 * sizeof(T)), color_type, interlace, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (color_type == PNG_COLOR_TYPE_PALETTE) {
    std::vector<png_color> palette(256);
    png_set_PLTE(png, info, palette.data(), 256);
  }
  png_write_info(png, info);
  if (sizeof(T) == 2) png_set_swap(png);
  std::vector<T> values = picture.values;
  std::vector<png_bytep> rows;
  for (int y = 0; y < picture.height; ++y)
    rows.push_back(reinterpret_cast<png_bytep>(values.data() + y * picture.width * picture.channels));
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  std::fclose(file);
}

}  // namespace cleft::test
