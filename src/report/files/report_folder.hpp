#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace cleft {

// The folder of a report. It is filled beside its place under a name that nobody can guess and renamed when
// it is complete, so that whatever moment a process dies at, what stands under its name is whole. Nothing
// here is collective.

/// The file by which a report's folder is recognised: JSON with format, version and what it was made from.
inline constexpr auto report_mark = "cleft-report.json";

/// The content of report_mark.
/// \param made_from  All that decides the report's content, but for what was measured when results were made.
std::string report_mark_text(const nlohmann::json& made_from);

/// What a finished report was made from; nothing where there is no folder, or none of a report of this
/// version.
std::optional<nlohmann::json> report_made_from(const std::filesystem::path& folder);

/// Refuses to replace anything but an earlier report that holds nothing else than a report does: a file that
/// somebody has put there would be lost.
/// \throws InputError naming the folder, or the file in it.
void check_may_replace_report(const std::filesystem::path& folder);

/// Refuses what stands under a report's name and is none; nothing there is nothing to refuse.
/// \throws InputError naming the folder
void check_is_report(const std::filesystem::path& folder);

/// A folder that is filled under a temporary name. It goes with this object unless it was published.
class UnpublishedFolder {
 public:
  /// Makes it, with its sub-folders data, data/meshes and pictures, in the place of those that killed
  /// processes have left: nobody else may be filling one, see pipeline/run/run_lock.hpp.
  /// \param folder  The name that it is to get.
  /// \throws IoError
  explicit UnpublishedFolder(std::filesystem::path folder);
  ~UnpublishedFolder();
  UnpublishedFolder(const UnpublishedFolder&) = delete;
  UnpublishedFolder& operator=(const UnpublishedFolder&) = delete;

  const std::filesystem::path& written() const { return written_; }
  /// Gives it its name; an earlier report goes.
  /// \throws as check_may_replace_report; IoError
  void publish();

 private:
  std::filesystem::path folder_, written_;
};

/// Writes a new file of a folder that is not published yet.
/// \throws IoError naming the file and the reason
void write_report_file(const std::filesystem::path& file, std::string_view content);

}  // namespace cleft
