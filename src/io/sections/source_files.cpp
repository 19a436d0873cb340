#include "io/sections/source_files.hpp"

#include <algorithm>
#include <cctype>
#include <system_error>

#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/files/file_kind.hpp"
#include "base/narrow.hpp"
#include "base/text/counted.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

std::string lower_extension(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

/// The TIFF or PNG files of a folder; other files (notes, hidden files) do not count.
std::vector<fs::path> files_in_folder(const fs::path& folder) {
  std::vector<fs::path> tiff, png;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const fs::path file = entry->path();
    if (file.filename().string().starts_with('.')) continue;
    const std::string extension = lower_extension(file);
    if (extension == ".tif" || extension == ".tiff") tiff.push_back(file);
    if (extension == ".png") png.push_back(file);
  }
  if (failed) throw InputError({folder.string(), "cannot be read: " + failed.message(), ""});
  if (!tiff.empty() && !png.empty())
    throw InputError({folder.string(), fmt::format("holds {} TIFF and {} PNG files", tiff.size(), png.size()),
                      "one kind, or a pattern such as '*.tif'"});
  return tiff.empty() ? png : tiff;
}

std::vector<fs::path> files_matching(const std::string& pattern) {
  glob_t found{};
  const int result = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<fs::path> files;
  for (std::size_t i = 0; result == 0 && i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  if (result == GLOB_ABORTED || result == GLOB_NOSPACE)
    throw IoError({pattern, "the files that it fits cannot be listed", ""});
  return files;
}

[[noreturn]] void refuse_empty(const std::string& source) {
  const FileKind kind = kind_of_file(source);
  if (!kind.name.empty())
    throw InputError(
        {source, "is " + kind.name + ", not a stack of sections", "TIFF or PNG files; " + kind.advice});
  const auto others = other_images_in(source);
  if (others.empty()) throw InputError({source, "holds no sections", "TIFF or PNG files"});
  throw InputError(
      {source,
       fmt::format("holds no sections, but {} such as {}",
                   counted(narrow<std::int64_t>(others.size()), "image"), others.front().filename().string()),
       "TIFF or PNG files, which any program for images can make of them without loss"});
}

}  // namespace

std::vector<fs::path> find_source_files(const std::string& source) {
  std::error_code none;
  std::vector<fs::path> files;
  if (fs::is_directory(source, none))
    files = files_in_folder(source);
  else if (fs::exists(source, none))
    files = {source};
  else if (source.find_first_of("*?[") != std::string::npos)
    files = files_matching(source);
  else
    throw InputError({source, "there is no such file or folder", "a folder, a pattern or a TIFF file"});
  if (files.empty()) refuse_empty(source);
  return files;
}

std::vector<fs::path> other_images_in(const std::string& source) {
  std::vector<fs::path> others;
  std::error_code failed;
  if (!fs::is_directory(source, failed)) return others;
  for (fs::directory_iterator entry(source, failed), end; !failed && entry != end; entry.increment(failed)) {
    const fs::path& file = entry->path();
    if (!file.filename().string().starts_with('.') && names_other_image(file)) others.push_back(file);
  }
  std::sort(others.begin(), others.end());
  return others;
}

FileState state_of(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) throw InputError({file.string(), "is not there any more", ""});
  return {status.st_dev, status.st_ino, narrow<std::uint64_t>(status.st_size), status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec};
}

}  // namespace cleft
