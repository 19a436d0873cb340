#include "base/files/file_kind.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"

namespace cleft {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t looked_at = 512;

/// The first bytes; fewer where the file has fewer, none where it cannot be read.
std::string first_bytes(const std::filesystem::path& path) {
  try {
    RegularFile file(path, "a file");
    std::string bytes(looked_at, '\0');
    bytes.resize(file.read(bytes.data(), bytes.size()));
    return bytes;
  } catch (const Error&) {
    return "";
  }
}

std::string suffix_of(const std::filesystem::path& file) {
  std::string suffix = file.extension().string();
  for (char& c : suffix) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return suffix;
}

bool is_text(std::string_view bytes) {
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

FileKind kind_of_text(const std::filesystem::path& file, std::string_view text) {
  const std::string suffix = suffix_of(file);
  if (suffix == ".yaml" || suffix == ".yml")
    return {"text in YAML", fmt::format("'cleft config {}' looks at a configuration", file.string())};
  if (suffix == ".csv" || suffix == ".tsv") {
    if (text.starts_with("id,first_z"))
      return {"the table of a run",
              fmt::format("'cleft info {}' describes the run", (file.parent_path() / ".").string())};
    return {"a table of text", "labels.csv in a configuration names a table of labels, which train reads"};
  }
  return {"text", ""};
}

/// Formats that keep a volume as a folder of files.
FileKind kind_of_folder(const std::filesystem::path& folder) {
  std::error_code none;
  const auto has = [&](const char* name) { return std::filesystem::exists(folder / name, none); };
  if (has("zarr.json") || has(".zarray") || has(".zgroup") || has(".zattrs"))
    return {"a folder of Zarr", "in Python, zarr reads it and h5py writes it to HDF5"};
  if (has("attributes.json"))
    return {"a folder of N5", "in Python, zarr or z5py reads it and h5py writes it to HDF5"};
  return {};
}

}  // namespace

bool names_other_image(const std::filesystem::path& file) {
  static constexpr std::array<std::string_view, 14> suffixes{".jpg", ".jpeg", ".jp2", ".j2k", ".bmp",
                                                             ".gif", ".webp", ".pgm", ".ppm", ".dm3",
                                                             ".dm4", ".mrc",  ".ser", ".tga"};
  return std::find(suffixes.begin(), suffixes.end(), suffix_of(file)) != suffixes.end();
}

bool names_image(const std::filesystem::path& file) {
  const std::string suffix = suffix_of(file);
  return suffix == ".tif" || suffix == ".tiff" || suffix == ".png";
}

FileKind kind_of_file(const std::filesystem::path& file) {
  std::error_code none;
  if (std::filesystem::is_directory(file, none)) return kind_of_folder(file);
  const std::string bytes = first_bytes(file);
  const auto begins = [&](std::string_view mark) { return bytes.starts_with(mark); };
  const std::string import_it =
      fmt::format("'cleft import {} volume.h5 --voxel-size z,y,x' makes an HDF5 volume of it", file.string());
  if (begins("II*\0"sv) || begins("MM\0*"sv) || begins("II+\0"sv) || begins("MM\0+"sv))
    return {"a TIFF image", import_it};
  if (begins("\x89PNG")) return {"a PNG image", import_it};
  if (begins("\xff\xd8\xff"))
    return {"a JPEG image", "'cleft import' makes an HDF5 volume of TIFF or PNG images"};
  if (begins("\x93NUMPY")) return {"an array of NumPy", "h5py writes it to HDF5"};
  if (begins("MATLAB 5.0")) return {"a file of MATLAB's old format", "save(..., '-v7.3') writes HDF5"};
  if (begins("\x1f\x8b")) return {"compressed with gzip", "gunzip unpacks it"};
  if (begins("PK\3\4")) return {"a ZIP archive", "unzip unpacks it"};
  if (bytes.size() > 212 && bytes.compare(208, 3, "MAP") == 0)
    return {"an MRC image", "'cleft import' makes an HDF5 volume of TIFF or PNG images"};
  return is_text(bytes) ? kind_of_text(file, bytes) : FileKind{};
}

}  // namespace cleft
