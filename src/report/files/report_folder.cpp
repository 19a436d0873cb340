#include "report/files/report_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto format_name = "cleft report";
constexpr int format_version = 1;

[[noreturn]] void fail(const fs::path& path, const std::error_code& error) {
  throw IoError(
      {path.string(), "cannot be written (" + error.message() + ")", "a place that can be written to"});
}

/// The mark's content, of whatever version; nothing where there is none.
std::optional<json> mark_in(const fs::path& folder) {
  const fs::path mark = folder / report_mark;
  if (!is_there(mark)) return std::nullopt;
  constexpr std::size_t max_bytes = 1U << 24U;
  const json content =
      json::parse(read_regular_file(mark, "the mark of a report", max_bytes), nullptr, false);
  if (!content.is_object() || content.value("format", json()) != format_name) return std::nullopt;
  return content;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether a report has a file of this name, relative to its folder.
bool is_of_report(const fs::path& name) {
  constexpr std::array names{report_mark,    "index.html",    "report.js",     "report.css",
                             "LICENCES.txt", "data/table.js", "data/scene.js", "pictures/overview.jpg"};
  if (std::find(names.begin(), names.end(), name.generic_string()) != names.end()) return true;
  const bool is_numbered = is_number(name.stem().native());
  return is_numbered && ((name.parent_path() == "data/meshes" && name.extension() == ".js") ||
                         (name.parent_path() == "pictures" && name.extension() == ".jpg"));
}

/// The first file in a folder that no report has.
std::optional<fs::path> foreign_file(const fs::path& folder) {
  std::vector<fs::path> foreign;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path name = entry.path().lexically_relative(folder);
    const bool is_folder = entry.is_directory() && !entry.is_symlink();
    const bool is_known =
        is_folder ? name == "data" || name == "data/meshes" || name == "pictures" : is_of_report(name);
    if (!is_known) foreign.push_back(name);
  }
  if (foreign.empty()) return std::nullopt;
  return *std::min_element(foreign.begin(), foreign.end());
}

/// Removes the folders that killed processes have left under temporary names of this one, as far as they hold
/// nothing but files of a report.
void remove_leftover_folders(const fs::path& folder) {
  for (const fs::path& leftover : leftovers_of(folder)) {
    std::error_code ignored;
    if (fs::is_directory(fs::symlink_status(leftover, ignored)) && !foreign_file(leftover))
      fs::remove_all(leftover, ignored);
  }
}

}  // namespace

std::string report_mark_text(const json& made_from) {
  const json mark{{"format", format_name}, {"version", format_version}, {"made_from", made_from}};
  return mark.dump(2, ' ', true, json::error_handler_t::replace) + "\n";
}

std::optional<json> report_made_from(const fs::path& folder) {
  const auto mark = mark_in(folder);
  // As JSON: a version that is no number is another version.
  if (!mark || mark->value("version", json()) != format_version || !mark->contains("made_from"))
    return std::nullopt;
  return (*mark)["made_from"];
}

void check_may_replace_report(const fs::path& folder) {
  std::error_code unknown;
  if (fs::symlink_status(folder, unknown).type() == fs::file_type::not_found) return;
  if (!fs::is_directory(fs::symlink_status(folder, unknown)) || !mark_in(folder))
    throw InputError({folder.string(), "is there, and is no report of cleft",
                      "a report that may be replaced, or nothing; move it elsewhere"});
  if (const auto foreign = foreign_file(folder))
    throw InputError({(folder / *foreign).string(), "is in the report that is to be replaced, and not of it",
                      "only what cleft report wrote; move it elsewhere"});
}

void check_is_report(const fs::path& folder) {
  std::error_code unknown;
  if (fs::status(folder, unknown).type() == fs::file_type::not_found) return;
  if (!fs::is_directory(folder, unknown) || !mark_in(folder))
    throw InputError({folder.string(), "is there, and is no report of cleft",
                      "the report of this run, or nothing; move it elsewhere"});
}

UnpublishedFolder::UnpublishedFolder(fs::path folder)
    : folder_(std::move(folder)), written_(temporary_name(folder_)) {
  remove_leftover_folders(folder_);
  std::error_code error;
  for (const fs::path& part : {written_, written_ / "data", written_ / "data/meshes", written_ / "pictures"})
    if (!fs::create_directory(part, error)) fail(folder_, error);
}

UnpublishedFolder::~UnpublishedFolder() {
  std::error_code ignored;
  if (!written_.empty()) fs::remove_all(written_, ignored);
}

void UnpublishedFolder::publish() {
  check_may_replace_report(folder_);
  std::error_code error;
  fs::path earlier;
  if (is_there(folder_)) {
    earlier = temporary_name(folder_);
    fs::rename(folder_, earlier, error);
    if (error) fail(folder_, error);
  }
  fs::rename(written_, folder_, error);
  if (error) {
    std::error_code lost;
    if (!earlier.empty()) fs::rename(earlier, folder_, lost);
    fail(folder_, error);
  }
  written_.clear();
  sync_folder_of(folder_);
  if (!earlier.empty()) fs::remove_all(earlier, error);
}

void write_report_file(const fs::path& file, std::string_view content) {
  errno = 0;
  std::ofstream out(file, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) fail(file, {errno == 0 ? EIO : errno, std::generic_category()});
}

}  // namespace cleft
