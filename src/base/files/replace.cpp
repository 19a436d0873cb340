#include "base/files/replace.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"

namespace cleft {

void check_may_replace(const std::filesystem::path& output, bool force, std::string_view with) {
  std::error_code unknown;  // a circle of links is found when it is written to
  if (!std::filesystem::exists(output, unknown)) return;
  if (!force)
    throw InputError({output.string(), fmt::format("is there already{}{}", with.empty() ? "" : ", ", with),
                      "a new name, or --force to replace the whole file"});
  check_regular_file(output, "a new name, or a file to replace");
}

void check_replaces_only(const std::filesystem::path& output, std::string_view kind,
                         const std::function<bool(const std::filesystem::path&)>& is_one,
                         std::string_view instead) {
  std::error_code unknown;
  if (!std::filesystem::exists(output, unknown)) return;
  check_regular_file(output, fmt::format("{}, or a {} to replace", instead, kind));
  if (!is_one(output))
    throw InputError({output.string(), fmt::format("is there already and is no {}", kind),
                      fmt::format("{}, or a {} to replace", instead, kind)});
}

}  // namespace cleft
