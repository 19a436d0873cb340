#include "phantom/synapses.hpp"

#include <algorithm>
#include <numbers>

#include "base/narrow.hpp"

namespace cleft::phantom {
namespace {

constexpr int tries = 8;
constexpr double smallest_radius = 120, largest_radius = 240;  // asked for, nm; the membrane may end before
constexpr double smallest_mean_rim = 95;
constexpr double apart = 90;            // free membrane between two synapses, nm
constexpr double room = 110;            // the presynaptic cell reaches at least this far from the cleft, nm
constexpr double ample_room = 220;      // wished for
constexpr double clear_at_centre = 60;  // no third cell this near the centre, nm
constexpr double from_third_cell = 14;  // the rim stays this far from where a third cell begins, nm
// How many synapses per µm³ there are when a part p of the cubes draws one is most · (1 − exp(−crowding ·
// p)), since those too close to another go: fitted to counts in 384 µm³.
constexpr double most = 2.65, crowding = 2.72;
constexpr std::size_t candidates_kept = 50000;

/// No direction reaches much further than its neighbours: a rim without spikes.
void round_off(std::array<Synapse::Spoke, Synapse::directions>& spokes) {
  const auto before = spokes;
  const std::size_t count = spokes.size();
  for (std::size_t n = 0; n < count; ++n) {
    const double left = before[(n + count - 1) % count].rim, right = before[(n + 1) % count].rim;
    spokes[n].rim = std::min(spokes[n].rim, 1.25 * std::min(left, right));
  }
}

constexpr double mixed(double a, double b, double part) {
  return a + part * (b - a);
}

}  // namespace

Synapse::Seen Synapse::see(const Vector& place) const {
  const Vector v = place - centre;
  const double a = dot(v, along), b = dot(v, across), far = std::sqrt(a * a + b * b);
  double turn = std::atan2(b, a) / (2 * std::numbers::pi) * directions;
  if (turn < 0) turn += directions;
  const auto n = std::min(static_cast<std::size_t>(turn), directions - 1);
  const auto ring = std::min(static_cast<std::size_t>(far / ring_step), rings - 2);
  const double between = turn - narrow<double>(n);
  const double part = std::min(far / ring_step - narrow<double>(ring), 1.0);
  const Spoke &left = spokes[n], &right = spokes[(n + 1) % directions];
  const double inner = mixed(left.height[ring], right.height[ring], between);
  const double outer = mixed(left.height[ring + 1], right.height[ring + 1], between);
  const double outward = (outer - inner) / ring_step;
  const double around = (mixed(right.height[ring], right.height[ring + 1], part) -
                         mixed(left.height[ring], left.height[ring + 1], part)) *
                        directions / (2 * std::numbers::pi * std::max(far, ring_step));
  const double height = dot(v, normal) - mixed(inner, outer, part);
  return {height / std::sqrt(1 + outward * outward + around * around),
          mixed(left.rim, right.rim, between) - far};
}

double Synapse::taper(double to_rim) {
  return std::clamp(0.65 + to_rim / 110, 0.0, 1.0);
}

Synapses::Synapses(Tissue& tissue, double density)
    : tissue_(tissue), presence_(-std::log(1 - density / most) / crowding) {}

std::vector<const Synapse*> Synapses::near(const Vector& low, const Vector& high, double margin) {
  const double wide = margin + longest_drift;
  std::vector<const Synapse*> found;
  for_each_cell(low - wide * Vector{1, 1, 1}, high + wide * Vector{1, 1, 1}, lattice_edge,
                [&](const LatticeCell& cell) {
                  Candidate& c = candidate(cell);
                  if (!c.synapse) return;
                  const Vector& p = c.synapse->centre;
                  const bool inside = p.z >= low.z - margin && p.y >= low.y - margin &&
                                      p.x >= low.x - margin && p.z <= high.z + margin &&
                                      p.y <= high.y + margin && p.x <= high.x + margin;
                  if (inside && kept(cell, c)) found.push_back(&*c.synapse);
                });
  return found;
}

Synapses::Candidate& Synapses::candidate(const LatticeCell& cell) {
  const auto [at, is_new] = candidates_.try_emplace(cell);
  if (is_new) at->second.synapse = draw(cell);
  return at->second;
}

bool Synapses::kept(const LatticeCell& cell, Candidate& asked) {
  if (asked.kept) return *asked.kept;
  const Synapse& own = *asked.synapse;
  const auto rank = [&](const LatticeCell& c) { return hash_at(tissue_.seed(), Purpose::synapse, c); };
  const double far = own.reach + largest_reach + apart + longest_drift;
  bool keep = true;
  for_each_cell(own.centre - far * Vector{1, 1, 1}, own.centre + far * Vector{1, 1, 1}, lattice_edge,
                [&](const LatticeCell& other) {
                  if (!keep || other == cell || rank(other) >= rank(cell)) return;
                  const auto& rival = candidate(other).synapse;
                  if (rival && length(rival->centre - own.centre) < own.reach + rival->reach + apart)
                    keep = false;
                });
  asked.kept = keep;
  return keep;
}

std::optional<Synapse> Synapses::draw(const LatticeCell& cell) {
  Random random(hash_at(tissue_.seed(), Purpose::synapse, cell));
  if (random.uniform() >= presence_) return std::nullopt;
  const double radius = smallest_radius + (largest_radius - smallest_radius) * random.uniform();
  for (int n = 0; n < tries; ++n) {
    const double z = random.uniform(), y = random.uniform(), x = random.uniform();
    const Vector start = corner_of(cell, lattice_edge) + lattice_edge * Vector{z, y, x};
    std::optional<Synapse> synapse = grow(start, radius);
    if (!synapse) continue;
    synapse->drawn_by = cell;
    return synapse;
  }
  return std::nullopt;
}

std::optional<Synapse> Synapses::grow(const Vector& start, double radius) {
  Synapse synapse;
  Vector p = start;
  Spot spot = tissue_.spot(p);
  for (int n = 0; n < 6 && spot.neighbour > 0 && spot.depth > 0.5; ++n) {
    p = p + spot.depth * spot.normal;
    spot = tissue_.spot(p);
  }
  const Vector drift = p - start;
  if (spot.cell == 0 || spot.neighbour <= 0 || spot.depth > 0.5 || spot.next_depth < clear_at_centre)
    return {};
  if (std::max({std::abs(drift.z), std::abs(drift.y), std::abs(drift.x)}) > longest_drift) return {};
  synapse.centre = p;
  if (!orient(synapse, spot, tissue_.tile_at(p))) return {};
  for (std::size_t n = 0; n < Synapse::directions; ++n) {
    const double angle = 2 * std::numbers::pi * narrow<double>(n) / Synapse::directions;
    synapse.spokes[n] =
        walk(synapse, std::cos(angle) * synapse.along + std::sin(angle) * synapse.across, radius);
  }
  round_off(synapse.spokes);
  double mean = 0;
  for (const Synapse::Spoke& spoke : synapse.spokes) {
    mean += spoke.rim / Synapse::directions;
    synapse.reach = std::max(synapse.reach, spoke.rim);
    for (const double h : spoke.height) synapse.bulge = std::max(synapse.bulge, std::abs(h));
  }
  if (mean < smallest_mean_rim) return {};
  return synapse;
}

/// Makes one of the two neurites presynaptic: at random, or the one with more room for vesicles.
bool Synapses::orient(Synapse& synapse, const Spot& spot, const Tile& tile) {
  std::array<std::uint64_t, 2> ids{tile.id(spot.cell), tile.id(spot.neighbour)};
  std::array<Vector, 2> into{-1.0 * spot.normal, spot.normal};
  if (hash_at(ids[0] ^ ids[1], Purpose::synapse, {}) & 1U) {
    std::swap(ids[0], ids[1]);
    std::swap(into[0], into[1]);
  }
  const auto reaches = [&](std::size_t n, double nm) {
    const Vector p = synapse.centre + nm * into[n];
    return tissue_.tile_at(p).id(tissue_.spot(p).cell) == ids[n];
  };
  for (const std::size_t choice : {0U, 1U, 2U, 3U}) {
    const std::size_t n = choice % 2;
    if (!reaches(n, 0.5 * room) || !reaches(n, choice < 2 ? ample_room : room)) continue;
    synapse.presynaptic = ids[n];
    synapse.postsynaptic = ids[1 - n];
    synapse.normal = into[n];
    synapse.along = perpendicular(synapse.normal);
    synapse.across = cross(synapse.normal, synapse.along);
    return true;
  }
  return false;
}

/// Walks over the membrane from the centre as long as it belongs to the two cells only.
Synapse::Spoke Synapses::walk(const Synapse& synapse, const Vector& direction, double radius) {
  constexpr double steepest_rise = 1.2;
  Synapse::Spoke spoke;
  double height = 0;
  std::size_t ring = 1;
  for (; ring < Synapse::rings && spoke.rim < radius; ++ring) {
    const double far = narrow<double>(ring) * Synapse::ring_step;
    bool found = false;
    double here = height;
    for (int n = 0; n < 4 && !found; ++n) {
      const Vector p = synapse.centre + far * direction + here * synapse.normal;
      const Tile& tile = tissue_.tile_at(p);
      const int pre = tile.find(synapse.presynaptic), post = tile.find(synapse.postsynaptic);
      if (pre < 0 || post < 0) break;
      const Tile::Wall wall = tile.wall(tile.row(p.z, p.y), p, pre, post);
      const double facing = -dot(wall.normal, synapse.normal);
      if (facing < 0.5) break;
      found = std::abs(wall.distance) < 1 && between_the_two(synapse, p);
      here -= wall.distance / facing;
    }
    if (!found || std::abs(here - height) > steepest_rise * Synapse::ring_step) break;
    height = here;
    spoke.height[ring] = height;
    spoke.rim = std::min(radius, far);
  }
  for (; ring < Synapse::rings; ++ring) spoke.height[ring] = height;
  return spoke;
}

/// Whether `p`, on the membrane, has only the synapse's two cells around it.
bool Synapses::between_the_two(const Synapse& synapse, const Vector& p) {
  const Spot spot = tissue_.spot(p);
  const Tile& tile = tissue_.tile_at(p);
  const std::uint64_t own = tile.id(spot.cell), other = tile.id(spot.neighbour);
  const bool same = (own == synapse.presynaptic && other == synapse.postsynaptic) ||
                    (own == synapse.postsynaptic && other == synapse.presynaptic);
  return same && spot.next_depth >= from_third_cell;
}

void Synapses::trim() {
  if (candidates_.size() > candidates_kept) candidates_.clear();
}

SynapseNumbers::SynapseNumbers(const Vector& size) {
  const LatticeCell last = cell_at(size, Synapses::lattice_edge);
  cubes_ =
      Extent{last.z, last.y, last.x} + Extent{1, 1, 1} + 2 * Extent{cubes_beyond, cubes_beyond, cubes_beyond};
}

std::uint64_t SynapseNumbers::of(const LatticeCell& drawn_by) const {
  const LatticeCell from_first = drawn_by + Extent{cubes_beyond, cubes_beyond, cubes_beyond};
  return 1 + narrow<std::uint64_t>(linear_index(from_first, cubes_));
}

}  // namespace cleft::phantom
