#include "features/passes/vigra_filters.hpp"

#include <algorithm>
#include <utility>

#include "base/narrow.hpp"
#include "features/passes/pointwise.hpp"
#include "features/vigra/vigra_eigenvalues.hpp"

namespace cleft {
namespace {

constexpr std::int64_t slab_sections = 8;

PerAxis<double> times(double factor, const PerAxis<double>& v) {
  return {factor * v.z, factor * v.y, factor * v.x};
}

/// Derivatives still to be made, each once, whichever features use it.
class Wanted {
 public:
  Wanted(const Extent& tile, Arena& arena) : tile_(tile), arena_(arena) {}

  /// The image of this derivative; has values after derive().
  View3<float> image(const PerAxis<int>& order) {
    for (const Derivative& d : list_)
      if (d.order == order) return d.out;
    return list_.emplace_back(Derivative{order, arena_.take(tile_)}).out;
  }
  /// The same, but placed where it is wanted in the end.
  /// \pre Not asked for before.
  void place(const PerAxis<int>& order, View3<float> out) { list_.push_back({order, out}); }
  std::span<const Derivative> list() const { return list_; }

 private:
  Extent tile_;
  Arena& arena_;
  std::vector<Derivative> list_;
};

PerAxis<int> along(int axis, int times = 1) {
  PerAxis<int> order;
  order[axis] = times;
  return order;
}

/// Calls visit(i, j) for the entries of a symmetric matrix's upper half, rows and columns in the order z, y,
/// x.
/// \param axes  In the order x, y, z.
template <class Visit>
void for_each_entry(const std::vector<int>& axes, Visit visit) {
  for (std::size_t i = axes.size(); i-- > 0;)
    for (std::size_t j = i + 1; j-- > 0;) visit(i, j);
}

/// Gives a slab's rows of a channel to the sink.
void hand_in(int channel, const View3<const float>& image, const LocalVoxel& begin, ChannelSink& sink) {
  if (channel == FeatureOutput::none) return;
  for (std::int64_t z = 0; z < image.extent().z; ++z)
    for (std::int64_t y = 0; y < image.extent().y; ++y) {
      const LocalVoxel first = begin + Extent{z, y, 0};
      std::copy_n(image.row(z, y), image.extent().x, sink.room(channel, first, image.extent().x));
      sink.take(channel, first, image.extent().x);
    }
}

}  // namespace

/// One feature of a slab, before its rows are handed in.
struct VigraFilters::FeatureImages {
  FeatureKind kind;
  std::array<View3<float>, 3> channels;
};

/// One slab's computation.
struct VigraFilters::Job {
  const VigraFilters& filters;
  const Patch& smoothed;
  const Region& slab;
  const Extent& limits;
  Arena& arena;
  Wanted wanted{slab.extent, arena};

  using Parts = std::vector<View3<const float>>;

  /// First (order 1) or second (order 2) derivatives along each axis, x first.
  Parts along_each_axis(int order) {
    Parts images;
    for (const int axis : filters.axes_) images.push_back(wanted.image(along(axis, order)));
    return images;
  }

  Parts hessian() {
    Parts entries;
    for_each_entry(filters.axes_, [&](std::size_t i, std::size_t j) {
      PerAxis<int> order = along(filters.axes_[i]);
      ++order[filters.axes_[j]];
      entries.push_back(wanted.image(order));
    });
    return entries;
  }

  /// What the feature is made of; the images have values once all features' images are known and derived.
  Parts ingredients(const FeatureImages& output) {
    switch (output.kind) {
      case FeatureKind::gaussian_smoothing:
        return {};
      case FeatureKind::laplacian_of_gaussian:
        return along_each_axis(2);
      case FeatureKind::gaussian_gradient_magnitude:
        return along_each_axis(1);
      case FeatureKind::difference_of_gaussians:
        return {wanted.image({})};
      case FeatureKind::structure_tensor_eigenvalues:
        return {};
      case FeatureKind::hessian_of_gaussian_eigenvalues:
        return hessian();
    }
    return {};
  }

