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
#include "base/narrow.hpp"
#include "forest/predict/lone_voxels-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace cleft::HWY_NAMESPACE {
namespace {

using KeysAre = LaneMasks::KeysAre;

/// How far ahead a node is fetched where a batch is too large for the second-level cache.
constexpr std::size_t fetched_ahead = 32;

/// What a step has found out about the next group of the queue: its nodes, and which of all lanes go right.
struct Compared {
  HWY_ALIGN std::uint64_t nodes[group_size];
  HWY_ALIGN std::uint64_t right[group_size];
};

/// The codes of a word, of one channel.
template <KeysAre keys_are>
HWY_INLINE const std::int16_t* codes_of(std::uint32_t key, std::size_t channel, const std::int16_t* codes,
                                        std::size_t channels) {
  constexpr std::size_t together = LaneMasks::words_together, lanes = LaneMasks::lanes;
  const std::size_t low = key & 0xffU;
  if (keys_are == KeysAre::of_voxels) return codes + channel * (together * lanes) + low;
  return codes + ((low / together * channels + channel) * together + low % together) * lanes;
}

template <KeysAre keys_are, bool fetch>
HWY_INLINE void compare(const PackedNode* nodes, const std::int16_t* codes, std::size_t channels,
                        const std::uint32_t* keys, Compared& found) {
  const hn::CappedTag<std::int16_t, 32> d;
  HWY_UNROLL(4)
  for (std::size_t i = 0; i < group_size; ++i) {
    const std::uint32_t key = keys[i];
    // So far ahead keys may be old ones, which are fetched for in vain.
    if (fetch) hwy::Prefetch(nodes + (keys[i + fetched_ahead] >> 8U));
    std::uint64_t node = 0;
    std::memcpy(&node, nodes + (key >> 8U), sizeof(node));
    found.nodes[i] = node;
    const std::size_t channel = (node >> 16U) & 0xffU;
    const std::int16_t* of_word = codes_of<keys_are>(key, channel, codes, channels);
    const auto code = hn::Set(d, static_cast<std::int16_t>(node));
    auto* right = reinterpret_cast<std::uint8_t*>(&found.right[i]);
    for (std::size_t lane = 0; lane < LaneMasks::lanes; lane += hn::Lanes(d))
      store_bits(d, hn::Gt(hn::Load(d, of_word + lane), code), lane, right);
  }
}

/// \tparam large  Nodes are too many to stay near: they are fetched ahead. Many of them then see one voxel of
///                a word only, and such voxels are better walked apart. (With fewer nodes, telling them from
///                the others costs as much as it saves.)
template <KeysAre keys_are, bool large>
LaneMasks::Found walk_queue(const PackedNode* nodes, const std::int16_t* codes, std::size_t channels,
                            const LaneMasks::Queue& queue) {
  // A group is compared before the results of the one before it are read: a processor waits when it reads a
  // vector whose parts it has just written.
  std::array<Compared, 2> compared;
  constexpr bool lone_apart = lone_voxels_pay && large && keys_are == KeysAre::of_voxels;
  Appender<lone_apart> append(queue);
  std::size_t head = 0, waiting = 0, waiting_count = 0;
  for (unsigned turn = 0;; turn ^= 1U) {
    if (head > queue.restart) {
      const std::size_t moved = append.restart_from(waiting_count > 0 ? waiting : head);
      head -= moved;
      waiting -= std::min(waiting, moved);
    }
    const std::size_t count = std::min(group_size, append.tail() - head);
    if (count > 0) compare<keys_are, large>(nodes, codes, channels, queue.keys + head, compared[turn]);
    if (waiting_count > 0)
      append.children(waiting, waiting_count, compared[turn ^ 1U].nodes, compared[turn ^ 1U].right);
    else if (count == 0)
      break;
    waiting = head;
    waiting_count = count;
    head += count;
  }
  LaneMasks::Found found{append.reports(), 0};
  if constexpr (lone_apart) found.lone_reports = walk_lone(nodes, codes, queue, append.lone());
  return found;
}

LaneMasks::Found walk_batch(const PackedNode* nodes, std::size_t node_count, const std::int16_t* codes,
                            std::size_t channels, const LaneMasks::Queue& queue) {
  constexpr std::size_t nodes_near = 32768;
  const bool large = node_count > nodes_near;
  if (queue.keys_are == KeysAre::of_words) {
    const auto walk = large ? walk_queue<KeysAre::of_words, true> : walk_queue<KeysAre::of_words, false>;
    return walk(nodes, codes, channels, queue);
  }
  const auto walk = large ? walk_queue<KeysAre::of_voxels, true> : walk_queue<KeysAre::of_voxels, false>;
  return walk(nodes, codes, channels, queue);
}

}  // namespace
}  // namespace cleft::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft {
namespace {

HWY_EXPORT(walk_batch);

/// Vectors are stored and groups are read beyond the last entry.
constexpr std::size_t slack = 64;
constexpr std::size_t restart_after = 4096;

}  // namespace

// Masks of one word and tree are disjoint, so at any time there are at most as many entries as voxels go
// through trees. A voxel becomes alone at most once in a tree, and comes to one leaf.
LaneMasks::LaneMasks(std::size_t words, std::size_t trees, KeysAre keys_are) : keys_are_(keys_are) {
  const std::size_t most = words * lanes * trees, length = restart_after + most + slack;
  const std::size_t max_lone = (keys_are == KeysAre::of_voxels ? most : 0) + slack;
  masks_ = hwy::AllocateAligned<std::uint64_t>(length);
  keys_ = hwy::AllocateAligned<std::uint32_t>(length);
  report_masks_ = hwy::AllocateAligned<std::uint64_t>(most + slack);
  report_keys_ = hwy::AllocateAligned<std::uint32_t>(most + slack);
  lone_ = hwy::AllocateAligned<std::uint32_t>(max_lone);
  lone_reports_ = hwy::AllocateAligned<std::uint32_t>(max_lone);
  if (!masks_ || !keys_ || !report_masks_ || !report_keys_ || !lone_ || !lone_reports_)
    throw std::bad_alloc();
  std::fill_n(keys_.get(), length, 0U);
}

void LaneMasks::walk(std::span<const PackedNode> nodes, std::span<const PackedRoot> roots,
                     const std::int16_t* codes, std::size_t channels, std::span<const std::uint64_t> live) {
  Queue queue{keys_are_,           masks_.get(),       keys_.get(), 0,           restart_after,
              report_masks_.get(), report_keys_.get(), 0,           lone_.get(), lone_reports_.get()};
  const std::size_t step = keys_are_ == KeysAre::of_voxels ? lanes : 1;
  for (const PackedRoot& root : roots)
    for (std::size_t word = 0; word < live.size(); ++word) {
      if (live[word] == 0 || (root.is_leaf && !root.counts)) continue;
      std::size_t& count = root.is_leaf ? queue.reported : queue.begun;
      (root.is_leaf ? queue.report_masks : queue.masks)[count] = live[word];
      (root.is_leaf ? queue.report_keys : queue.keys)[count++] =
          root.place << 8U | narrow<std::uint32_t>(word * step);
    }
  std::fill_n(keys_.get() + queue.begun, slack, 0U);
  found_ = queue.begun == 0
               ? Found{queue.reported, 0}
               : HWY_DYNAMIC_DISPATCH(walk_batch)(nodes.data(), nodes.size(), codes, channels, queue);
}

}  // namespace cleft
#endif  // HWY_ONCE
