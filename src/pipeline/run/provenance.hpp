#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace cleft {

/// How a run's results came about: the content of run.json, one section per stage or subject, beside version
/// and revision of cleft. Sections that an earlier run into the same directory wrote stay until they are set
/// again, so that a run that skips what is done keeps what is known about it. For one rank; not collective.
class Provenance {
 public:
  /// \param file  run.json. It need not exist; one that is not what this class writes is replaced.
  explicit Provenance(std::filesystem::path file);

  /// Replaces a section and writes the file.
  /// \throws IoError
  void set(const std::string& section, nlohmann::json content);

  const nlohmann::json& content() const { return content_; }

 private:
  std::filesystem::path file_;
  nlohmann::json content_;
};

}  // namespace cleft
