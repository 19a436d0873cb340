#include "pipeline/train/distributed_samples.hpp"

#include "base/narrow.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

/// The boxes of each rank, one rank after the other, and where each rank's begin.
struct SharedBoxes {
  std::vector<std::size_t> numbers;
  std::vector<std::size_t> first{0};  // [rank] in `numbers`; the last is their count
  std::span<const std::size_t> of_rank(std::size_t rank) const {
    return std::span(numbers).subspan(first[rank], first[rank + 1] - first[rank]);
  }
};

SharedBoxes share(const std::vector<CoverBox>& boxes, const SampleInput& input, int ranks) {
  const auto rank_of = share_boxes(boxes, input.features.halo(), input.image.front().extent(), ranks);
  SharedBoxes shared;
  for (int rank = 0; rank < ranks; ++rank) {
    for (std::size_t b = 0; b < boxes.size(); ++b)
      if (rank_of[b] == rank) shared.numbers.push_back(b);
    shared.first.push_back(shared.numbers.size());
  }
  return shared;
}

}  // namespace

Samples compute_samples(const Communicator& comm, const SampleInput& input, const RankResources& resources,
                        const std::stop_token& stop) {
  std::vector<CoverBox> boxes;
  SharedBoxes shared;
  SampleRows rows;
  all_or_throw(comm, [&] {
    boxes = plan_boxes(input, resources);
    shared = share(boxes, input, comm.size());
    const auto mine = shared.of_rank(to_size(comm.rank()));
    Progress progress("features", row_count(boxes, mine), comm.is_root(), "labelled voxels");
    rows = compute_rows(input, boxes, mine, resources.threads, progress, stop);
  });
  rows.values = comm.broadcast(comm.gather(std::span<const float>(rows.values)));
  const auto ranges = comm.all_gather(rows.grey);
  for (const ValueRange& of_rank : ranges) rows.grey.add(of_rank);
  return assemble(input, boxes, shared.numbers, rows);
}

}  // namespace cleft