  void difference_of_gaussians(View3<const float> wide, View3<float> out) const {
    const std::int64_t mark = arena.used();
    const Derivative narrow{.order = {}, .out = arena.take(slab.extent)};
    derive(smoothed, slab, limits, filters.narrow_, std::span(&narrow, 1), arena);
    subtract(wide, narrow.out, out);
    arena.release_to(mark);
  }

  /// The images that are wanted get their values.
  void derive_wanted() const {
    std::vector<Derivative> smooth, slopes;
    for (const Derivative& d : wanted.list()) (d.order == PerAxis<int>{} ? smooth : slopes).push_back(d);
    derive(smoothed, slab, limits, filters.smoothing_, smooth, arena);
    derive(smoothed, slab, limits, filters.derivatives_, slopes, arena);
  }

  void gradient_magnitude(Parts slopes, View3<float> out) const {
    // The squares are added up from the last axis on.
    std::reverse(slopes.begin(), slopes.end());
    magnitude(slopes, out);
  }

  /// \param entries  As for_each_entry visits them.
  void eigenvalues_of(Parts entries, std::span<const View3<float>> values) const {
    // VIGRA's matrices begin with x.
    std::reverse(entries.begin(), entries.end());
    if (entries.size() == 6) std::swap(entries[2], entries[3]);
    vigra_eigenvalues(entries, values);
  }

  void structure_tensor(std::span<const View3<float>> values) const {
    const std::int64_t mark = arena.used();
    const Region around = grown(slab, filters.tensor_averaging_.reach, limits);
    std::vector<Derivative> slopes;
    for (const int axis : filters.axes_) slopes.push_back({along(axis), arena.take(around.extent)});
    derive(smoothed, around, limits, filters.tensor_derivatives_, slopes, arena);

    const View3<float> product = arena.take(around.extent);
    Parts entries;
    for_each_entry(filters.axes_, [&](std::size_t i, std::size_t j) {
      multiply(slopes[i].out, slopes[j].out, product);
      const Derivative entry{.order = {}, .out = arena.take(slab.extent)};
      derive({product, around.begin}, slab, limits, filters.tensor_averaging_, std::span(&entry, 1), arena);
      entries.push_back(entry.out);
    });
    eigenvalues_of(std::move(entries), values);
    arena.release_to(mark);
  }

