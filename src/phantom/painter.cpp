#include "phantom/painter.hpp"

#include <algorithm>
#include <cmath>

#include "base/narrow.hpp"

namespace cleft::phantom {
namespace {

constexpr double optics = 4;  // nm that any edge is blurred over

// Grey values of what is seen.
constexpr double membrane_pale = 60, membrane_dark = 32, gap_between_leaflets = 0.65;
constexpr double synapse_grey = 34, halo_grey = 84;
constexpr double vesicle_rim = 28, vesicle_lumen = 182, dense_core = 34;
constexpr double mitochondrion_outline = 48, matrix = 116, crista = 64;
constexpr double microtubule = 74;

// Shapes, nm.
constexpr double leaflet_begins = 1.8, leaflet_ends = 8;  // from the middle of the membrane of two cells
constexpr double thickened = 6;                           // more, where membranes are darkest
constexpr double rim_thickness = 8;

/// Part of a box of width `w` around `s` that lies in `low` … `high`.
constexpr double band(double s, double w, double low, double high) {
  return std::max(0.0, std::min(high, s + w / 2) - std::max(low, s - w / 2)) / w;
}
constexpr double mixed(double a, double b, double part) {
  return a + part * (b - a);
}

}  // namespace

Painter::Painter(Tissue& tissue, Synapses& synapses, Organelles& organelles, const LatticeCell& tile,
                 const Vector& box)
    : tile_(tissue.tile(tile)),
      box_(box),
      widest_(std::max({box.z, box.y, box.x})),
      texture_(tissue.seed(), tile),
      mitochondria_(organelles.mitochondria_near(tile)),
      vesicles_(organelles.vesicles_near(tile)),
      synapses_(synapses.near(corner_of(tile, tile_edge),
                              corner_of(tile, tile_edge) + tile_edge * Vector{1, 1, 1},
                              Synapses::largest_reach + Synapses::painted_beyond)) {}

/// Over how many nm an edge with this normal is blurred.
double Painter::width(const Vector& n) const {
  return optics + std::abs(n.z) * box_.z + std::abs(n.y) * box_.y + std::abs(n.x) * box_.x;
}

Paint Painter::paint(const Spot& spot, double grain) const {
  Paint paint;
  double grey = cytoplasm(spot, grain);
  grey = with_vesicles(grey, spot);
  grey = with_mitochondria(grey, spot, grain);
  grey = with_membrane(grey, spot, grain, paint.membrane);
  paint.grey = with_synapses(grey, spot, grain, paint);
  return paint;
}

/// Ground substance with dark specks, and microtubules in the wider neurites: rods along the axis, drawn by
/// the squares of a lattice across it.
double Painter::cytoplasm(const Spot& spot, double grain) const {
  constexpr double square_edge = 66, rod = 10, presence = 0.45, thinnest = 60, clear_of_membrane = 26;
  const CellLook& look = tile_.look_of(spot.cell);
  double grey = look.grey + 16 * grain - (40 + 70 * look.stippling) * std::max(0.0, grain - 0.2);
  if (spot.segment < 0 || spot.depth < clear_of_membrane) return grey;
  const Segment& s = tile_.segment(spot.segment);
  if (s.radius < thinnest) return grey;
  const Vector axis = std::sqrt(s.inverse_square) * s.along, v = spot.warped - s.from;
  const Vector side = perpendicular(axis);
  const double a = dot(v, side), b = dot(v, cross(axis, side));
  const LatticeCell square{floor_to_int(a / square_edge), floor_to_int(b / square_edge), 0};
  const std::uint64_t bits = hash_at(s.neurite, Purpose::microtubule, square);
  if (fraction(bits, 0) >= presence) return grey;
  const double da = a - (narrow<double>(square.z) + 0.25 + 0.5 * fraction(bits, 1)) * square_edge;
  const double db = b - (narrow<double>(square.y) + 0.25 + 0.5 * fraction(bits, 2)) * square_edge;
  const double part = band(std::sqrt(da * da + db * db), width(side), -rod, rod);
  return mixed(grey, microtubule, 0.8 * part);
}

double Painter::with_vesicles(double grey, const Spot& spot) const {
  for (const Vesicle& v : vesicles_) {
    const Vector from = spot.place - v.centre;
    const double far = v.radius + 0.5 * (widest_ + optics), square_of = square(from);
    if (square_of > far * far) continue;
    const double r = std::max(std::sqrt(square_of), 1e-3), w = width((1 / r) * from);
    grey = mixed(grey, v.dense ? grey : vesicle_lumen, band(r, w, -v.radius, v.radius));
    if (v.dense) grey = mixed(grey, dense_core, band(r, w, -v.radius + 9, v.radius - 9));
    const double rim = band(r, w, v.radius - rim_thickness, v.radius);
    grey = mixed(grey, vesicle_rim, v.dense ? 0.6 * rim : rim);
  }
  return grey;
}

double Painter::with_mitochondria(double grey, const Spot& spot, double grain) const {
  const std::uint64_t id = tile_.id(spot.cell);
  for (const Mitochondrion* m : mitochondria_) {
    if (m->cell != id) continue;
    const double in = m->inside(spot.warped, spot.depth), w = optics + widest_;
    if (in < -w) continue;
    const Vector v = spot.warped - m->middle;
    const double phase =
        dot(v, m->stack) / m->spacing + 0.2 * grain + 0.3 * std::sin(dot(v, perpendicular(m->stack)) / 55);
    const double from_crista = std::abs(phase - narrow<double>(floor_to_int(phase)) - 0.5) * m->spacing;
    const double lamella = in > 14 ? band(from_crista, width(m->stack), -6, 6) : 0;
    const double inner = mixed(matrix + 30 * grain, crista, lamella);
    grey = mixed(grey, inner, band(in, w, 0, 1e4));
    grey = mixed(grey, mitochondrion_outline, band(in, w, 0, rim_thickness) + 0.5 * band(in, w, 10, 15));
  }
  return grey;
}

double Painter::with_membrane(double grey, const Spot& spot, double grain, double& membrane) const {
  const double extra = thickened * std::max(0.0, spot.darkness - 0.6) / 0.4, ends = leaflet_ends + extra;
  const double w = width(spot.normal), s = std::abs(spot.depth + 3.5 * grain);
  if (s - w / 2 > ends) return grey;
  membrane = band(s, w, -ends, ends);
  const double pale_gap = extra > 0 ? 0.2 : 1 - gap_between_leaflets;
  const double dark = membrane - pale_gap * band(s, w, -leaflet_begins, leaflet_begins);
  return mixed(grey, mixed(membrane_pale, membrane_dark, spot.darkness), dark);
}

double Painter::with_synapses(double grey, const Spot& spot, double grain, Paint& paint) const {
  for (const Synapse* s : synapses_) {
    const Vector from = spot.place - s->centre;
    const double far = s->reach + Synapses::painted_beyond,
                 high_up = s->bulge + 1.5 * Synapses::painted_beyond;
    if (std::abs(dot(from, s->normal)) > high_up || square(from) > far * far) continue;
    const Synapse::Seen seen = s->see(spot.place);
    const double taper = Synapse::taper(seen.to_rim), ragged = seen.height + 8 * grain;
    const double low = -taper * Synapse::postsynaptic_thickness,
                 high = taper * Synapse::presynaptic_thickness;
    const double dark =
        band(ragged, 5 + width(s->normal), low, high) * std::clamp(0.5 + seen.to_rim / 14, 0.0, 1.0);
    const double halo =
        band(ragged + 16 * grain, 40, low - 12, high + 12) * std::clamp(0.5 + seen.to_rim / 40, 0.0, 1.0);
    grey = mixed(grey, halo_grey, 0.55 * halo);
    grey = mixed(grey, synapse_grey + 14 * grain, dark);
    if (seen.to_rim > 0 && seen.height > low && seen.height < high) paint.synapse = s;
  }
  return grey;
}

}  // namespace cleft::phantom
