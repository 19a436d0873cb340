#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/box.hpp"
#include "objects/synapse.hpp"
#include "report/chosen.hpp"
#include "report/scene.hpp"
#include "report/views.hpp"

namespace cleft {

// The data of a report's page: classic scripts with one call of cleft.load(kind, json) each, since a page
// that is opened from disk may load scripts and nothing else. The JSON is ASCII and has no "<": nothing in
// it, whatever a class is called, ends a script.

/// "cleft.load("object",{...});" of a JSON text that is ASCII.
std::string load_call(std::string_view kind, const std::string& ascii_json);

/// What the page knows of the run beside the table.
struct PageRun {
  std::string name;               ///< of the run directory
  std::string table_checksum;     ///< 16 hexadecimal digits
  std::string model_fingerprint;  ///< likewise
  Extent extent;
  std::optional<VoxelSize> voxel_size;
  PerAxis<double> offset_nm;
  std::vector<std::string> classes;
  std::string foreground;
  double core_ratio = 0, reference_ratio = 0;
  int sections = 0;  ///< XY pictures of an object
  bool surfaces = false;
  std::string surfaces_why{};  ///< there are none; empty where there are
};

/// table.js: every row and column of the table, and which objects have pictures.
std::string table_script(const PageRun& run, const std::vector<Synapse>& table, const Chosen& chosen);

/// What the page shows of one object.
struct PageObject {
  std::uint64_t id = 0;
  Sprite sprite;
  std::vector<std::string> outlines;  ///< [view of the sprite] outline_path
  std::optional<PackedSurface> surface{};
  std::int64_t voxels_per_step = 1;  ///< of what the surface was made of: more than 1 for a huge object
  PerAxis<double> normal{};          ///< Synapse::normal
};

/// meshes/ID.js
/// \param voxel_size  In nm; 1 where it is unknown.
std::string object_script(const PageObject& object, const VoxelSize& voxel_size,
                          const PerAxis<double>& offset_nm);

/// scene.js
std::string scene_script(const Scene& scene, const PerAxis<double>& box_begin_nm,
                         const PerAxis<double>& box_end_nm);

}  // namespace cleft
