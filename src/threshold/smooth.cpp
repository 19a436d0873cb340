#include "threshold/smooth.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "blocks/tile_grid.hpp"
#include "features/convolve.hpp"
#include "features/gaussian.hpp"
#include "threshold/tuning.hpp"

namespace cleft {
namespace {

/// Where the Gaussian ends, in sigmas: as in the features' presmoothing.
constexpr double window = 3.5;

template <class Stored>
void convert(const View3<const Stored>& stored, const View3<float>& probabilities) {
  const Extent& extent = stored.extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      std::transform(stored.row(z, y), stored.row(z, y) + extent.x, probabilities.row(z, y),
                     [](Stored v) { return stored_probability(v); });
}

/// Voxels along x that are read for a tile, as far as the padded box has them.
std::int64_t width_read(std::int64_t padded_x, std::int64_t halo_x) {
  return std::min(tuning::smooth_tile_width + 2 * halo_x, padded_x);
}

/// A thread's memory for a tile of a section: its probabilities as numbers, then smoothed along x.
struct SectionScratch {
  SectionScratch(const Extent& owned, const Extent& padded, std::int64_t halo_x)
      : numbers(Array3<float>::uninitialized({1, padded.y, width_read(padded.x, halo_x)})),
        along_x(Array3<float>::uninitialized({1, padded.y, std::min(tuning::smooth_tile_width, owned.x)})) {}

  Array3<float> numbers, along_x;
};

/// Smooths columns of one section along x, then y.
/// \param begin   Where `result` begins in `padded`.
/// \param result  Of one section, at most tuning::smooth_tile_width wide.
template <class Stored>
void smooth_in_section(const View3<const Stored>& padded, const LocalVoxel& begin, const View3<float>& result,
                       const PerAxis<Kernel>& kernels, SectionScratch& scratch) {
  const std::int64_t width = result.extent().x, rows = padded.extent().y, halo = kernels.x.radius();
  const std::int64_t first = std::max<std::int64_t>(begin.x - halo, 0);
  const Extent read{1, rows, std::min(begin.x + width + halo, padded.extent().x) - first};
  const View3<float> numbers(scratch.numbers.data(), read), along_x(scratch.along_x.data(), {1, rows, width});
  convert(padded.part({begin.z, 0, first}, read), numbers);
  // A row is cut off only where the kernel cannot reach from `result`, so that reflecting there changes
  // nothing.
  convolve(numbers, {0, 0, begin.x - first}, along_x, 2, kernels.x);
  convolve(along_x, {0, begin.y, 0}, result, 1, kernels.y);
}

/// Smooths along x and y what lies in the owned box's range of y and x, in all padded sections.
/// \returns The padded box's sections, each of the owned box's rows and columns.
template <class Stored>
Array3<float> smooth_in_sections(const View3<const Stored>& padded, const LocalVoxel& owned_begin,
                                 const Extent& owned, const PerAxis<Kernel>& kernels, int threads) {
  auto sections = Array3<float>::uninitialized({padded.extent().z, owned.y, owned.x});
  const TileGrid tiles(sections.extent(), {1, owned.y, tuning::smooth_tile_width});
  run_on_threads(tiles.count(), threads, [&]() -> std::function<void(std::int64_t)> {
    const auto scratch = std::make_shared<SectionScratch>(owned, padded.extent(), kernels.x.radius());
    return [&, scratch](std::int64_t number) {
      const LocalBox tile = tiles.tile(number);
      smooth_in_section(padded, {tile.begin.z, owned_begin.y, owned_begin.x + tile.begin.x},
                        sections.view().part(tile.begin, tile.extent()), kernels, *scratch);
    };
  });
  return sections;
}

/// Smooths along z.
/// \param sections  See smooth_in_sections.
/// \param first     The section where the owned box begins.
Array3<float> smooth_across_sections(const View3<const float>& sections, std::int64_t first,
                                     const Extent& owned, const Kernel& kernel, int threads) {
  auto result = Array3<float>::uninitialized(owned);
  const TileGrid tiles(owned, {owned.z, tuning::smooth_tile_rows, tuning::smooth_tile_width});
  run_on_threads(tiles.count(), threads, [&](std::int64_t number) {
    const LocalBox tile = tiles.tile(number);  // all sections
    convolve(sections, {first, tile.begin.y, tile.begin.x}, result.view().part(tile.begin, tile.extent()), 0,
             kernel);
  });
  return result;
}

}  // namespace

Extent smoothing_halo(const PerAxis<double>& sigma) {
  return {kernel_radius(sigma.z, window), kernel_radius(sigma.y, window), kernel_radius(sigma.x, window)};
}

template <class Stored>
Array3<float> smooth(const View3<const Stored>& padded, const LocalVoxel& owned_begin, const Extent& owned,
                     const PerAxis<double>& sigma, int threads) {
  const PerAxis<Kernel> kernels{gaussian_kernel(0, sigma.z, window), gaussian_kernel(0, sigma.y, window),
                                gaussian_kernel(0, sigma.x, window)};
  const Array3<float> sections = smooth_in_sections(padded, owned_begin, owned, kernels, threads);
  return smooth_across_sections(sections.view(), owned_begin.z, owned, kernels.z, threads);
}

template Array3<float> smooth(const View3<const std::uint8_t>&, const LocalVoxel&, const Extent&,
                              const PerAxis<double>&, int);
template Array3<float> smooth(const View3<const float>&, const LocalVoxel&, const Extent&,
                              const PerAxis<double>&, int);

std::int64_t smoothing_bytes(const Extent& owned, const Extent& padded, const PerAxis<double>& sigma,
                             int threads) {
  using Numbers = Array3<float>;
  const std::int64_t scratch = Numbers::memory({1, padded.y, width_read(padded.x, smoothing_halo(sigma).x)}) +
                               Numbers::memory({1, padded.y, std::min(tuning::smooth_tile_width, owned.x)});
  return Numbers::memory({padded.z, owned.y, owned.x}) + Numbers::memory(owned) + threads * scratch;
}

}  // namespace cleft
