#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/box.hpp"
#include "base/files/publish.hpp"
#include "objects/size_filter.hpp"

namespace cleft {

// How a run's results came about: the content of run.json, which has a section for each stage beside the
// version and the revision of cleft. Nothing here is collective.

/// What the record of every stage has.
struct StageRecord {
  int ranks = 0, threads_per_rank = 0;
  std::int64_t memory_per_rank = 0;                ///< bytes: run.memory_per_rank
  std::vector<std::int64_t> peak_memory_of_ranks;  ///< [rank] bytes
  nlohmann::json recipe;                           ///< JSON object: all that decided the stage's result
  /// Inputs that were accepted in the place of those that the recipe names (--accept-input), in words.
  std::vector<std::string> accepted_inputs{};
  std::optional<std::string> finished;  ///< "2024-05-06T07:08:09Z"; set when it is stored
};

struct PredictRecord {
  StageRecord stage;
  double seconds = 0;
  std::int64_t blocks = 0, blocks_resumed = 0;  ///< of the volume; of these, found done
  Extent block;                                 ///< of a block's owned box
  std::int64_t voxels = 0;                      ///< searched by this run: inside the mask, over all ranks
  std::int64_t voxels_with_halo = 0;            ///< read by this run
  std::int64_t not_numbers = 0;                 ///< of `voxels`' blocks, halos left out: not usable, as NaN
  double halo_overhead = 0;                     ///< voxels read for each one computed
  std::int64_t bytes_read = 0, bytes_written = 0;
};

/// What a merge of components across blocks took.
struct MergeRecord {
  int phases = 0;
  std::int64_t exchanges = 0, bytes_sent = 0;
};

struct SegmentRecord {
  StageRecord stage;
  std::int64_t synapses = 0;
  std::int64_t candidates = 0;                         ///< kept beside them
  std::int64_t searched_voxels = 0;                    ///< of the volume: inside the mask, where there is one
  Extent block;                                        ///< of a block's owned box
  std::int64_t split_components = 0, split_parts = 0;  ///< components that are several objects; these
  std::vector<std::string> left_whole{};               ///< boxes of components too large to be split
  std::int64_t components_in_blocks = 0, cores_in_blocks = 0, components_merged = 0;
  /// Components of the volume that are no synapses, by the reason; in the file null where nobody has counted
  /// them: another core_ratio was followed by ranks alone.
  std::optional<DroppedCounts> dropped{};
  double highest_ratio = 0;  ///< of any voxel; in the file null where it is infinite
  MergeRecord merge, core_merge;
  std::int64_t bytes_read = 0, bytes_written = 0;
  double threshold_seconds = 0, merge_seconds = 0, split_seconds = 0, combine_seconds = 0, write_seconds = 0;
};

struct RunRecord {
  std::optional<PredictRecord> predict;
  std::optional<SegmentRecord> segment;
};

nlohmann::json to_json(const PredictRecord& record);
nlohmann::json to_json(const SegmentRecord& record);
/// Takes what it understands: a file may have been edited, or be of another version of cleft (0.1.0 has
/// `origin` for the recipe). What is missing, or of another type, keeps its default; a section that is there
/// is a record, whatever is in it.
RunRecord run_record_from_json(const nlohmann::json& content);

/// The record of the run that a file holds; an empty one where there is no file, or no JSON object in it.
/// \throws InputError when it is no regular file; IoError when it cannot be read.
RunRecord read_run_record(const std::filesystem::path& file);

/// The file run.json. Sections that an earlier run into the same directory wrote stay as they are until their
/// stage is recorded again, so that a run that skips what is done keeps what is known about it.
class RunRecordFile {
 public:
  /// \param file  run.json. It need not exist; one that is not a JSON object is replaced.
  explicit RunRecordFile(std::filesystem::path file);

  /// Replaces the stage's section and writes the file.
  /// \throws IoError
  void store(const PredictRecord& record);
  /// Replaces the stage's section and writes the file under its unfinished name, to be published together
  /// with the stage's results.
  /// \throws IoError
  UnpublishedFile write_unpublished(const SegmentRecord& record);

 private:
  void set(const std::string& section, nlohmann::json content);
  std::string text() const;

  std::filesystem::path file_;
  nlohmann::json content_;
};

}  // namespace cleft
