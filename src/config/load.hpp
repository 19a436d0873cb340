#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "config/config.hpp"

namespace cleft {

/// Reads the configuration from its text.
///
/// \param text  The YAML file's content.
/// \param file  The file's name, for messages; relative paths in `text` and in `sets` start at its folder.
/// \param sets  "section.key=value" each, value in YAML; they override the file in this order.
/// \throws      ConfigError "<file>:<line>: <key>: ..." for an unknown, doubled or missing key, a wrong type,
///              a value out of range and values that contradict each other.
Config parse_config(const std::string& text, const std::filesystem::path& file,
                    std::span<const std::string> sets = {});

/// As parse_config, from the file itself.
/// \throws InputError when there is no such file; IoError when it cannot be read
Config load_config(const std::filesystem::path& file, std::span<const std::string> sets = {});

/// A file's whole content.
/// \throws InputError when there is no such file; IoError when it cannot be read
std::string read_text(const std::filesystem::path& file);

}  // namespace cleft
