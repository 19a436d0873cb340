#include "features/passes/derivatives.hpp"

#include "base/narrow.hpp"
#include "features/convolve.hpp"
#include "features/vigra/vigra_convolve.hpp"

namespace cleft {
namespace {

void convolve_any(View3<const float> in, const LocalVoxel& first, View3<float> out, int axis,
                  const AnyKernel& kernel) {
  std::visit([&](const auto& k) { convolve(in, first, out, axis, k); }, kernel);
}

/// One call of derive, as it works its way through the axes.
struct Passes {
  const Region& region;
  const Extent& limits;
  const SeparableKernels& kernels;
  std::span<const Derivative> wanted;
  Arena& arena;

  bool is_last(std::size_t pass) const { return pass + 1 == kernels.axes.size(); }

  /// Whether a wanted derivative has these orders along the axes of the first `passes` passes.
  bool needed(const Derivative& derivative, const PerAxis<int>& order, std::size_t passes) const {
    for (std::size_t p = 0; p < passes; ++p)
      if (derivative.order[kernels.axes[p]] != order[kernels.axes[p]]) return false;
    return true;
  }

  /// What the passes after this one need.
  Region region_after(std::size_t pass) const {
    Extent margin;
    for (std::size_t p = pass + 1; p < kernels.axes.size(); ++p)
      margin[kernels.axes[p]] = kernels.reach[kernels.axes[p]];
    return grown(region, margin, limits);
  }

  /// Convolves along the axis of this pass with each order that is needed, and goes on with the next axis.
  /// \param order  Of the passes already done.
  void run(std::size_t pass, const Patch& image, PerAxis<int> order) const {
    const int axis = kernels.axes[pass];
    const Region next = region_after(pass);
    const std::int64_t mark = arena.used();
    const View3<float> shared = is_last(pass) ? View3<float>{} : arena.take(next.extent);
    const auto& of_order = kernels.of_axis[to_size(axis)];
    for (std::size_t o = 0; o < of_order.size(); ++o) {
      order[axis] = narrow<int>(o);
      bool done = false;
      for (const Derivative& derivative : wanted) {
        if (done || !needed(derivative, order, pass + 1)) continue;
        const View3<float> out = is_last(pass) ? derivative.out : shared;
        convolve_any(image.values, image.offset_of(next), out, axis, of_order[o]);
        if (!is_last(pass)) run(pass + 1, {out, next.begin}, order);
        done = true;
      }
    }
    arena.release_to(mark);
  }
};

}  // namespace

SeparableKernels::SeparableKernels(const PerAxis<double>& sigmas, double window, int max_order,
                                   std::optional<VigraArithmetic> vigra) {
  for (const int axis : {2, 1, 0}) {
    const double sigma = sigmas[axis];
    if (!(sigma > 0.0)) continue;
    axes.push_back(axis);
    reach[axis] = vigra ? vigra_kernel_radius(sigma, window) : kernel_radius(sigma, window);
    for (int order = 0; order <= max_order; ++order)
      of_axis[to_size(axis)].push_back(vigra ? AnyKernel(vigra_kernel(*vigra, order, sigma, window))
                                             : AnyKernel(gaussian_kernel(order, sigma, window)));
  }
}

void derive(const Patch& image, const Region& region, const Extent& limits, const SeparableKernels& kernels,
            std::span<const Derivative> wanted, Arena& arena) {
  Passes{region, limits, kernels, wanted, arena}.run(0, image, {});
}

std::int64_t derive_floats(const Extent& region, const SeparableKernels& kernels) {
  std::int64_t floats = 0;
  Extent between = region;  // what a pass leaves to the next one, from the last pass back
  for (std::size_t pass = kernels.axes.size(); pass-- > 1;) {
    between[kernels.axes[pass]] += 2 * kernels.reach[kernels.axes[pass]];
    floats += Arena::floats(between);
  }
  return floats;
}

void presmooth(View3<const float> padded, const Region& region, const SeparableKernels& kernels,
               View3<float> out, Arena& arena) {
  SeparableKernels within = kernels;  // x and y only
  if (within.axes.back() == 0) within.axes.pop_back();
  const bool along_z = kernels.reach.z > 0;  // else the kernel of z, if there is one, is the identity
  const Region sections = grown(region, {kernels.reach.z, 0, 0}, padded.extent());
  const std::int64_t mark = arena.used();
  const View3<float> smooth_sections = along_z ? arena.take(sections.extent) : out;
  const Extent one{1, sections.extent.y, sections.extent.x};
  for (std::int64_t z = 0; z < sections.extent.z; ++z) {
    const Derivative section{.order = {}, .out = smooth_sections.part({z, 0, 0}, one)};
    derive({padded, {}}, {sections.begin + Extent{z, 0, 0}, one}, padded.extent(), within,
           std::span(&section, 1), arena);
  }
  if (along_z)
    convolve_any(smooth_sections, Patch{smooth_sections, sections.begin}.offset_of(region), out, 0,
                 kernels.of_axis[0][0]);
  arena.release_to(mark);
}

std::int64_t presmooth_floats(const Extent& region, const Extent& reach) {
  const std::int64_t sections = reach.z > 0 ? Arena::floats(region + Extent{2 * reach.z, 0, 0}) : 0;
  return sections + Arena::floats({1, region.y + 2 * reach.y, region.x});
}

}  // namespace cleft
