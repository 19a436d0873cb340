#include "phantom/organelles.hpp"

#include <algorithm>

namespace cleft::phantom {
namespace {

constexpr double mitochondrion_edge = 480, mitochondrion_presence = 0.5;
constexpr double thinnest_with_mitochondrion = 75;  // radius of the neurite, nm
constexpr double clear_of_membrane = 30;            // nm
constexpr double corner = 40;                       // width of the rounding of a mitochondrion's surface, nm
constexpr double mitochondrion_reach = 900;         // longest half length + radius, when bent, nm
constexpr double near_tile = 220;  // from a tile's middle to what may matter to a vesicle in it, nm
constexpr std::size_t mitochondria_kept = 50000;

constexpr double vesicle_edge = 49, vesicle_jitter = 0.5;
constexpr double stray_presence = 0.01, cloud_presence = 0.88;
constexpr double cloud_begins = 26, cloud_full = 190, cloud_ends = 360, cloud_beyond_rim = 90;  // nm
constexpr double dense_core_edge = 330, dense_core_presence = 0.8;

/// The probability of a vesicle at a place near a synapse.
double in_cloud(const Synapse& synapse, const Vector& place) {
  const double over_plane = dot(place - synapse.centre, synapse.normal);
  if (over_plane < cloud_begins - synapse.bulge || over_plane > cloud_ends + synapse.bulge) return 0;
  const Synapse::Seen seen = synapse.see(place);
  if (seen.height < cloud_begins || seen.height > cloud_ends || seen.to_rim < -cloud_beyond_rim) return 0;
  const double fade = std::min(1.0, (cloud_ends - seen.height) / (cloud_ends - cloud_full));
  return cloud_presence * fade * std::min(1.0, (seen.to_rim + cloud_beyond_rim) / cloud_beyond_rim);
}

Vector random_direction(Random& random) {
  const double z = random.normal(), y = random.normal(), x = random.normal();
  return normalized({z, y, x + 1e-9});
}

/// Calls `visit(centre, bits)` for each cube of a lattice that touches the box `low` … `high`: with a place
/// near the cube's middle, and the random bits of the cube.
template <class Visit>
void for_each_jittered(std::uint64_t seed, Purpose purpose, double edge, const Vector& low,
                       const Vector& high, Visit visit) {
  for_each_cell(low, high, edge, [&](const LatticeCell& cell) {
    const std::uint64_t bits = hash_at(seed, purpose, cell);
    const auto stray = [&](unsigned n) { return 0.5 + vesicle_jitter * (2 * fraction(bits, n) - 1); };
    visit(corner_of(cell, edge) + edge * Vector{stray(0), stray(1), stray(2)}, bits);
  });
}

}  // namespace

double Mitochondrion::inside(const Vector& warped, double depth) const {
  const Vector v = warped - middle;
  const double t = std::clamp(dot(v, axis), -half_length, half_length);
  const double a = radius - length(v - t * axis), b = depth - clear_of_membrane;
  // The smaller of the two distances, but rounded where they are nearly equal: no sharp edge.
  const double blend = std::max(1 - std::abs(a - b) / corner, 0.0);
  return std::min(a, b) - 0.25 * corner * blend * blend;
}

std::vector<const Mitochondrion*> Organelles::mitochondria_near(const LatticeCell& tile) {
  std::vector<const Mitochondrion*> found;
  const Vector low = corner_of(tile, tile_edge), centre = low + 0.5 * tile_edge * Vector{1, 1, 1};
  const Vector wide = mitochondrion_reach * Vector{1, 1, 1};
  const Vector warped = tissue_.spot(centre).warped;
  for_each_cell(centre - wide, centre + wide, mitochondrion_edge, [&](const LatticeCell& cell) {
    const auto [at, is_new] = mitochondria_.try_emplace(cell);
    if (is_new) at->second = draw_mitochondrion(cell);
    if (at->second && at->second->inside(warped, mitochondrion_reach) > -near_tile)
      found.push_back(&*at->second);
  });
  return found;
}

std::optional<Mitochondrion> Organelles::draw_mitochondrion(const LatticeCell& cell) {
  Random random(hash_at(tissue_.seed(), Purpose::mitochondrion, cell));
  if (random.uniform() >= mitochondrion_presence) return std::nullopt;
  const double z = random.uniform(), y = random.uniform(), x = random.uniform();
  const Vector p = corner_of(cell, mitochondrion_edge) + mitochondrion_edge * Vector{z, y, x};
  const Tile& tile = tissue_.tile_at(p);
  const Spot spot = tissue_.spot(p);
  if (spot.segment < 0) return std::nullopt;
  const Segment& s = tile.segment(spot.segment);
  const double t = s.nearest(spot.warped), neurite = s.radius + t * s.growth;
  if (neurite < thinnest_with_mitochondrion) return std::nullopt;
  Mitochondrion m;
  m.cell = tile.id(spot.cell);
  m.radius = std::min(0.75 * neurite, 60 + 130 * random.uniform());
  m.half_length = 40 + 420 * random.uniform() * random.uniform();
  const Vector on_axis = s.from + t * s.along, off_axis = spot.warped - on_axis;
  const double room = std::max(neurite - m.radius - 20, 0.0);
  m.middle = on_axis + std::min(1.0, room / std::max(length(off_axis), 1.0)) * off_axis;
  m.axis = normalized(normalized(s.along) + 0.25 * random_direction(random));
  m.stack = normalized(m.axis + 0.8 * random_direction(random));
  m.spacing = 38 + 16 * random.uniform();
  return m;
}

std::vector<Vesicle> Organelles::vesicles_near(const LatticeCell& tile) {
  constexpr double largest = 46;
  const Vector low = corner_of(tile, tile_edge) - largest * Vector{1, 1, 1};
  const Vector high = low + (tile_edge + 2 * largest) * Vector{1, 1, 1};
  const auto synapses = synapses_.near(low, high, Synapses::largest_reach + cloud_ends);
  const auto mitochondria = mitochondria_near(tile);
  std::vector<Vesicle> found;
  const auto seed = tissue_.seed();
  for_each_jittered(seed, Purpose::vesicle, vesicle_edge, low, high,
                    [&](const Vector& centre, std::uint64_t bits) {
                      const Vesicle vesicle{centre, 18 + 6 * fraction(mix_bits(bits), 1), false};
                      const double draw = fraction(bits, 3);
                      if (draw < stray_presence && has_place(vesicle, mitochondria, 0))
                        found.push_back(vesicle);
                      if (draw < stray_presence) return;
                      for (const Synapse* s : synapses) {
                        if (draw - stray_presence >= in_cloud(*s, centre)) continue;
                        if (has_place(vesicle, mitochondria, s->presynaptic)) found.push_back(vesicle);
                        return;
                      }
                    });
  for_each_jittered(seed, Purpose::dense_core, dense_core_edge, low, high,
                    [&](const Vector& c, std::uint64_t bits) {
                      const Vesicle vesicle{c, 24 + 14 * fraction(mix_bits(bits), 1), true};
                      if (fraction(bits, 3) < dense_core_presence && has_place(vesicle, mitochondria, 0))
                        found.push_back(vesicle);
                    });
  return found;
}

bool Organelles::has_place(const Vesicle& vesicle, const std::vector<const Mitochondrion*>& mitochondria,
                           std::uint64_t cell_id) {
  const Spot spot = tissue_.spot(vesicle.centre);
  const std::uint64_t id = tissue_.tile_at(vesicle.centre).id(spot.cell);
  if (id == 0 || (cell_id != 0 && id != cell_id) || spot.depth < vesicle.radius + 12) return false;
  return std::none_of(mitochondria.begin(), mitochondria.end(), [&](const Mitochondrion* m) {
    return m->cell == id && m->inside(spot.warped, spot.depth) > -vesicle.radius;
  });
}

void Organelles::trim() {
  if (mitochondria_.size() > mitochondria_kept) mitochondria_.clear();
}

}  // namespace cleft::phantom
