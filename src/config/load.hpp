#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "config/config.hpp"

namespace cleft {

/// Reads a configuration from its text. Not collective.
///
/// \param text  The YAML file's content.
/// \param file  The file's name, for messages; relative paths in `text` start at its folder.
/// \param sets  Each "section.key=value" with the value in YAML; they override the file, later ones earlier
///              ones. Relative paths in them start at the current folder.
/// \throws      ConfigError "<file>:<line>: <key>: ..." for an unknown or repeated key, a value of a wrong
///              type or out of range, and values that contradict each other.
Config parse_config(const std::string& text, const std::filesystem::path& file,
                    std::span<const std::string> sets = {});

/// A configuration with some values replaced. Not collective.
///
/// \param assignments  As `sets` above; of keys that stand for each other the later one counts.
/// \param option       What gave them, for messages: "--sweep".
/// \throws             ConfigError likewise.
Config with_values(Config config, std::span<const std::string> assignments, const std::string& option);

/// The same as parse_config, from a file. Not collective.
/// \throws ConfigError as above; InputError when there is no such file; IoError when it cannot be read.
Config load_config(const std::filesystem::path& file, std::span<const std::string> sets = {});

/// The whole content of a file.
/// \throws InputError when there is no such file; IoError when it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace cleft
