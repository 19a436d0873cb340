#include "phantom/strokes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/narrow.hpp"
#include "phantom/phantom_class.hpp"

namespace cleft::phantom {
namespace {

constexpr double square_edge = 400;  // each square of a section draws at most one stroke per class, nm
constexpr double shortest = 130, longest = 330;  // nm
constexpr double clear_of_membrane = 22;         // strokes inside cells, nm
constexpr double seeking_mitochondria = 0.4;     // part of the strokes inside cells
constexpr double inside_rim = 15, towards_postsynaptic = 7;
constexpr double into_cloud = 90;  // from the cleft to where vesicles are, nm

constexpr auto label_of(PhantomClass c) {
  return static_cast<std::uint8_t>(c);
}

double between(Random& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

/// The direction `v` projected into the section, of length 1; 0 if `v` is perpendicular to the section.
Vector in_section(const Vector& v) {
  const double l = std::sqrt(v.y * v.y + v.x * v.x);
  return l < 1e-6 ? Vector{} : Vector{0, v.y / l, v.x / l};
}

}  // namespace

Strokes::Strokes(const PhantomOptions& options, Tissue& tissue, Synapses& synapses, Organelles& organelles)
    : options_(options),
      tissue_(tissue),
      synapses_(synapses),
      organelles_(organelles),
      step_(0.5 * std::min(options.voxel_size.y, options.voxel_size.x)) {}

void Strokes::draw(const Box& box, View3<const std::uint8_t> classes, View3<std::uint8_t> labels) {
  for (std::int64_t n = 0; n < labelled_sections(options_); ++n) {
    const std::int64_t z = labelled_section(options_, n);
    if (z >= box.begin.z && z < box.end.z) draw_section({box, classes, labels}, z);
  }
}

void Strokes::draw_section(const Canvas& canvas, std::int64_t z) {
  const VoxelSize& v = options_.voxel_size;
  const double height = (narrow<double>(z) + 0.5) * v.z, margin = longest + square_edge;
  const Vector low{height, narrow<double>(canvas.box.begin.y) * v.y,
                   narrow<double>(canvas.box.begin.x) * v.x};
  const Vector high{height, narrow<double>(canvas.box.end.y) * v.y, narrow<double>(canvas.box.end.x) * v.x};
  const double squares = narrow<double>(options_.extent.y) * v.y * narrow<double>(options_.extent.x) * v.x /
                         (square_edge * square_edge);
  const double presence = options_.strokes / squares;
  const Vector wide{0, margin, margin};
  for_each_cell(low - wide, high + wide, square_edge, [&](LatticeCell square) {
    square.z = z;  // each section has squares of its own
    for (const auto purpose : {Purpose::membrane_stroke, Purpose::rest_stroke}) {
      Random random(hash_at(options_.seed, purpose, square));
      if (random.uniform() >= presence) continue;
      const double y = random.uniform(), x = random.uniform();
      const Vector start{height, (narrow<double>(square.y) + y) * square_edge,
                         (narrow<double>(square.x) + x) * square_edge};
      const bool membrane = purpose == Purpose::membrane_stroke;
      mark(canvas, z,
           membrane ? along_membrane(random, start) : inside_cell(random, find_mitochondrion(random, start)),
           membrane ? between(random, 1, 2) : between(random, 1, 3),
           label_of(membrane ? PhantomClass::membrane : PhantomClass::rest));
    }
  });
  for (const Synapse* s : synapses_.near(low, high, Synapses::largest_reach + into_cloud + longest)) {
    Random random(hash_at(options_.seed, Purpose::synapse_stroke, s->drawn_by + Extent{z, 0, 0}));
    const Path path = across_synapse(*s, height);
    if (path.empty()) continue;
    mark(canvas, z, path, between(random, 1.5, 3), label_of(PhantomClass::synapse));
    const Vector cloud = path[path.size() / 2] + into_cloud * in_section(s->normal);
    mark(canvas, z, inside_cell(random, cloud), between(random, 1, 3), label_of(PhantomClass::rest));
  }
}

/// Marks the voxels within half a `width` (in voxels) of a path that are of the stroke's class.
void Strokes::mark(const Canvas& canvas, std::int64_t z, const Path& path, double width,
                   std::uint8_t label) const {
  const double radius = std::max(0.5 * width, 0.5);
  for (const Vector& p : path) {
    const double y = p.y / options_.voxel_size.y - 0.5, x = p.x / options_.voxel_size.x - 0.5;
    for (std::int64_t j = floor_to_int(y - radius) + 1; narrow<double>(j) <= y + radius; ++j) {
      for (std::int64_t i = floor_to_int(x - radius) + 1; narrow<double>(i) <= x + radius; ++i) {
        const double dy = narrow<double>(j) - y, dx = narrow<double>(i) - x;
        const GlobalVoxel voxel{z, j, i};
        if (dy * dy + dx * dx > radius * radius || !canvas.box.contains(voxel)) continue;
        const LocalVoxel at = canvas.box.local(voxel);
        if (canvas.classes(at.z, at.y, at.x) == label) canvas.labels(at.z, at.y, at.x) = label;
      }
    }
  }
}

/// Moves `p` within its section onto the nearest membrane, and sets `normal` to the membrane's normal in the
/// section.
/// \returns False if there is no membrane near, or if it is nearly parallel to the section.
bool Strokes::onto_membrane(Vector& p, Vector& normal) {
  constexpr double flat = 0.5, close = 2;
  for (int n = 0; n < 6; ++n) {
    const Spot spot = tissue_.spot(p);
    normal = in_section(spot.normal);
    const double upright = dot(normal, spot.normal);
    if (spot.neighbour < 0 || upright < flat) return false;
    if (spot.depth < close) return true;
    p = p + (spot.depth / upright) * normal;
  }
  return false;
}

Strokes::Path Strokes::along_membrane(Random& random, Vector p) {
  const double far = between(random, shortest, longest);
  Path path;
  Vector normal, before;
  for (double gone = 0; gone < far; gone += step_) {
    if (!onto_membrane(p, normal)) break;
    if (!path.empty() && length(p - path.back()) > 3 * step_) break;
    path.push_back(p);
    Vector ahead{0, normal.x, -normal.y};
    if (dot(ahead, before) < 0) ahead = -1.0 * ahead;
    before = ahead;
    p = p + step_ * ahead;
  }
  return path;
}

Strokes::Path Strokes::inside_cell(Random& random, Vector p) {
  const double far = between(random, shortest, longest);
  double angle = 2 * std::numbers::pi * random.uniform(), turn = 0;
  Path path;
  for (double gone = 0; gone < far; gone += step_) {
    const Spot spot = tissue_.spot(p);
    if (spot.depth < clear_of_membrane) break;
    path.push_back(p);
    turn = std::clamp(turn + between(random, -1, 1) * 0.01, -0.05, 0.05);
    angle += turn;
    p = p + step_ * Vector{0, std::sin(angle), std::cos(angle)};
  }
  return path;
}

/// Where a stroke inside cells begins: some begin in a mitochondrion near `start`, if one is found, the
/// others at `start`.
Vector Strokes::find_mitochondrion(Random& random, Vector start) {
  constexpr int tries = 12;
  if (random.uniform() >= seeking_mitochondria) return start;
  for (int n = 0; n < tries; ++n) {
    const double y = between(random, -0.5, 0.5), x = between(random, -0.5, 0.5);
    const Vector p = start + square_edge * Vector{0, y, x};
    const Spot spot = tissue_.spot(p);
    const std::uint64_t id = tissue_.tile_at(p).id(spot.cell);
    for (const Mitochondrion* m : organelles_.mitochondria_near(cell_at(p, tile_edge)))
      if (m->cell == id && m->inside(spot.warped, spot.depth) > 15) return p;
  }
  return start;
}

/// The line where the section at height `z` (nm) cuts a synapse; empty when the section misses the synapse or
/// hardly touches it.
Strokes::Path Strokes::across_synapse(const Synapse& synapse, double z) {
  const Vector& n = synapse.normal;
  // The direction in which the synapse's plane rises most steeply along z. Its length is 1 if the plane is
  // perpendicular to the sections and 0 if it is parallel to them.
  const Vector up = Vector{1, 0, 0} - n.z * n;
  const double rise = z - synapse.centre.z, steep = up.z;
  if (std::abs(rise) > 0.8 * synapse.reach * std::sqrt(steep)) return {};
  const Vector middle = synapse.centre + (rise / std::max(steep, 1e-3)) * up;
  const Vector ahead = in_section(steep < 1e-3 ? synapse.along : cross(n, Vector{1, 0, 0}));
  const Vector side = in_section(n);
  const double upright = dot(side, n);
  const auto walk = [&](const Vector& direction) {
    Path path;
    Vector p = middle;
    for (auto seen = synapse.see(p); seen.to_rim > inside_rim; seen = synapse.see(p)) {
      p = p - (upright > 0.3 ? (seen.height + towards_postsynaptic) / upright : 0) * side;
      path.push_back(p);
      p = p + step_ * direction;
    }
    return path;
  };
  Path path = walk(-1.0 * ahead);
  std::reverse(path.begin(), path.end());
  const Path rest = walk(ahead);
  path.insert(path.end(), rest.begin(), rest.end());
  return path;
}

}  // namespace cleft::phantom
