#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "config/config.hpp"
#include "objects/synapse.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/input_identity.hpp"
#include "pipeline/run/run_files.hpp"
#include "pipeline/run/run_record.hpp"
#include "pipeline/run/volume_facts.hpp"

namespace cleft {

/// A finished run whose results are what was written, and the volume that it was made of. The same on every
/// rank but for `record` and `configuration`, which only rank 0 has.
struct FinishedRun {
  RunFiles files;
  Config config;  ///< with the run directory as it was named
  VolumeFacts volume;
  nlohmann::json recipe;  ///< of the labels
  std::vector<Synapse> table;
  std::string table_checksum;  ///< of synapses.csv: 16 hexadecimal digits
  RunRecord record;
  std::string configuration;  ///< the text of run.yaml

  /// The volume's voxel size, or 1 where it is unknown.
  VoxelSize voxel_size_or_1() const { return volume.voxel_size.value_or(VoxelSize{1, 1, 1}); }
  PerAxis<double> offset_nm() const { return volume.offset().value_or(PerAxis<double>{}); }
};

/// The configuration that a run directory holds, with values set anew. Rank 0 reads it. Collective over
/// `comm`.
/// \param sets  As of parse_config.
/// \throws CollectiveError when the directory is none that detect made, or a value cannot be used.
Config config_of_run(const Communicator& comm, const std::filesystem::path& directory,
                     std::span<const std::string> sets);

/// Looks whether a run is finished, whether its labels and its table are what was written, and whether the
/// volume is still the one that it was made of. Collective over `comm`.
/// \param config  Names the run directory.
/// \param other   What to do where the volume is another one now.
/// \throws CollectiveError when the run is not finished, its results are damaged, or the volume is another
///         one or cannot be read.
FinishedRun open_finished_run(const Communicator& comm, const Config& config, OtherInput other);

/// The same of a run whose grey values nobody needs: they may be anywhere by now, and are not looked at.
/// `volume` is what the labels say of it: its extent, its voxel size and where it lies; `path` is theirs.
/// Collective over `comm`.
/// \throws CollectiveError when the run is not finished, or its results are damaged.
FinishedRun open_run_results(const Communicator& comm, const Config& config);

/// The checksum of synapses.csv, by which reviews and reports know a run: 16 hexadecimal digits. Not
/// collective.
/// \throws IoError when it cannot be read.
std::string checksum_of_table(const RunFiles& files);

/// \throws InputError where the table is another one by now: somebody has run detect meanwhile. Not
///         collective.
void check_is_same_run(const FinishedRun& run);

}  // namespace cleft
