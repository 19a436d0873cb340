#include "pipeline/evaluate/report_files.hpp"

#include <fstream>
#include <string>

#include <fmt/format.h>

#include "base/files/atomic_file.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "objects/judge/curve_picture.hpp"

namespace cleft {
namespace {

/// The first lines of a text file.
std::string beginning_of(const std::filesystem::path& file, int lines) {
  std::ifstream in(file);
  std::string text, line;
  for (int n = 0; n < lines && std::getline(in, line); ++n) text += line + "\n";
  return text;
}

std::filesystem::path picture_of(const std::filesystem::path& curve) {
  return std::filesystem::path(curve).replace_extension(".svg");
}

void check_json_target(const std::filesystem::path& json) {
  check_output_folder(json);
  check_replaces_only(json, "report of cleft evaluate", [](const std::filesystem::path& file) {
    std::ifstream in(file);
    return is_report(in);
  });
}

void check_curve_targets(const std::filesystem::path& curve) {
  check_output_folder(curve);
  check_replaces_only(curve, "curve of cleft evaluate", [](const std::filesystem::path& file) {
    return beginning_of(file, 1).ends_with(fmt::format(",{}\n", curve_columns));
  });
  check_replaces_only(picture_of(curve), "picture of a curve of cleft evaluate",
                      [](const std::filesystem::path& file) {
                        return beginning_of(file, 2).ends_with(fmt::format("{}\n", curve_picture_mark));
                      });
}

}  // namespace

void check_report_targets(const EvaluateOptions& options) {
  if (options.json) check_json_target(*options.json);
  if (options.curve) check_curve_targets(*options.curve);
}

void write_reports(const EvaluateOptions& options, const Evaluation& evaluation) {
  if (options.json) write_file_atomically(*options.json, to_json(evaluation));
  if (!options.curve || !evaluation.curve) return;
  write_file_atomically(*options.curve, curve_csv(*evaluation.curve));
  write_file_atomically(picture_of(*options.curve), curve_svg(*evaluation.curve));
}

}  // namespace cleft
