#pragma once

#include <cstddef>
#include <cstdint>

/// The numbers that the forest's speed depends on, and none of its results. They were chosen by measuring on
/// a core with 32 KiB of first-level and 1 MiB of second-level data cache (Zen 4), with forests of 100 trees
/// on 23 (2D) and 29 (3D) channels of 16-bit codes. The benchmarks named here are those of
/// tests/bench/forest_bench; "all" means predictor/dimensions:{3,2}/labels:{5000,50000}.
namespace cleft::forest {

/// Words (see LaneMasks) whose codes of one channel stand side by side, and that are walked together where
/// leaves are pure. Assumes first level: 4 words x 64 codes x 2 bytes x 29 channels = 15 KiB, half of it.
/// Shown by: all.
inline constexpr std::size_t words_together = 4;

/// Trees that words_together words are walked through together where leaves are pure. Assumes first level, as
/// above: with more trees the queue drives out the codes, with fewer there is too little to do side by side.
/// Shown by: all.
inline constexpr int trees_together = 16;

/// Words of a VotingBatch, which share the nodes of all trees. Assumes second level: 128 words x 64 codes x
/// 2 bytes x 29 channels = 464 KiB, half of it. Shown by: predictor/*/labels:50000.
inline constexpr std::size_t words_of_batch = 128;

/// Tiles that a volume is cut into where its channels are there as a whole: as many voxels as a batch has, in
/// rows as long as words of any shape like them. Assumes second level, as words_of_batch. Shown by: all.
inline constexpr std::int64_t tile_sections = 4, tile_rows = 16, tile_row = 128;
static_assert(tile_sections * tile_rows * tile_row == std::int64_t{words_of_batch} * 64);

/// Nodes that stay in the cache without being fetched ahead. Assumes second level: 32768 nodes x 8 bytes =
/// 256 KiB, a quarter of it. Shown by: predictor/*/labels:5000 (a bundle of 16 trees has fewer) against
/// labels:50000 (it has more).
inline constexpr std::size_t nodes_near = 32768;

/// How many entries of the queue ahead a node is fetched, where there are more than nodes_near: early enough
/// for the third-level cache to answer in time. Shown by: predictor/*/labels:50000.
inline constexpr std::size_t fetched_ahead = 32;

/// Entries of the queue that are worked on at once: what fits AVX-512's 16 lanes of 32-bit addresses. Shown
/// by: all.
inline constexpr std::size_t entries_at_once = 16;

/// Entries after which the queue is moved back to its beginning. Assumes second level: 4096 entries x 12
/// bytes = 48 KiB that are used over and over. Shown by: all.
inline constexpr std::size_t entries_until_restart = 4096;

/// Buckets per channel that values are looked up in to find their code. Assumes second level: 32768 buckets x
/// 2 bytes = 64 KiB for one channel at a time. Shown by: predictor/*/labels:50000, whose channels have most
/// thresholds.
inline constexpr std::size_t max_buckets = 32768;

/// Thresholds that a value is compared with at once after its bucket is found: a vector of AVX2. Shown by:
/// all.
inline constexpr std::size_t thresholds_at_once = 8;

/// Values of a row whose buckets are found before their codes: 64 floats and 64 buckets, 512 bytes of first
/// level. Shown by: all.
inline constexpr std::size_t values_at_once = 64;

/// Samples of a node up to which they are sorted to find its best threshold; of more, first those are left
/// out that cannot have it. Shown by: train/*/labels:{5000,50000}.
inline constexpr std::size_t samples_sorted_at_once = 512;

/// Samples of a node, on average, that are counted together to find out whether the best threshold may be
/// among them: with fewer there are more bounds to be found, with more these are looser. Shown by:
/// train/*/labels:50000.
inline constexpr std::size_t samples_per_bucket = 4;

/// Where a node has more than one sample in so many, ranks are read channel by channel, else sample by
/// sample. Assumes cache lines of 64 bytes: 16 ranks of a channel. Shown by: train/*/labels:50000.
inline constexpr std::size_t sparse_from = 8;

/// How many samples ahead their ranks are fetched. Shown by: train/*/labels:50000.
inline constexpr std::size_t ranks_fetched_ahead = 12;

/// Samples that are walked down a tree side by side, so that one waits for memory while the others go on: as
/// many as registers hold. Shown by: train/*/labels:50000.
inline constexpr std::size_t walks_together = 8;

}  // namespace cleft::forest
