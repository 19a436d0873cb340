#include "phantom/tissue.hpp"

#include <algorithm>

#include "base/narrow.hpp"

namespace cleft::phantom {
namespace {

constexpr double steepest = 1.35;  // bending makes a line at most about this many times as long
constexpr double half_diagonal = 0.5 * 1.7320508 * tile_edge * steepest;
// Cells whose distances from a place differ by more have no membrane near enough to matter there, nm.
constexpr double membranes_matter = 90;
constexpr double steepest_wall = 2 * steepest;  // the most that a difference of two distances changes per nm
constexpr double far_away = 1e3;
constexpr std::size_t tiles_kept = 6000;

CellLook make_look(std::uint64_t cell_id) {
  const std::uint64_t bits = hash_at(cell_id, Purpose::cell_look, {});
  const double dark = fraction(bits, 0) > 0.92 ? 22 : 0;
  return {cell_id, 176 + 16 * (fraction(bits, 1) - 0.5) - dark, fraction(bits, 2)};
}

/// Segments whose surfaces are close enough to the middle of a tile to matter somewhere in the tile, sorted
/// by neurite.
std::vector<Segment> segments_near(const Neurites& neurites, const Vector& middle, double gap) {
  std::vector<Segment> found;
  neurites.collect(middle, gap + 2 * half_diagonal + membranes_matter, found);
  double nearest = gap;
  for (const Segment& s : found) nearest = std::min(nearest, s.distance(middle));
  const double limit = nearest + 2 * half_diagonal + membranes_matter;
  std::erase_if(found, [&](const Segment& s) { return s.distance(middle) > limit; });
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.neurite < b.neurite; });
  return found;
}

/// The direction from the axis of the nearest segment to a place: of length 1, or 0 for glia, which has no
/// axis.
Vector away_from_axis(const Reaches& r, std::size_t place) {
  const Vector v{r.z[place], r.y[place], r.x[place]};
  return (1 / std::max(length(v), 1e-6)) * v;
}

/// The membrane between two cells, seen from a place.
/// \param away        The second cell's away_from_axis minus the first cell's.
/// \param difference  The distance to the second cell's surface minus that to the first cell's, nm.
Tile::Wall wall_between(const BendSlopes& bend, const Vector& away, double difference) {
  const Vector slope{-away.z - dot(bend.by_z, away), -away.y - dot(bend.by_y, away),
                     -away.x - dot(bend.by_x, away)};
  const double steepness = std::max(length(slope), 0.25);
  return {difference / steepness, (1 / steepness) * slope};
}

}  // namespace

Tile::Tile(FieldNodes& nodes, const Neurites& neurites, const LatticeCell& index) : fields_(nodes, index) {
  const Vector centre = corner_of(index, tile_edge) + 0.5 * tile_edge * Vector{1, 1, 1};
  const Fields at = row(centre.z, centre.y).at(centre.x);
  middle_ = centre + at.displacement;
  segments_ = segments_near(neurites, middle_, at.gap);
  for (const Segment& s : segments_) near_.emplace_back(s, middle_);
  looks_.push_back({0, 116, 0.9});
  first_ = {0};
  for (std::size_t n = 0; n < segments_.size(); ++n) {
    if (n > 0 && segments_[n].neurite == segments_[n - 1].neurite) continue;
    if (looks_.size() == max_cells) break;
    first_.push_back(n);
    looks_.push_back(make_look(segments_[n].neurite));
  }
  first_.push_back(segments_.size());
}

int Tile::find(std::uint64_t cell_id) const {
  for (std::size_t n = 0; n < looks_.size(); ++n)
    if (looks_[n].id == cell_id) return narrow<int>(n);
  return -1;
}