  void finish(const FeatureImages& output, const Parts& images) const {
    const auto values = std::span(output.channels).first(filters.axes_.size());
    switch (output.kind) {
      case FeatureKind::gaussian_smoothing:
        return;
      case FeatureKind::laplacian_of_gaussian:
        return add_up(images, values[0]);
      case FeatureKind::gaussian_gradient_magnitude:
        return gradient_magnitude(images, values[0]);
      case FeatureKind::difference_of_gaussians:
        return difference_of_gaussians(images[0], values[0]);
      case FeatureKind::structure_tensor_eigenvalues:
        return structure_tensor(values);
      case FeatureKind::hessian_of_gaussian_eigenvalues:
        return eigenvalues_of(images, values);
    }
  }
};

VigraFilters::VigraFilters(const Scale& scale)
    : presmoothing_(scale.presmoothing(), presmoothing_window, 0, VigraArithmetic::doubles),
      derivatives_(scale.filter(), filter_window, 2, VigraArithmetic::floats),
      narrow_(times(difference_ratio, scale.filter()), filter_window, 0, VigraArithmetic::doubles),
      tensor_derivatives_(tensor_sigmas(scale, StructureTensor::ilastik_1_2).derivative, filter_window, 1,
                          VigraArithmetic::floats),
      tensor_averaging_(tensor_sigmas(scale, StructureTensor::ilastik_1_2).averaging, filter_window, 0,
                        VigraArithmetic::rounded_products),
      smoothing_(scale.filter(), filter_window, 0, VigraArithmetic::doubles) {
  axes_ = derivatives_.axes;
}

Patch VigraFilters::prepare(View3<const float> padded, const Region& region, Arena& arena) const {
  const View3<float> smoothed = arena.take(region.extent);
  presmooth(padded, region, presmoothing_, smoothed, arena);
  return {smoothed, region.begin};
}

std::int64_t VigraFilters::prepare_floats(const Extent& region) const {
  return prepared_floats(region) + presmooth_floats(region, presmoothing_.reach);
}

void VigraFilters::run(const Patch& smoothed, const Region& tile, const Extent& limits,
                       std::span<const FeatureOutput> outputs, ChannelSink& sink, Arena& arena) const {
  for (std::int64_t z = 0; z < tile.extent.z; z += slab_sections) {
    const Region slab{tile.begin + Extent{z, 0, 0},
                      {std::min(slab_sections, tile.extent.z - z), tile.extent.y, tile.extent.x}};
    const std::int64_t mark = arena.used();
    std::vector<FeatureImages> features;
    for (const FeatureOutput& output : outputs) {
      FeatureImages& of_feature = features.emplace_back(FeatureImages{output.kind, {}});
      for (std::size_t i = 0; i < output.channels.size(); ++i)
        if (output.channels[i] != FeatureOutput::none) of_feature.channels[i] = arena.take(slab.extent);
    }
    run_slab(smoothed, slab, limits, features, arena);
    for (std::size_t f = 0; f < outputs.size(); ++f)
      for (std::size_t i = 0; i < outputs[f].channels.size(); ++i)
        hand_in(outputs[f].channels[i], features[f].channels[i], slab.begin, sink);
    arena.release_to(mark);
  }
}

void VigraFilters::run_slab(const Patch& smoothed, const Region& slab, const Extent& limits,
                            std::span<const FeatureImages> features, Arena& arena) const {
  const std::int64_t mark = arena.used();
  Job job{*this, smoothed, slab, limits, arena};
  for (const FeatureImages& feature : features)
    if (feature.kind == FeatureKind::gaussian_smoothing) job.wanted.place({}, feature.channels[0]);
  std::vector<Job::Parts> ingredients;
  for (const FeatureImages& feature : features) ingredients.push_back(job.ingredients(feature));
  job.derive_wanted();
  for (std::size_t i = 0; i < features.size(); ++i) job.finish(features[i], ingredients[i]);
  arena.release_to(mark);
}

/// What Job::structure_tensor takes: slopes and a product around the slab, the averaged products of the slab.
std::int64_t VigraFilters::tensor_floats(const Extent& slab) const {
  const auto count = narrow<std::int64_t>(axes_.size());
  const Extent around = slab + 2 * tensor_averaging_.reach;
  const std::int64_t averaging = Arena::floats(around) + count * (count + 1) / 2 * Arena::floats(slab) +
                                 derive_floats(slab, tensor_averaging_);
  return count * Arena::floats(around) + std::max(derive_floats(around, tensor_derivatives_), averaging);
}

std::int64_t VigraFilters::tile_floats(std::span<const FeatureKind> kinds, const Extent& tile) const {
  const auto has = [&](FeatureKind kind) { return std::ranges::find(kinds, kind) != kinds.end(); };
  const Extent slab{std::min(slab_sections, tile.z), tile.y, tile.x};
  const std::int64_t image = Arena::floats(slab);
  const auto count = narrow<std::int64_t>(axes_.size());

  std::int64_t shared = 0;  // what lives until every feature is finished: channels, and derivatives once each
  for (const FeatureKind kind : kinds) shared += has_eigenvalues(kind) ? count : 1;
  if (has(FeatureKind::hessian_of_gaussian_eigenvalues))
    shared += count * (count + 1) / 2;
  else if (has(FeatureKind::laplacian_of_gaussian))
    shared += count;
  if (has(FeatureKind::gaussian_gradient_magnitude)) shared += count;
  const bool differs = has(FeatureKind::difference_of_gaussians);
  if (differs && !has(FeatureKind::gaussian_smoothing)) ++shared;

  std::int64_t step = derive_floats(slab, derivatives_);
  if (differs) step = std::max(step, image + derive_floats(slab, narrow_));
  if (has(FeatureKind::structure_tensor_eigenvalues)) step = std::max(step, tensor_floats(slab));
  return shared * image + step;
}

}  // namespace cleft
