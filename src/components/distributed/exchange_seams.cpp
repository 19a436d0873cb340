#include "components/distributed/exchange_seams.hpp"

#include <cstddef>

#include "base/narrow.hpp"
#include "blocks/ownership.hpp"
#include "components/seams.hpp"

namespace cleft {
namespace {

/// This rank's share of the blocks, addressed by block number.
struct OwnBlocks {
  const BlockGrid& grid;
  NumberRange numbers;
  std::span<const LabelledBlock> blocks;
  std::span<const Label> first_labels;

  Label first_label(std::int64_t number) const { return first_labels[to_size(number - numbers.begin)]; }
  std::vector<LayerRun> layer(std::int64_t number, const Extent& direction) const {
    return boundary_layer(blocks[to_size(number - numbers.begin)].runs, grid.owned(number), direction);
  }
};

/// One block's boundary layer on its way to the owner of the neighbour in this direction; its runs travel
/// separately.
struct LayerHeader {
  std::int64_t block;   // the sender's
  Extent direction;     // from it to the receiver's block
  Label first_label;    // of the sender's block
  std::uint64_t count;  // runs of the layer
};

/// Layers sorted by the rank they go to or come from: runs in the order of their headers.
struct Layers {
  std::vector<std::vector<LayerHeader>> headers;
  std::vector<std::vector<LayerRun>> runs;
};

/// Calls visit(block, direction, neighbour) for this rank's blocks and all their later neighbours.
template <class Visit>
void for_each_seam(const OwnBlocks& own, Connectivity connectivity, const Visit& visit) {
  for (std::int64_t block = own.numbers.begin; block < own.numbers.end; ++block) {
    for (const Extent& direction : forward_directions(connectivity)) {
      const BlockIndex neighbour = own.grid.index(block) + direction;
      if (own.grid.contains(neighbour)) visit(block, direction, own.grid.number(neighbour));
    }
  }
}

/// The layers that other ranks need to match them with their blocks. A layer without runs is not sent.
Layers layers_for_others(const OwnBlocks& own, Connectivity connectivity, int ranks) {
  const auto parts = to_size(ranks);
  Layers out{std::vector<std::vector<LayerHeader>>(parts), std::vector<std::vector<LayerRun>>(parts)};
  for_each_seam(own, connectivity, [&](std::int64_t block, const Extent& direction, std::int64_t neighbour) {
    if (own.numbers.contains(neighbour)) return;
    const auto layer = own.layer(block, direction);
    if (layer.empty()) return;
    const auto to = to_size(owner_of(neighbour, own.grid.count(), ranks));
    out.headers[to].push_back({block, direction, own.first_label(block), layer.size()});
    out.runs[to].insert(out.runs[to].end(), layer.begin(), layer.end());
  });
  return out;
}

/// Adds the pairs of labels that touch between a block, known by its layer, and its neighbour, a block of
/// this rank.
void match(std::span<const LayerRun> layer, Label first_label, const Extent& direction, const OwnBlocks& own,
           std::int64_t neighbour, Connectivity connectivity, std::vector<LabelPair>& seams) {
  if (layer.empty()) return;
  const Label neighbour_first = own.first_label(neighbour);
  const auto neighbour_layer = own.layer(neighbour, -1 * direction);
  for (const ComponentPair& pair : touching_components(layer, neighbour_layer, connectivity))
    seams.push_back({first_label + pair.here, neighbour_first + pair.there});
}

void match_own(const OwnBlocks& own, Connectivity connectivity, std::vector<LabelPair>& seams) {
  for_each_seam(own, connectivity, [&](std::int64_t block, const Extent& direction, std::int64_t neighbour) {
    if (!own.numbers.contains(neighbour)) return;
    match(own.layer(block, direction), own.first_label(block), direction, own, neighbour, connectivity,
          seams);
  });
}

void match_received(const OwnBlocks& own, const Layers& received, Connectivity connectivity,
                    std::vector<LabelPair>& seams) {
  for (std::size_t rank = 0; rank < received.headers.size(); ++rank) {
    std::span<const LayerRun> rest = received.runs[rank];
    for (const LayerHeader& header : received.headers[rank]) {
      const std::int64_t neighbour = own.grid.number(own.grid.index(header.block) + header.direction);
      match(rest.first(header.count), header.first_label, header.direction, own, neighbour, connectivity,
            seams);
      rest = rest.subspan(header.count);
    }
  }
}

}  // namespace

std::vector<LabelPair> exchange_seams(const Communicator& comm, const BlockGrid& grid,
                                      std::span<const LabelledBlock> owned_blocks,
                                      std::span<const Label> first_labels, Connectivity connectivity) {
  const OwnBlocks own{grid, owned_range(grid.count(), comm.rank(), comm.size()), owned_blocks, first_labels};
  Layers received;
  {
    const Layers out = layers_for_others(own, connectivity, comm.size());
    received = {comm.exchange(out.headers), comm.exchange(out.runs)};
  }
  std::vector<LabelPair> seams;
  match_received(own, received, connectivity, seams);
  match_own(own, connectivity, seams);
  return seams;
}

}  // namespace cleft
