#include "forest/predict/lane_masks.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include <hwy/cache_control.h>

// Compiled once per SIMD target; the one the processor has is chosen at run time.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "forest/predict/lane_masks.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "forest/predict/lane_masks-inl.hpp"
#include "forest/predict/lone_voxels-inl.hpp"
#include "base/narrow.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::forest::HWY_NAMESPACE {
namespace {

using Addressing = LaneMasks::Addressing;

/// What a step has found out about the next entries of the queue: their nodes, and which of all lanes go
/// right.
struct Compared {
  HWY_ALIGN std::uint64_t nodes[entries_at_once];
  HWY_ALIGN std::uint64_t right[entries_at_once];
};

/// The codes of a word, of one channel.
template <Addressing addressing>
HWY_INLINE const std::int16_t* codes_of(std::uint32_t address, std::size_t channel, const std::int16_t* codes,
                                        std::size_t channels) {
  constexpr std::size_t together = words_together, lanes = LaneMasks::lanes;
  const std::size_t low = address & 0xffU;
  if (addressing == Addressing::by_voxel) return codes + channel * (together * lanes) + low;
  return codes + ((low / together * channels + channel) * together + low % together) * lanes;
}

/// Stores which lanes of a word have a code above this one.
HWY_INLINE void store_lanes_above(const std::int16_t* of_word, std::int16_t code, std::uint64_t& right) {
#if HWY_ARCH_X86 && HWY_MAX_BYTES == 32  // AVX2
  const __m256i least = _mm256_set1_epi16(code);
  const auto above = [&](std::size_t lane) HWY_ATTR {
    return _mm256_cmpgt_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(of_word + lane)), least);
  };
  // Two vectors become one of bytes, whose middle quarters change places, and whose signs are the bits.
  const auto bits = [&](std::size_t lane) HWY_ATTR {
    const __m256i bytes = _mm256_packs_epi16(above(lane), above(lane + 16));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(bytes, 0xd8)));
  };
  right = bits(0) | std::uint64_t{bits(32)} << 32U;
#else
  const hn::CappedTag<std::int16_t, 32> d;
  const auto least = hn::Set(d, code);
  auto* bytes = reinterpret_cast<std::uint8_t*>(&right);
  for (std::size_t lane = 0; lane < LaneMasks::lanes; lane += hn::Lanes(d))
    store_bits(d, hn::Gt(hn::Load(d, of_word + lane), least), lane, bytes);
#endif
}

template <Addressing addressing, bool fetch>
HWY_INLINE void compare(const PackedNode* nodes, const std::int16_t* codes, std::size_t channels,
                        const std::uint32_t* addresses, Compared& found) {
  HWY_UNROLL(4)
  for (std::size_t i = 0; i < entries_at_once; ++i) {
    const std::uint32_t address = addresses[i];
    // So far ahead there may be no entry: an address of the past is fetched for then, which does no harm.
    if (fetch) hwy::Prefetch(nodes + (addresses[i + fetched_ahead] >> 8U));
    std::uint64_t node = 0;
    std::memcpy(&node, nodes + (address >> 8U), sizeof(node));
    found.nodes[i] = node;
    const std::size_t channel = (node >> 16U) & 0xffU;
    const std::int16_t* of_word = codes_of<addressing>(address, channel, codes, channels);
    store_lanes_above(of_word, static_cast<std::int16_t>(node), found.right[i]);
  }
}

/// \tparam large  There are too many nodes to stay in the cache: they are fetched ahead. Many of them then
///                see one voxel of a word only, and such voxels are better walked apart. (With fewer nodes,
///                telling them from the others costs as much as it saves.)
template <Addressing addressing, bool large>
LaneMasks::Found walk_queue(const PackedNode* nodes, const std::int16_t* codes, std::size_t channels,
                            const LaneMasks::Queue& queue) {
  // The next entries are compared before the results of those before them are read: a processor waits when it
  // reads a vector whose parts it has just written.
  std::array<Compared, 2> compared;
  constexpr bool lone_apart = lone_voxels_pay && large && addressing == Addressing::by_voxel;
  Appender<lone_apart> append(queue);
  std::size_t head = 0, waiting = 0, waiting_count = 0;
  for (unsigned turn = 0;; turn ^= 1U) {
    if (head > queue.restart) {
      const std::size_t moved = append.restart_from(waiting_count > 0 ? waiting : head);
      head -= moved;
      waiting -= std::min(waiting, moved);
    }
    const std::size_t count = std::min(entries_at_once, append.tail() - head);
    if (count > 0) compare<addressing, large>(nodes, codes, channels, queue.addresses + head, compared[turn]);
    if (waiting_count > 0)
      append.children(waiting, waiting_count, compared[turn ^ 1U].nodes, compared[turn ^ 1U].right);
    else if (count == 0)
      break;
    waiting = head;
    waiting_count = count;
    head += count;
  }
  LaneMasks::Found found{append.arrivals(), 0};
  if constexpr (lone_apart)
    found.lone_arrivals = walk_lone(nodes, codes, queue.lone, queue.lone_arrivals, append.lone());
  return found;
}

