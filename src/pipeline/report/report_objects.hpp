#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "parallel/communicator.hpp"
#include "pipeline/report/report_input.hpp"
#include "report/chosen.hpp"
#include "report/contrast.hpp"
#include "report/scene.hpp"

namespace cleft {

/// What comes of the chosen objects beside their files, on rank 0.
struct ReportedObjects {
  Scene scene;
  std::vector<std::string> figures;  ///< object_figure of those that the page shows without a script
  std::int64_t sampled = 0;          ///< surfaces of objects too large to be read voxel by voxel
  std::int64_t bytes = 0;            ///< of the objects' files
};

/// Makes the pictures and surfaces of the chosen objects and writes data/meshes/ID.js and pictures/ID.jpg.
/// Ranks share the objects out by place, so that few chunks of a volume are read twice; on each rank some
/// objects at a time are read, and then worked on by its threads. The files' bytes depend on the run and the
/// options alone. Collective over `comm`.
///
/// \param folder  Of the report, with data/meshes and pictures in it.
/// \throws CollectiveError when a volume cannot be read or a file cannot be written.
ReportedObjects report_objects(const Communicator& comm, const FinishedRun& run, const Chosen& chosen,
                               const Contrast& contrast, const std::filesystem::path& folder);

/// Where the volume lies, in nm: the near border of its first voxel, and the far border of its last.
PerAxis<double> volume_begin_nm(const FinishedRun& run);
PerAxis<double> volume_end_nm(const FinishedRun& run);

/// Why a run's report has no surfaces; empty where it has.
std::string why_no_surfaces(const FinishedRun& run);

/// The rows that a rank makes pictures of: a share of them that lie side by side.
/// \param rows   Of the table.
/// \param ranks  How many share them.
/// \returns     By place: in cubes of 128 voxels, and in these as in the table.
std::vector<std::size_t> rows_of_rank(std::vector<std::size_t> rows, const std::vector<Synapse>& table,
                                      int rank, int ranks);

}  // namespace cleft