Tile::BentPlaces Tile::bend(const FieldPatch::Row& row, std::span<const double> x) const {
  BentPlaces places{};
  places.glia.segment.fill(-1);
  for (std::size_t l = 0; l < places_at_once; ++l) {
    const double at_x = x[std::min(l, x.size() - 1)];
    const Fields f = row.at(at_x);
    const Vector p = row.place(at_x) + f.displacement - middle_;
    places.at.z[l] = static_cast<float>(p.z);
    places.at.y[l] = static_cast<float>(p.y);
    places.at.x[l] = static_cast<float>(p.x);
    places.glia.distance[l] = static_cast<float>(f.gap);
    places.darkness[l] = static_cast<float>(f.membrane);
  }
  return places;
}

Reaches Tile::reach(const BentPlaces& places, std::size_t cell) const {
  if (cell == 0) return places.glia;
  const std::size_t first = first_[cell];
  Reaches reach = nearest_segments(std::span(near_).subspan(first, first_[cell + 1] - first), places.at);
  for (float& segment : reach.segment) segment += narrow<float>(first);
  return reach;
}

void Tile::look(const FieldPatch::Row& row, std::span<const double> x, std::span<Spot> spots) const {
  ReachesOfCells reaches;
  for (std::size_t begin = 0; begin < x.size(); begin += places_at_once) {
    const auto group = x.subspan(begin, std::min(places_at_once, x.size() - begin));
    const BentPlaces places = bend(row, group);
    for (std::size_t cell = 0; cell < looks_.size(); ++cell) reaches[cell] = reach(places, cell);
    for (std::size_t l = 0; l < group.size(); ++l) {
      Spot& s = spots[begin + l];
      s = spot(row, group[l], reaches, l);
      s.warped = middle_ + Vector{places.at.z[l], places.at.y[l], places.at.x[l]};
      s.darkness = places.darkness[l];
    }
  }
}

Spot Tile::spot(const FieldPatch::Row& row, double x, const ReachesOfCells& reaches,
                std::size_t place) const {
  Spot spot;
  spot.place = row.place(x);
  std::size_t own = 0;
  for (std::size_t n = 1; n < looks_.size(); ++n)
    if (reaches[n].distance[place] < reaches[own].distance[place]) own = n;
  spot.cell = narrow<int>(own);
  spot.segment = static_cast<int>(reaches[own].segment[place]);
  spot.depth = spot.next_depth = far_away;
  const BendSlopes slopes = row.slopes(x);
  const Vector own_away = away_from_axis(reaches[own], place);
  for (std::size_t n = 0; n < looks_.size(); ++n) {
    const float difference = reaches[n].distance[place] - reaches[own].distance[place];
    if (n == own || difference > std::min(membranes_matter, steepest_wall * spot.next_depth)) continue;
    const Wall w = wall_between(slopes, away_from_axis(reaches[n], place) - own_away, difference);
    if (w.distance >= spot.depth) {
      spot.next_depth = std::min(spot.next_depth, w.distance);
      continue;
    }
    spot.next_depth = spot.depth;
    spot.depth = w.distance;
    spot.neighbour = narrow<int>(n);
    spot.normal = w.normal;
  }
  return spot;
}

Tile::Wall Tile::wall(const FieldPatch::Row& row, const Vector& place, int a, int b) const {
  const BentPlaces places = bend(row, std::span(&place.x, 1));
  const Reaches ra = reach(places, to_size(a)), rb = reach(places, to_size(b));
  return wall_between(row.slopes(place.x), away_from_axis(rb, 0) - away_from_axis(ra, 0),
                      rb.distance[0] - ra.distance[0]);
}

const Tile& Tissue::tile(const LatticeCell& index) {
  auto& slot = tiles_[index];
  if (!slot) slot = std::make_unique<Tile>(nodes_, neurites_, index);
  return *slot;
}

Spot Tissue::spot(const Vector& p) {
  const Tile& t = tile_at(p);
  Spot spot;
  t.look(t.row(p.z, p.y), std::span(&p.x, 1), std::span(&spot, 1));
  return spot;
}

void Tissue::trim() {
  if (tiles_.size() > tiles_kept) tiles_.clear();
  nodes_.trim();
}

}  // namespace cleft::phantom
