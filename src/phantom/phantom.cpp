#include "phantom/phantom.hpp"

#include <algorithm>
#include <vector>

#include "base/narrow.hpp"
#include "phantom/exposure.hpp"
#include "phantom/painter.hpp"
#include "phantom/strokes.hpp"

namespace cleft {
namespace {

using namespace phantom;  // NOLINT(google-build-using-namespace): this file is the way from voxels to tissue

constexpr double coarsest_sample = 24;  // a voxel longer than this is averaged over several samples, nm
constexpr float membrane_voxel = 0.5F;  // a voxel with at least this part of it membrane is of that class
constexpr std::int64_t synapse_voxel =
    3;  // a voxel with one in so many samples in a synapse is of that class

/// Samples per voxel along an axis.
std::int64_t samples_along(double voxel) {
  return std::max<std::int64_t>(1, floor_to_int(voxel / coarsest_sample + 0.999));
}

/// The samples that voxels are averages of, along one axis, counted from the volume's beginning.
struct Sampling {
  std::int64_t per_voxel;
  double step;  // nm
  double place(std::int64_t sample) const { return (narrow<double>(sample) + 0.5) * step; }
  std::int64_t tile_of(std::int64_t sample) const { return floor_to_int(place(sample) / tile_edge); }
  /// The first sample that lies in a tile or after it.
  std::int64_t first_in(std::int64_t tile) const {
    std::int64_t n = floor_to_int(narrow<double>(tile) * tile_edge / step) - 1;
    while (tile_of(n) < tile) ++n;
    return n;
  }
};

struct Run {
  std::int64_t begin, end;
};

/// In nm.
Vector size_of(const PhantomOptions& o) {
  return {narrow<double>(o.extent.z) * o.voxel_size.z, narrow<double>(o.extent.y) * o.voxel_size.y,
          narrow<double>(o.extent.x) * o.voxel_size.x};
}

}  // namespace

PhantomBlock::PhantomBlock(const Box& b)
    : box(b), raw(b.extent()), synapses(b.extent()), classes(b.extent()), labels(b.extent()) {}

struct Phantom::Scene {
  explicit Scene(const PhantomOptions& o)
      : options(o),
        tissue(o.seed),
        synapses(tissue, o.synapse_density),
        organelles(tissue, synapses),
        strokes(options, tissue, synapses, organelles),
        numbers(size_of(o)) {
    for (int axis = 0; axis < 3; ++axis) {
      const std::int64_t n = samples_along(o.voxel_size[axis]);
      sampling[axis] = {n, o.voxel_size[axis] / narrow<double>(n)};
    }
  }

  /// Sums over the samples of each voxel.
  struct Sums {
    explicit Sums(const Extent& e) : grey(e), membrane(e), synapse(e) {}
    Array3<float> grey, membrane;
    Array3<std::int32_t> synapse;
  };

  Run samples_in(int axis, std::int64_t tile, std::int64_t begin, std::int64_t end) const;
  void paint_tile(const LatticeCell& index, PhantomBlock& block, Sums& sums);
  void settle(PhantomBlock& block, Sums& sums) const;

