#include "pipeline/review/object_runs.hpp"

#include <numeric>
#include <optional>
#include <span>

#include "base/array3.hpp"
#include "io/volume/label_values.hpp"
#include "io/volume/read_boxes.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/files/synapse_file.hpp"
#include "objects/judge/whole_objects.hpp"
#include "parallel/agree.hpp"
#include "pipeline/report/report_objects.hpp"

namespace cleft {
namespace {

/// Appends an object's runs, reading its box piece by piece.
void append_object(const VolumeReader& labels, const Synapse& row, std::vector<ObjectRun>& runs) {
  constexpr std::int64_t voxels_at_once = std::int64_t{1} << 20U;
  for (const Box& box : boxes_in_order(row.bounds, voxels_at_once)) {
    auto values = Array3<std::uint64_t>::uninitialized(box.extent());
    read_label_values(labels, box, values.view());
    for (std::uint64_t& value : values.voxels())
      if (value != row.id) value = 0;
    const View3<const std::uint64_t> view = values.view();
    append_runs(runs, view, box.begin);
  }
}

}  // namespace

std::vector<ObjectRun> runs_of_objects(const Communicator& comm, const FinishedRun& run) {
  std::vector<ObjectRun> mine;
  all_or_throw(comm, [&] {
    std::vector<std::size_t> rows(run.table.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    const VolumeReader synapses(run.files.label_volume());
    std::optional<VolumeReader> candidates;
    for (const std::size_t n : rows_of_rank(rows, run.table, comm.rank(), comm.size())) {
      const Synapse& row = run.table[n];
      if (row.accepted == 0 && !candidates)
        candidates.emplace(VolumePath{run.files.synapses, candidates_dataset});
      append_object(row.accepted != 0 ? synapses : *candidates, row, mine);
    }
  });
  std::vector<ObjectRun> all = comm.gather(std::span<const ObjectRun>(mine));
  join_pieces(all);
  return comm.broadcast(std::move(all));
}

}  // namespace cleft
