#include "base/files/replace.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft {

void check_may_replace(const std::filesystem::path& output, bool force) {
  if (!force && std::filesystem::exists(output))
    throw InputError({output.string(), "is there already", "a new name, or --force"});
}

void check_replaces_only(const std::filesystem::path& output, std::string_view kind,
                         const std::function<bool(const std::filesystem::path&)>& is_one,
                         std::string_view instead) {
  if (std::filesystem::exists(output) && !is_one(output))
    throw InputError({output.string(), fmt::format("is there already and is no {}", kind),
                      fmt::format("{}, or a {} to replace", instead, kind)});
}

}  // namespace cleft
