#include "features/streams/streamed_filters.hpp"

#include <algorithm>
#include <optional>

#include "features/convolve.hpp"
#include "features/tuning.hpp"

namespace cleft::features {
namespace {

constexpr std::int64_t slab_sections = tuning::streamed_slab_sections;

AxisKernels kernels_of(const PerAxis<double>& sigmas, double factor = 1.0) {
  const auto of_axis = [&](double sigma) { return KernelSet::gaussian(factor * sigma, filter_window); };
  return {of_axis(sigmas.z), of_axis(sigmas.y), of_axis(sigmas.x)};
}

bool is_tensor(FeatureKind kind) {
  return kind == FeatureKind::structure_tensor_eigenvalues;
}

/// How far around a tile the features need the smoothed image.
Extent margin_of(const StreamPasses& passes) {
  return passes.reach;
}
Extent margin_of(const TensorStream::Plan& plan) {
  return plan.averaging.reach + plan.slopes.passes.reach;
}

Extent larger(const Extent& a, const Extent& b) {
  return {std::max(a.z, b.z), std::max(a.y, b.y), std::max(a.x, b.x)};
}

/// Pushes those rows of a slab that a stream needs.
template <class Stream>
void push_slab(const Patch& smoothed, const LocalBox& slab, Stream& stream) {
  const LocalBox& needed = stream.needed();
  const std::int64_t begin = std::max(slab.begin.z, needed.begin.z);
  const std::int64_t end = std::min(slab.end.z, needed.end.z);
  for (std::int64_t z = begin; z < end; ++z)
    for (std::int64_t y = needed.begin.y; y < needed.end.y; ++y)
      stream.push(z, y,
                  smoothed.values.row(z - smoothed.begin.z, y - smoothed.begin.y) + needed.begin.x -
                      smoothed.begin.x);
}

}  // namespace

StreamedFilters::StreamedFilters(const Scale& scale)
    : in_sections_({0.0, scale.presmoothing().y, scale.presmoothing().x}, presmoothing_window, 0),
      kernels_(kernels_of(scale.filter())),
      narrow_(kernels_of(scale.filter(), difference_ratio)),
      slope_kernels_(kernels_of(tensor_sigmas(scale, FilterDialect::ilastik).derivative)),
      averaging_kernels_(kernels_of(tensor_sigmas(scale, FilterDialect::ilastik).averaging)) {
  for (const int axis : {2, 1, 0})
    if (scale.active(axis)) axes_.push_back(axis);
  if (scale.active(0)) along_z_ = gaussian_kernel(0, scale.presmoothing().z, presmoothing_window);
}

Patch StreamedFilters::prepare(View3<const float> padded, const LocalBox& region, Arena& arena) const {
  const LocalBox sections = grown(region, {along_z_.radius(), 0, 0}, whole_array(padded.extent()));
  const View3<float> smoothed = arena.take(sections.extent());
  presmooth(padded, sections, in_sections_, smoothed, arena);
  return {smoothed, sections.begin};
}

std::int64_t StreamedFilters::prepared_floats(const Extent& region) const {
  return Arena::floats(with_sections(region));
}

std::int64_t StreamedFilters::prepare_floats(const Extent& region) const {
  return prepared_floats(region) + presmooth_floats(with_sections(region), in_sections_.reach);
}

/// The passes that make what these kinds need, the structure tensor left out.
StreamPlan StreamedFilters::derivative_plan(std::span<const FeatureKind> kinds) const {
  const auto has = [&](FeatureKind kind) { return std::ranges::find(kinds, kind) != kinds.end(); };
  const bool hessian = has(FeatureKind::hessian_of_gaussian_eigenvalues);
  const bool in_3d = axes_.size() == 3;
  std::vector<Orders> images{{0, 0}};
  if (hessian || has(FeatureKind::gaussian_gradient_magnitude)) {
    images.emplace_back(1, 0);
    if (in_3d) images.emplace_back(0, 1);
  }
  if (hessian || has(FeatureKind::laplacian_of_gaussian)) {
    images.emplace_back(2, 0);
    if (in_3d) images.emplace_back(0, 2);
  }
  if (hessian && in_3d) images.emplace_back(1, 1);
  const bool differs = has(FeatureKind::difference_of_gaussians);
  return plan_derivatives(axes_, kernels_, images, differs ? &narrow_ : nullptr);
}

TensorStream::Plan StreamedFilters::tensor_plan() const {
  std::vector<Orders> images{{0, 0}, {1, 0}};
  if (axes_.size() == 3) images.emplace_back(0, 1);
  const int entries = axes_.size() == 3 ? 6 : 3;
  return {.slopes = plan_derivatives(axes_, slope_kernels_, images, nullptr),
          .averaging = plan_smoothing(axes_, averaging_kernels_, entries),
          .last = &averaging_kernels_[axes_.back()]};
}

void StreamedFilters::run(const Patch& prepared, const LocalBox& tile, const Extent& limits,
                          std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const {
  const std::int64_t mark = arena.used();
  std::vector<FeatureOutput> of_derivatives;
  std::vector<FeatureKind> kinds;
  const FeatureOutput* tensor_output = nullptr;
  for (const FeatureOutput& output : outputs) {
    if (is_tensor(output.kind)) {
      tensor_output = &output;
      continue;
    }
    of_derivatives.push_back(output);
    kinds.push_back(output.kind);
  }
  const StreamPlan derivative_passes = derivative_plan(kinds);
  const TensorStream::Plan tensor_passes = tensor_plan();
  std::optional<DerivativeStream> derivatives;
  std::optional<TensorStream> tensor;
  Extent margin;
  if (!of_derivatives.empty()) {
    derivatives.emplace(derivative_passes, of_derivatives, sink, tile, limits, arena);
    margin = margin_of(derivative_passes.passes);
  }
  if (tensor_output) {
    tensor.emplace(tensor_passes, *tensor_output, sink, tile, limits, arena);
    margin = larger(margin, margin_of(tensor_passes));
  }

  const LocalBox around = grown(tile, margin, whole_array(limits));
  const View3<float> room =
      smooths_along_z() ? arena.take({slab_sections, around.extent().y, around.extent().x}) : View3<float>{};
  for (std::int64_t z = around.begin.z; z < around.end.z; z += slab_sections) {
    LocalBox slab = around;
    slab.begin.z = z;
    slab.end.z = std::min(z + slab_sections, around.end.z);
    Patch smoothed = prepared;
    if (smooths_along_z()) {
      const View3<float> smoothed_slab = room.part({0, 0, 0}, slab.extent());
      convolve(prepared.values, prepared.offset_of(slab), smoothed_slab, 0, along_z_);
      smoothed = {smoothed_slab, slab.begin};
    }
    if (derivatives) push_slab(smoothed, slab, *derivatives);
    if (tensor) push_slab(smoothed, slab, *tensor);
  }
  arena.release_to(mark);
}

std::int64_t StreamedFilters::slab_floats(const Extent& around) const {
  return smooths_along_z() ? Arena::floats({slab_sections, around.y, around.x}) : 0;
}

std::int64_t StreamedFilters::tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const {
  std::int64_t floats = 0;
  Extent margin;
  if (!std::ranges::all_of(kinds, is_tensor)) {
    const StreamPlan plan = derivative_plan(kinds);
    floats += DerivativeStream::floats(plan, tile);
    margin = margin_of(plan.passes);
  }
  if (!std::ranges::none_of(kinds, is_tensor)) {
    const TensorStream::Plan plan = tensor_plan();
    floats += TensorStream::floats(plan, tile);
    margin = larger(margin, margin_of(plan));
  }
  return floats + slab_floats(tile + 2 * margin);
}

}  // namespace cleft::features
