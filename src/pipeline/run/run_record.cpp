#include "pipeline/run/run_record.hpp"

#include <array>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/files/atomic_file.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "base/version.hpp"

namespace cleft {
namespace {

using nlohmann::json;

constexpr auto predict_section = "predict";
constexpr auto segment_section = "segment";

// Where each member stands in its section, for writing and reading: visit(path, member), the path a JSON
// pointer. `Record` is const or not.

template <class Record, class Visit>
void visit_stage(Record& stage, const Visit& visit) {
  visit("/ranks", stage.ranks);
  visit("/threads_per_rank", stage.threads_per_rank);
  visit("/memory_per_rank", stage.memory_per_rank);
  visit("/peak_memory_of_ranks", stage.peak_memory_of_ranks);
  visit("/recipe", stage.recipe);
  visit("/accepted_inputs", stage.accepted_inputs);
}

template <class Record, class Visit>
void visit_predict(Record& predict, const Visit& visit) {
  visit_stage(predict.stage, visit);
  visit("/seconds", predict.seconds);
  visit("/blocks", predict.blocks);
  visit("/blocks_resumed", predict.blocks_resumed);
  visit("/block", predict.block);
  visit("/voxels", predict.voxels);
  visit("/voxels_with_halo", predict.voxels_with_halo);
  visit("/not_numbers", predict.not_numbers);
  visit("/halo_overhead", predict.halo_overhead);
  visit("/bytes/read", predict.bytes_read);
  visit("/bytes/written", predict.bytes_written);
}

template <class Record, class Visit>
void visit_merge(Record& merge, const std::string& path, const Visit& visit) {
  visit(path + "/phases", merge.phases);
  visit(path + "/exchanges", merge.exchanges);
  visit(path + "/bytes_sent", merge.bytes_sent);
}

template <class Record, class Visit>
void visit_segment(Record& segment, const Visit& visit) {
  visit_stage(segment.stage, visit);
  visit("/synapses", segment.synapses);
  visit("/candidates", segment.candidates);
  visit("/searched_voxels", segment.searched_voxels);
  visit("/block", segment.block);
  visit("/split/components", segment.split_components);
  visit("/split/parts", segment.split_parts);
  visit("/split/left_whole", segment.left_whole);
  visit("/components_in_blocks", segment.components_in_blocks);
  visit("/cores_in_blocks", segment.cores_in_blocks);
  visit("/components_merged", segment.components_merged);
  visit("/dropped", segment.dropped);
  visit("/highest_ratio", segment.highest_ratio);
  visit_merge(segment.merge, "/merge", visit);
  visit_merge(segment.core_merge, "/core_merge", visit);
  visit("/bytes/read", segment.bytes_read);
  visit("/bytes/written", segment.bytes_written);
  visit("/seconds/threshold", segment.threshold_seconds);
  visit("/seconds/merge", segment.merge_seconds);
  visit("/seconds/split", segment.split_seconds);
  visit("/seconds/combine", segment.combine_seconds);
  visit("/seconds/write", segment.write_seconds);
}

/// Puts members into a section.
class Writer {
 public:
  explicit Writer(json& section) : section_(section) {}
  template <class T>
  void operator()(const std::string& path, const T& value) const {
    section_[json::json_pointer(path)] = value;
  }
  void operator()(const std::string& path, const Extent& e) const {
    section_[json::json_pointer(path)] = {e.z, e.y, e.x};
  }
  void operator()(const std::string& path, const std::optional<DroppedCounts>& dropped) const {
    json& at = section_[json::json_pointer(path)];
    if (!dropped) return;
    at = {
        {"no_core", dropped->no_core}, {"too_small", dropped->too_small}, {"too_large", dropped->too_large}};
  }

 private:
  json& section_;
};

/// Takes members from a section that may lack them.
class Reader {
 public:
  explicit Reader(const json& section) : section_(section) {}
  template <class T>
  void operator()(const std::string& path, T& value) const {
    try {
      value = section_.at(json::json_pointer(path)).get<T>();
    } catch (const json::exception&) {  // it is not there, or of another type: the default stays
      return;
    }
  }
  void operator()(const std::string& path, Extent& e) const {
    std::array<std::int64_t, 3> lengths{e.z, e.y, e.x};
    (*this)(path, lengths);
    e = {lengths[0], lengths[1], lengths[2]};
  }
  void operator()(const std::string& path, std::optional<DroppedCounts>& dropped) const {
    json counts;
    (*this)(path, counts);
    if (!counts.is_object()) return;
    const Reader read(counts);
    dropped.emplace();
    read("/no_core", dropped->no_core);
    read("/too_small", dropped->too_small);
    read("/too_large", dropped->too_large);
  }

 private:
  const json& section_;
};

/// What every section has that is read: also one of 0.1.0, and one that is no object.
void read_stage(const json& section, StageRecord& stage) {
  const Reader read(section);
  if (section.is_object() && !section.contains("recipe")) read("/origin", stage.recipe);
  std::string finished;
  read("/finished", finished);
  if (!finished.empty()) stage.finished = finished;
}

/// The file's JSON object; an empty one where there is none.
json content_of(const std::filesystem::path& file) {
  if (!is_there(file)) return json::object();
  constexpr std::size_t max_bytes = 1U << 30U;  // of hundreds of thousands of ranks
  const json content = json::parse(read_regular_file(file, "the record of a run", max_bytes), nullptr, false);
  return content.is_object() ? content : json::object();
}

}  // namespace

json to_json(const PredictRecord& record) {
  json section = json::object();
  visit_predict(record, Writer(section));
  if (record.stage.finished) section["finished"] = *record.stage.finished;
  return section;
}

json to_json(const SegmentRecord& record) {
  json section = json::object();
  visit_segment(record, Writer(section));
  if (record.stage.finished) section["finished"] = *record.stage.finished;
  return section;
}

RunRecord run_record_from_json(const json& content) {
  RunRecord record;
  if (!content.is_object()) return record;
  if (const auto section = content.find(predict_section); section != content.end()) {
    visit_predict(record.predict.emplace(), Reader(*section));
    read_stage(*section, record.predict->stage);
  }
  if (const auto section = content.find(segment_section); section != content.end()) {
    visit_segment(record.segment.emplace(), Reader(*section));
    read_stage(*section, record.segment->stage);
  }
  return record;
}

RunRecord read_run_record(const std::filesystem::path& file) {
  return run_record_from_json(content_of(file));
}

RunRecordFile::RunRecordFile(std::filesystem::path file)
    : file_(std::move(file)), content_(content_of(file_)) {
  content_["cleft"] = {{"version", version()}, {"revision", source_revision()}};
}

void RunRecordFile::store(const PredictRecord& record) {
  set(predict_section, to_json(record));
  write_file_atomically(file_, text());
}

UnpublishedFile RunRecordFile::write_unpublished(const SegmentRecord& record) {
  set(segment_section, to_json(record));
  return cleft::write_unpublished(file_, text());
}

void RunRecordFile::set(const std::string& section, json content) {
  content["finished"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  content_[section] = std::move(content);
}

std::string RunRecordFile::text() const {
  return content_.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace cleft
