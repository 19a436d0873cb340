#include "threshold/smooth.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include "base/narrow.hpp"
#include "base/threads.hpp"
#include "blocks/block_grid.hpp"
#include "features/convolve.hpp"
#include "features/gaussian.hpp"

namespace cleft {
namespace {

/// Of the Gaussian, in sigmas: the same as the features' presmoothing.
constexpr double window = 3.5;

/// Voxels along x that are worked on at a time: whole vectors, and few enough for a core's cache.
constexpr std::int64_t piece_width = 256;
/// Rows per section that are worked on at a time along z.
constexpr std::int64_t piece_rows = 4;

template <class Stored>
void convert(const View3<const Stored>& stored, const View3<float>& probabilities) {
  const Extent& extent = stored.extent();
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      std::transform(stored.row(z, y), stored.row(z, y) + extent.x, probabilities.row(z, y),
                     [](Stored v) { return stored_probability(v); });
}

/// Voxels along x that a piece reads, as far as the padded box has them.
std::int64_t width_read(std::int64_t padded_x, std::int64_t halo_x) {
  return std::min(piece_width + 2 * halo_x, padded_x);
}

/// Where a piece of a section comes to lie while it is smoothed: as numbers, then smoothed along x.
struct SectionScratch {
  SectionScratch(const Extent& core, const Extent& padded, std::int64_t halo_x)
      : numbers(Array3<float>::uninitialized({1, padded.y, width_read(padded.x, halo_x)})),
        along_x(Array3<float>::uninitialized({1, padded.y, std::min(piece_width, core.x)})) {}

  Array3<float> numbers, along_x;
};

/// Smooths columns of one section along x, then y.
/// \param begin   Where `result` lies in `padded`.
/// \param result  Of one section, at most piece_width wide.
template <class Stored>
void smooth_in_section(const View3<const Stored>& padded, const LocalVoxel& begin, const View3<float>& result,
                       const PerAxis<Kernel>& kernels, SectionScratch& scratch) {
  const std::int64_t width = result.extent().x, rows = padded.extent().y, halo = kernels.x.radius();
  const std::int64_t first = std::max<std::int64_t>(begin.x - halo, 0);
  const Extent read{1, rows, std::min(begin.x + width + halo, padded.extent().x) - first};
  const View3<float> numbers(scratch.numbers.data(), read), along_x(scratch.along_x.data(), {1, rows, width});
  convert(padded.part({begin.z, 0, first}, read), numbers);
  // What is cut off of a row here is further from `result` than the kernel reaches, reflected or not.
  convolve(numbers, {0, 0, begin.x - first}, along_x, 2, kernels.x);
  convolve(along_x, {0, begin.y, 0}, result, 1, kernels.y);
}

/// Smooths all padded sections of the core's columns along x and y.
template <class Stored>
Array3<float> smooth_in_sections(const View3<const Stored>& padded, const LocalVoxel& core_begin,
                                 const Extent& core, const PerAxis<Kernel>& kernels, int threads) {
  auto sections = Array3<float>::uninitialized({padded.extent().z, core.y, core.x});
  const BlockGrid pieces(sections.extent(), {1, core.y, piece_width}, {});
  run_on_threads(pieces.count(), threads, [&]() -> std::function<void(std::int64_t)> {
    const auto scratch = std::make_shared<SectionScratch>(core, padded.extent(), kernels.x.radius());
    return [&, scratch](std::int64_t number) {
      const Box piece = pieces.owned(number);
      smooth_in_section(padded, {piece.begin.z, core_begin.y, core_begin.x + piece.begin.x},
                        sections.view().part({piece.begin.z, 0, piece.begin.x}, piece.extent()), kernels,
                        *scratch);
    };
  });
  return sections;
}

/// Smooths along z.
/// \param first  The section where the core begins.
Array3<float> smooth_across_sections(const View3<const float>& sections, std::int64_t first,
                                     const Extent& core, const Kernel& kernel, int threads) {
  auto result = Array3<float>::uninitialized(core);
  const BlockGrid pieces(core, {core.z, piece_rows, piece_width}, {});
  run_on_threads(pieces.count(), threads, [&](std::int64_t number) {
    const Box piece = pieces.owned(number);
    const LocalVoxel begin{0, piece.begin.y, piece.begin.x};
    convolve(sections, {first, begin.y, begin.x}, result.view().part(begin, piece.extent()), 0, kernel);
  });
  return result;
}

}  // namespace

Extent smoothing_halo(const PerAxis<double>& sigma) {
  return {kernel_radius(sigma.z, window), kernel_radius(sigma.y, window), kernel_radius(sigma.x, window)};
}

template <class Stored>
Array3<float> smooth(const View3<const Stored>& padded, const LocalVoxel& core_begin, const Extent& core,
                     const PerAxis<double>& sigma, int threads) {
  const PerAxis<Kernel> kernels{gaussian_kernel(0, sigma.z, window), gaussian_kernel(0, sigma.y, window),
                                gaussian_kernel(0, sigma.x, window)};
  const Array3<float> sections = smooth_in_sections(padded, core_begin, core, kernels, threads);
  return smooth_across_sections(sections.view(), core_begin.z, core, kernels.z, threads);
}

template Array3<float> smooth(const View3<const std::uint8_t>&, const LocalVoxel&, const Extent&,
                              const PerAxis<double>&, int);
template Array3<float> smooth(const View3<const float>&, const LocalVoxel&, const Extent&,
                              const PerAxis<double>&, int);

std::int64_t smoothing_bytes(const Extent& core, const Extent& padded, const PerAxis<double>& sigma,
                             int threads) {
  constexpr auto number_bytes = narrow<std::int64_t>(sizeof(float));
  const std::int64_t scratch =
      padded.y * (width_read(padded.x, smoothing_halo(sigma).x) + std::min(piece_width, core.x));
  return (padded.z * core.y * core.x + voxel_count(core) + threads * scratch) * number_bytes;
}

}  // namespace cleft
