#include "pipeline/review/objects_at.hpp"

#include "blocks/ownership.hpp"
#include "parallel/agree.hpp"
#include "pipeline/run/stored_labels.hpp"

namespace cleft {

std::vector<std::uint64_t> objects_at(const Communicator& comm, const FinishedRun& run,
                                      std::span<const GlobalVoxel> places) {
  std::vector<std::uint64_t> mine;
  all_or_throw(comm, [&] {
    const NumberRange range = owned_range(std::ssize(places), comm.rank(), comm.size());
    if (range.begin == range.end) return;
    const StoredLabels labels(run.files.synapses, run.recipe.contains("candidates"));
    for (std::int64_t n = range.begin; n < range.end; ++n)
      mine.push_back(labels.objects_in(box_at(places[to_size(n)], {1, 1, 1}))(0, 0, 0));
  });
  return comm.broadcast(comm.gather(std::span<const std::uint64_t>(mine)));
}

}  // namespace cleft
