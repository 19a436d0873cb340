#include "io/volume/volume_path.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace cleft {
namespace {

/// A path that is cut in two behind its part number `part`.
VolumePath split_behind(const std::filesystem::path& whole, std::filesystem::path file,
                        std::filesystem::path::const_iterator part) {
  std::filesystem::path dataset = "/";
  for (auto inner = std::next(part); inner != whole.end(); ++inner) dataset /= *inner;
  return {std::move(file), dataset == "/" ? "" : dataset.string()};
}

/// Calls is_file(path) for each beginning of a path, also without the ':' that to_string writes, and cuts the
/// path behind the first for which it says yes.
template <class IsFile>
std::optional<VolumePath> split(const std::filesystem::path& whole, const IsFile& is_file) {
  std::filesystem::path folder;
  for (auto part = whole.begin(); part != whole.end(); folder /= *part++) {
    if (is_file(folder / *part)) return split_behind(whole, folder / *part, part);
    std::string name = part->string();
    if (!name.ends_with(':')) continue;
    name.pop_back();
    if (!name.empty() && is_file(folder / name)) return split_behind(whole, folder / name, part);
  }
  return std::nullopt;
}

}  // namespace

bool names_hdf5_file(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".h5" || extension == ".hdf5" || extension == ".hdf" || extension == ".ilp";
}

VolumePath VolumePath::parse(const std::string& text) {
  const std::filesystem::path whole(text);
  std::error_code none;
  auto path = split(whole, [&](const auto& file) { return std::filesystem::is_regular_file(file, none); });
  if (!path)
    path = split(whole, [&](const auto& file) {
      return names_hdf5_file(file) && !std::filesystem::is_directory(file, none);
    });
  return path ? *std::move(path) : VolumePath{whole, ""};
}

std::string to_string(const VolumePath& path) {
  return path.dataset.empty() ? path.file.string() : path.file.string() + ":" + path.dataset;
}

std::string where_it_ends(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::path there;
  for (const auto& part : path) {
    const bool exists = std::filesystem::exists(there / part, failure);
    if (failure) return fmt::format("cannot be followed: {}", failure.message());  // links in a circle
    if (!exists)
      return there.empty() || there == path.root_path()
                 ? "there is no such file"
                 : fmt::format("there is no such file: {} is there, but no '{}' in it", there.string(),
                               part.string());
    there /= part;
  }
  return "";
}

}  // namespace cleft
