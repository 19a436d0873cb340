#include "io/sections/image_stack.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>
#include <glob.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/sections/section_names.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

std::string lower_extension(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

/// Images in a folder; what else lies there (notes, hidden files) is not the stack's.
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
  return files;
}

std::vector<fs::path> find_files(const std::string& source) {
  std::error_code none;
  if (fs::is_directory(source, none)) return files_in_folder(source);
  if (fs::exists(source, none)) return {source};
  if (source.find_first_of("*?[") != std::string::npos) return files_matching(source);
  throw InputError({source, "there is no such file or folder", "a folder, a pattern or a TIFF file"});
}

}  // namespace

SectionList list_sections(const std::string& source) {
  std::vector<fs::path> files = find_files(source);
  if (files.empty()) throw InputError({source, "holds no sections", "TIFF or PNG files"});
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
  check_numbering(files);
  SectionList list;
  for (const fs::path& file : files) {
    const auto image = open_section_image(file);
    if (list.files.empty()) {
      const SectionShape first = image->shape(0);
      list.height = first.height;
      list.width = first.width;
      list.type = first.type;
    }
    const std::int64_t pages = image->page_count();
    for (std::int64_t page = 0; page < pages; ++page) {
      list.files.push_back(file.string());
      list.pages.push_back(page);
    }
  }
  return list;
}

void SectionReader::read_section(std::int64_t z, std::span<std::byte> out) {
  const auto index = to_size(z);
  const std::string& file = list_.files.at(index);
  if (file != open_file_) {
    image_ = open_section_image(file);
    open_file_ = file;
  }
  const std::int64_t page = list_.pages.at(index);
  const SectionShape shape = image_->shape(page);
  if (shape != list_.shape()) {
    const std::string subject = page == 0 ? file : fmt::format("{} page {}", file, page + 1);
    throw InputError({subject, "is " + to_string(shape),
                      to_string(list_.shape()) + " as the first section, " + list_.files[0]});
  }
  image_->read(page, out);
}

}  // namespace cleft
