#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/h5/file.hpp"
#include "objects/synapse.hpp"

namespace cleft {

/// [row of a table] what people say of the object: a word of Verdict, or nothing where nobody has said
/// anything.
using Verdicts = std::vector<std::string>;
/// The column of these, behind the others where it is there, and the longest word's length.
inline constexpr auto verdict_column = "verdict";
inline constexpr std::size_t verdict_length = 6;

/// The object table as CSV: a header line with units in the names, then one line per synapse, '\n' at each
/// end. Numbers are the shortest that read back to the same double; values that need an unknown voxel size,
/// and cores that are unknown, are empty cells.
/// \param verdicts  [synapse] where not null, what stands in one more column (verdict_column).
std::string object_table_csv(const std::vector<Synapse>& synapses, const Verdicts* verdicts = nullptr);

/// Whether a column of this name tells of a synapse's cores, and may hold unknown_core.
bool is_core_column(std::string_view name);

/// The dataset of the object table.
inline constexpr auto objects_dataset = "/objects";

/// Writes the object table as a one-dimensional compound dataset `/objects`, its fields named as the CSV's
/// columns; values that need an unknown voxel size are NaN, unknown cores unknown_core. An empty table is a
/// dataset of length 0.
///
/// \param file      Opened for writing by this rank alone.
/// \param verdicts  As object_table_csv; in the file texts of verdict_length bytes, shorter ones end with 0.
/// \throws IoError when it cannot be written; InputError when a verdict is longer.
void write_object_table(h5::Group& file, const std::vector<Synapse>& synapses,
                        const Verdicts* verdicts = nullptr);

/// The rows of an object table, which may have verdicts. Bytes of a Synapse that no column has are 0.
/// \throws InputError when there is none or it has other columns than write_object_table writes; IoError when
///         it cannot be read.
std::vector<Synapse> read_object_table(const h5::Group& file);

/// The verdicts of an object table; nothing where it has no column of them.
/// \throws as above
std::optional<Verdicts> read_verdicts(const h5::Group& file);

}  // namespace cleft
