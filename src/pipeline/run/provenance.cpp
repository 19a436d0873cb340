#include "pipeline/run/provenance.hpp"

#include <fstream>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/files/atomic_file.hpp"
#include "base/version.hpp"

namespace cleft {
namespace {

std::string utc_text(std::time_t time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

}  // namespace

Provenance::Provenance(std::filesystem::path file) : file_(std::move(file)) {
  std::ifstream in(file_);
  if (in) content_ = nlohmann::json::parse(in, nullptr, false);
  if (!content_.is_object()) content_ = nlohmann::json::object();
  content_["cleft"] = {{"version", version()}, {"revision", source_revision()}};
}

void Provenance::set(const std::string& section, nlohmann::json content) {
  content["finished"] = utc_text(std::time(nullptr));
  content_[section] = std::move(content);
  write_file_atomically(file_, content_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace cleft