  PhantomOptions options;
  Tissue tissue;
  Synapses synapses;
  Organelles organelles;
  Strokes strokes;
  SynapseNumbers numbers;
  PerAxis<Sampling> sampling;
};

Run Phantom::Scene::samples_in(int axis, std::int64_t tile, std::int64_t begin, std::int64_t end) const {
  const Sampling& s = sampling[axis];
  return {std::max(s.first_in(tile), begin * s.per_voxel), std::min(s.first_in(tile + 1), end * s.per_voxel)};
}

void Phantom::Scene::paint_tile(const LatticeCell& index, PhantomBlock& block, Sums& sums) {
  const Box& box = block.box;
  const Run zs = samples_in(0, index.z, box.begin.z, box.end.z),
            ys = samples_in(1, index.y, box.begin.y, box.end.y),
            xs = samples_in(2, index.x, box.begin.x, box.end.x);
  if (zs.begin >= zs.end || ys.begin >= ys.end || xs.begin >= xs.end) return;
  const Painter painter(tissue, synapses, organelles, index,
                        {sampling.z.step, sampling.y.step, sampling.x.step});
  std::vector<double> x;
  for (std::int64_t n = xs.begin; n < xs.end; ++n) x.push_back(sampling.x.place(n));
  std::vector<Spot> spots(x.size());
  for (std::int64_t sz = zs.begin; sz < zs.end; ++sz) {
    for (std::int64_t sy = ys.begin; sy < ys.end; ++sy) {
      const auto row = painter.tile().row(sampling.z.place(sz), sampling.y.place(sy));
      const auto grain = painter.grain(sampling.z.place(sz), sampling.y.place(sy));
      painter.tile().look(row, x, spots);
      const std::int64_t z = sz / sampling.z.per_voxel - box.begin.z,
                         y = sy / sampling.y.per_voxel - box.begin.y;
      for (std::size_t n = 0; n < spots.size(); ++n) {
        const std::int64_t vx = (xs.begin + narrow<std::int64_t>(n)) / sampling.x.per_voxel - box.begin.x;
        const Paint paint = painter.paint(spots[n], grain.at(x[n]));
        sums.grey(z, y, vx) += static_cast<float>(paint.grey);
        sums.membrane(z, y, vx) += static_cast<float>(paint.membrane);
        if (!paint.synapse) continue;
        ++sums.synapse(z, y, vx);
        block.synapses(z, y, vx) = std::max(block.synapses(z, y, vx), numbers.of(paint.synapse->drawn_by));
      }
    }
  }
}

/// Sums to means; decides each voxel's class.
void Phantom::Scene::settle(PhantomBlock& block, Sums& sums) const {
  const std::int64_t count = sampling.z.per_voxel * sampling.y.per_voxel * sampling.x.per_voxel;
  const auto classes = block.classes.voxels();
  for (std::size_t n = 0; n < classes.size(); ++n) {
    sums.grey.voxels()[n] /= narrow<float>(count);
    const bool membrane = sums.membrane.voxels()[n] >= membrane_voxel * narrow<float>(count);
    const bool synapse = sums.synapse.voxels()[n] * synapse_voxel >= count;
    if (!synapse) block.synapses.voxels()[n] = 0;
    classes[n] = static_cast<std::uint8_t>(synapse    ? PhantomClass::synapse
                                           : membrane ? PhantomClass::membrane
                                                      : PhantomClass::rest);
  }
}

Phantom::Phantom(const PhantomOptions& options) {
  validate(options);
  scene_ = std::make_unique<Scene>(options);
}
Phantom::~Phantom() = default;

PhantomBlock Phantom::make(const Box& box) {
  scene_->tissue.trim();
  scene_->synapses.trim();
  scene_->organelles.trim();
  PhantomBlock block(box);
  Scene::Sums sums(box.extent());
  const auto& s = scene_->sampling;
  const auto first = [&](int axis, std::int64_t voxel) { return s[axis].tile_of(voxel * s[axis].per_voxel); };
  const auto last = [&](int axis, std::int64_t voxel) {
    return s[axis].tile_of(voxel * s[axis].per_voxel - 1);
  };
  for (std::int64_t z = first(0, box.begin.z); z <= last(0, box.end.z); ++z)
    for (std::int64_t y = first(1, box.begin.y); y <= last(1, box.end.y); ++y)
      for (std::int64_t x = first(2, box.begin.x); x <= last(2, box.end.x); ++x)
        scene_->paint_tile({z, y, x}, block, sums);
  scene_->settle(block, sums);
  scene_->strokes.draw(box, block.classes.view(), block.labels.view());
  expose(scene_->options, box, sums.grey.view(), block.raw.view());
  return block;
}

}  // namespace cleft
