#include "components/distributed/label_across_blocks.hpp"

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "blocks/ownership.hpp"
#include "components/distributed/exchange_seams.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

/// Coordinates travel between ranks in 32 bits (LayerRun).
constexpr std::int64_t axis_limit = std::int64_t{1} << 31;

/// \throws InternalError when the blocks are not those this rank owns.
void check_blocks(const Communicator& comm, const BlockGrid& grid, std::span<const LabelledBlock> blocks) {
  const NumberRange own = owned_range(grid.count(), comm.rank(), comm.size());
  if (narrow<std::int64_t>(blocks.size()) != own.size())
    throw InternalError(std::to_string(blocks.size()) + " blocks labelled by a rank that owns " +
                        std::to_string(own.size()));
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    const Extent owned = grid.owned(own.begin + narrow<std::int64_t>(n)).extent();
    if (blocks[n].runs.extent() != owned)
      throw InternalError("runs of " + to_string(blocks[n].runs.extent()) + " for a block of " +
                          to_string(owned));
  }
}

/// For each of the rank's blocks, how many local components the rank's earlier blocks have; at the end, how
/// many all its blocks have.
std::vector<std::size_t> numbers_before(std::span<const LabelledBlock> blocks) {
  std::vector<std::size_t> first(1, 0);
  first.reserve(blocks.size() + 1);
  for (const LabelledBlock& block : blocks) first.push_back(first.back() + block.component_count);
  return first;
}

}  // namespace

void check_axis_lengths(const Extent& volume, const std::string& subject) {
  if (volume.z >= axis_limit || volume.y >= axis_limit || volume.x >= axis_limit)
    throw InputError({.subject = subject,
                      .found = "is " + to_string(volume),
                      .expected = "fewer than 2^31 voxels along each axis"});
}

GlobalComponents label_across_blocks(const Communicator& comm, const BlockGrid& grid,
                                     std::span<const LabelledBlock> owned_blocks, Connectivity connectivity) {
  all_or_throw(comm, [&] {
    check_axis_lengths(grid.volume(), "volume");
    check_blocks(comm, grid, owned_blocks);
  });

  auto first_of_block = numbers_before(owned_blocks);
  const IdOwners owners(comm.all_gather<std::uint64_t>(first_of_block.back()));
  std::vector<ProvisionalId> first_ids(first_of_block.begin(), first_of_block.end());
  for (ProvisionalId& id : first_ids) id += owners.begin(comm.rank());

  auto seams = exchange_seams(comm, grid, owned_blocks, first_ids, connectivity);
  auto merged = merge(comm, owners, std::move(seams));
  return {owners, std::move(first_of_block), std::move(merged)};
}

}  // namespace cleft