LaneMasks::Found walk_bundle(const PackedNode* nodes, std::size_t node_count, const std::int16_t* codes,
                             std::size_t channels, const LaneMasks::Queue& queue) {
  const bool large = node_count > nodes_near;
  if (queue.addressing == Addressing::by_word) {
    const auto walk = large ? walk_queue<Addressing::by_word, true> : walk_queue<Addressing::by_word, false>;
    return walk(nodes, codes, channels, queue);
  }
  const auto walk = large ? walk_queue<Addressing::by_voxel, true> : walk_queue<Addressing::by_voxel, false>;
  return walk(nodes, codes, channels, queue);
}

}  // namespace
}  // namespace cleft::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft::forest {
namespace {

HWY_EXPORT(walk_bundle);

/// Room behind the last entry: whole vectors are stored there, and addresses are read fetched_ahead.
constexpr std::size_t slack = 64;
static_assert(slack >= entries_at_once + fetched_ahead);

}  // namespace

// Masks of one word and tree are disjoint, so at any time there are at most as many entries as voxels go
// through trees. A voxel becomes alone at most once in a tree, and comes to one leaf.
LaneMasks::LaneMasks(std::size_t words, std::size_t trees, Addressing addressing) : addressing_(addressing) {
  const std::size_t most = words * lanes * trees, length = entries_until_restart + most + slack;
  const std::size_t max_lone = (addressing == Addressing::by_voxel ? most : 0) + slack;
  masks_ = hwy::AllocateAligned<std::uint64_t>(length);
  addresses_ = hwy::AllocateAligned<std::uint32_t>(length);
  arrival_masks_ = hwy::AllocateAligned<std::uint64_t>(most + slack);
  arrival_addresses_ = hwy::AllocateAligned<std::uint32_t>(most + slack);
  lone_ = hwy::AllocateAligned<std::uint32_t>(max_lone);
  lone_arrivals_ = hwy::AllocateAligned<std::uint32_t>(max_lone);
  if (!masks_ || !addresses_ || !arrival_masks_ || !arrival_addresses_ || !lone_ || !lone_arrivals_)
    throw std::bad_alloc();
  std::fill_n(addresses_.get(), length, 0U);
}

void LaneMasks::walk(std::span<const PackedNode> nodes, std::span<const PackedRoot> roots,
                     const std::int16_t* codes, std::size_t channels, std::span<const std::uint64_t> live) {
  Queue queue{addressing_,           masks_.get(),         addresses_.get(),         0,
              entries_until_restart, arrival_masks_.get(), arrival_addresses_.get(), 0,
              lone_.get(),           lone_arrivals_.get()};
  const std::size_t step = addressing_ == Addressing::by_voxel ? lanes : 1;
  for (const PackedRoot& root : roots)
    for (std::size_t word = 0; word < live.size(); ++word) {
      if (live[word] == 0 || (root.is_leaf && !root.counts)) continue;
      std::size_t& count = root.is_leaf ? queue.arrived : queue.begun;
      (root.is_leaf ? queue.arrival_masks : queue.masks)[count] = live[word];
      (root.is_leaf ? queue.arrival_addresses : queue.addresses)[count++] =
          root.place << 8U | narrow<std::uint32_t>(word * step);
    }
  std::fill_n(addresses_.get() + queue.begun, slack, 0U);
  found_ = queue.begun == 0
               ? Found{queue.arrived, 0}
               : HWY_DYNAMIC_DISPATCH(walk_bundle)(nodes.data(), nodes.size(), codes, channels, queue);
}

}  // namespace cleft::forest
#endif  // HWY_ONCE
