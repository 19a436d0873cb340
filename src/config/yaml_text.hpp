#pragma once

#include <string>

#include <yaml-cpp/yaml.h>

namespace cleft {

/// The one YAML document in a text. A configuration is a map of values on one line each, and of lists and
/// maps in brackets: what YAML has beyond that is refused, because it is a slip of the hand far more often
/// than meant, and changes the meaning of all that follows: quotes, brackets and texts that go on over
/// several lines (a forgotten closing quote swallows the keys up to the next quote), references, tags, tabs.
///
/// \param text  UTF-8, perhaps with a byte order mark; lines end as on Unix, Windows or old Macs.
/// \param name  Of what the text comes from, for messages.
/// \param line_numbers  Whether messages name lines: "run.yaml:3".
/// \throws ConfigError naming the line at which something begins that is not ended, or that is no YAML
YAML::Node parse_yaml(const std::string& text, const std::string& name, bool line_numbers = true);

}  // namespace cleft
