#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "objects/measure.hpp"
#include "objects/synapse.hpp"

namespace cleft {

// The file of a run's synapses, synapses.h5: `/labels`, a volume of uint32 (uint64 beyond 4 billion
// synapses) in which a synapse's voxels have its number and all others 0; `/candidates`, the same of
// candidates, where any were asked for; `/objects`, the object table of both; where its cores are unknown,
// `/measured_cores`, those of the core_ratio that was thresholded by (object x core_size, count, largest);
// and, as attributes of the file, the recipe (base/recipe.hpp) of both and the length and checksum of the
// table's CSV file. It stands behind a seal (io/sealed_file.hpp): one flipped bit anywhere is found. Nothing
// here is collective.

/// The datasets of the labels of synapses and of candidates.
inline constexpr auto labels_dataset = "/labels";
inline constexpr auto candidates_dataset = "/candidates";

/// What stands in the file beside the labels.
struct SynapseFileContent {
  nlohmann::json recipe;
  std::vector<Synapse> rows;  ///< of the table, in the order of their numbers
  /// From which decisive ratio on the table has every object of a fitting size; infinite where none were kept
  /// but synapses.
  double complete_from = 0;
  /// [row] its cores at the core_ratio that was thresholded by, where those of the row are unknown; else
  /// empty.
  std::vector<CoreSums> measured_cores{};
  /// Where people have judged the objects, what they say (objects/files/object_table.hpp).
  std::optional<std::vector<std::string>> verdicts{};
};

/// Adds to a file that has its labels what else belongs in it, and seals it.
/// \param file   Closed, and opened by nobody else meanwhile; its first seal_bytes are free.
/// \param table  The CSV file that was made of the rows.
/// \throws IoError when it cannot be written.
void complete_synapse_file(const std::filesystem::path& file, const SynapseFileContent& content,
                           std::string_view table);

/// What a complete file was made from.
/// \throws InputError when it is missing or does not say so; IoError when it cannot be read.
nlohmann::json read_synapse_recipe(const std::filesystem::path& file);

/// SynapseFileContent::complete_from of a complete file; infinite where it does not say.
/// \throws as above
double read_complete_from(const std::filesystem::path& file);

/// The rows of a complete file's table.
/// \throws as above, also when the table is of another version of cleft
std::vector<Synapse> read_objects(const std::filesystem::path& file);

/// SynapseFileContent::measured_cores of a complete file.
/// \throws as above, also when they are not one for each row
std::vector<CoreSums> read_measured_cores(const std::filesystem::path& file);

/// SynapseFileContent::verdicts of a complete file.
/// \throws as read_objects
std::optional<std::vector<std::string>> read_object_verdicts(const std::filesystem::path& file);

/// How many synapses a complete file has, and candidates beside them.
struct ObjectCounts {
  std::int64_t synapses = 0, candidates = 0;
};

/// \throws as read_objects
ObjectCounts count_objects(const std::filesystem::path& file);

/// The text of the CSV file that belongs to a complete file, made anew from its rows. Nothing where it would
/// not be the text whose checksum the file has, as when another version of cleft wrote it.
/// \throws IoError when it cannot be read
std::optional<std::string> table_of(const std::filesystem::path& file);

/// Whether a finished file is what was written.
enum class Soundness {
  missing,
  sound,
  unknown,  ///< it is of cleft 0.1.0, which wrote no checksums
  damaged,  ///< or not of cleft
};

/// Whether a file's first line says that it is a synapse file; it may still be damaged. Not of 0.1.0.
bool begins_as_synapse_file(const std::filesystem::path& file);

/// Reads all bytes of a synapse file, fast: they are not decompressed. What cannot be read is damaged.
/// \param why  Where to put what is wrong with a damaged one; may be null.
Soundness check_synapse_file(const std::filesystem::path& file, std::string* why = nullptr);

/// Compares a table's CSV file with what its synapse file says of it.
/// \param file  Whose check_synapse_file is sound or unknown.
/// \throws InputError when the table is no regular file; IoError when it cannot be read.
Soundness check_table(const std::filesystem::path& table, const std::filesystem::path& file);

}  // namespace cleft
