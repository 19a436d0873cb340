#include "io/volume/volume_path.hpp"

namespace cleft {

bool names_hdf5_file(const std::filesystem::path& path) {
  const auto extension = path.extension();
  return extension == ".h5" || extension == ".hdf5" || extension == ".hdf" || extension == ".ilp";
}

VolumePath VolumePath::parse(const std::string& text) {
  std::filesystem::path folder;
  const std::filesystem::path whole(text);
  for (auto part = whole.begin(); part != whole.end(); folder /= *part++) {
    std::string name = part->string();
    if (name.ends_with(':')) name.pop_back();
    const auto file = folder / name;
    if (!names_hdf5_file(name) || std::filesystem::is_directory(file)) continue;
    std::filesystem::path dataset = "/";
    for (auto inner = std::next(part); inner != whole.end(); ++inner) dataset /= *inner;
    return {file, dataset == "/" ? "" : dataset.string()};
  }
  return {whole, ""};
}

std::string to_string(const VolumePath& path) {
  return path.dataset.empty() ? path.file.string() : path.file.string() + ":" + path.dataset;
}

}  // namespace cleft
