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

/// Coordinates travel between ranks in 32 bits.
constexpr std::int64_t axis_limit = std::int64_t{1} << 31;

/// \throws InternalError when the blocks are not those this rank owns.
void check_blocks(const Communicator& comm, const BlockGrid& grid, std::span<const LabelledBlock> blocks) {
  const NumberRange own = owned_range(grid.count(), comm.rank(), comm.size());
  if (narrow<std::int64_t>(blocks.size()) != own.size())
    throw InternalError(std::to_string(blocks.size()) + " blocks labelled by a rank that owns " +
                        std::to_string(own.size()));
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    const Extent core = grid.owned(own.begin + narrow<std::int64_t>(n)).extent();
    if (blocks[n].runs.extent() != core)
      throw InternalError("runs of " + to_string(blocks[n].runs.extent()) + " for a block of " +
                          to_string(core));
  }
}

/// How many local components the rank's earlier blocks have, for each of its blocks, and of all its blocks at
/// the end.
std::vector<std::size_t> numbered_through(std::span<const LabelledBlock> blocks) {
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

GlobalLabels label_across_blocks(const Communicator& comm, const BlockGrid& grid,
                                 std::span<const LabelledBlock> owned_blocks, Connectivity connectivity) {
  all_or_throw(comm, [&] {
    check_axis_lengths(grid.volume(), "volume");
    check_blocks(comm, grid, owned_blocks);
  });

  auto first_of_block = numbered_through(owned_blocks);
  const LabelOwners owners(comm.all_gather<std::uint64_t>(first_of_block.back()));
  std::vector<Label> first_labels(first_of_block.begin(), first_of_block.end());
  for (Label& label : first_labels) label += owners.begin(comm.rank());

  auto seams = exchange_seams(comm, grid, owned_blocks, first_labels, connectivity);
  auto merged = merge(comm, owners, std::move(seams));
  return {owners, std::move(first_of_block), std::move(merged)};
}

}  // namespace cleft
