#include "pipeline/detect/complete_files.hpp"

#include <filesystem>
#include <string>

#include "base/narrow.hpp"
#include "objects/files/object_table.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

std::int64_t bytes_of(const UnpublishedFile& file) {
  return narrow<std::int64_t>(std::filesystem::file_size(file.written()));
}

}  // namespace

void complete_files(const Communicator& comm, const SegmentJob& job, const SynapseFileContent& content,
                    Segmentation& done) {
  std::int64_t bytes = 0;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    const std::string table = object_table_csv(content.rows);
    complete_synapse_file(done.labels.written(), content, table);
    done.table = write_unpublished(job.table, table);
    bytes = bytes_of(done.labels) + bytes_of(done.table);
  });
  done.summary.bytes_written = comm.broadcast(bytes);
}

}  // namespace cleft
