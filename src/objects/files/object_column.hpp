#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cleft {

/// One column of the table of a synapse file (synapse_file.hpp), by the numbers of the synapses. Other
/// columns may be there or not: it reads tables of other versions too. Not collective.
///
/// \returns Nothing where the file has no such table, or the table no such column.
/// \throws  InputError when the column holds no numbers or unknown_core, or two rows have one id; IoError
///          when the file cannot be read.
std::optional<std::map<std::uint64_t, double>> read_object_column(const std::filesystem::path& file,
                                                                  const std::string& column);

/// The names of the columns that hold numbers of floating point, in the table's order: what objects can be
/// ranked by. None where there is no table.
/// \throws IoError when the file cannot be read.
std::vector<std::string> measured_columns(const std::filesystem::path& file);

}  // namespace cleft
