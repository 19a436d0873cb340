#include "pipeline/convert/replace_volume.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "base/files/replace.hpp"
#include "base/log.hpp"
#include "io/volume/open_volume.hpp"

namespace cleft {
namespace {

constexpr std::size_t enough = 10, all = 10000;

/// "/labels, /raw"
std::string listed(std::vector<std::string> names) {
  const bool are_more = names.size() > enough;
  if (are_more) names.resize(enough);
  return fmt::format("{}{}", fmt::join(names, ", "), are_more ? ", ..." : "");
}

/// The datasets of a file; none where it is no file of volumes, or a damaged one.
std::vector<std::string> datasets_there(const std::filesystem::path& file) {
  if (!is_there(file)) return {};
  try {
    return names_in(file, all);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void check_may_replace_volume(const std::filesystem::path& file, bool force,
                              std::span<const std::string> written) {
  std::vector<std::string> there = datasets_there(file);
  check_may_replace(file, force, there.empty() ? "" : fmt::format("with {} in it", listed(there)));
  const auto is_written = [&](const std::string& name) {
    return std::find(written.begin(), written.end(), name) != written.end();
  };
  std::erase_if(there, is_written);
  if (!there.empty())
    log::warning("{}: is replaced as a whole (--force), and {} in it will be gone", file.string(),
                 listed(there));
}

}  // namespace cleft
