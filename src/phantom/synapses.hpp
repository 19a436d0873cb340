#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "phantom/tissue.hpp"

namespace cleft::phantom {

/// A patch of membrane between two cells with its dark material: the cleft, and the densities on either side.
/// The shape of the membrane is described by its height over a plane, at equally spaced distances from the
/// centre in equally spaced directions. So the dark material is connected whatever the tissue does around it.
struct Synapse {
  static constexpr std::size_t directions = 16;
  static constexpr std::size_t rings = 14;
  static constexpr double ring_step = 20;                                           // nm
  static constexpr double presynaptic_thickness = 18, postsynaptic_thickness = 32;  // nm of dark material
  /// The patch in one direction from the centre.
  struct Spoke {
    double rim = 0;  ///< from the centre to the patch's edge, nm
    /// [n] of the membrane over the plane at n · ring_step from the centre, nm.
    std::array<double, rings> height{};
  };

  LatticeCell drawn_by;                             ///< the cube that drew it
  std::uint64_t presynaptic = 0, postsynaptic = 0;  ///< ids of cells
  Vector centre;                                    ///< on the membrane, nm
  Vector normal;                                    ///< of the plane; length 1, into the presynaptic cell
  Vector along, across;                             ///< length 1, in the plane
  std::array<Spoke, directions> spokes;  ///< in equally spaced directions, from `along` towards `across`
  double reach = 0;                      ///< the largest rim
  double bulge = 0;                      ///< the largest height, up or down

  /// A place seen from the patch.
  struct Seen {
    double height;  ///< over the membrane, nm; positive on the presynaptic side
    double to_rim;  ///< to the rim in the plane, nm; positive inside
  };
  /// Where a place (nm) is, seen from the patch.
  Seen see(const Vector& place) const;

  /// The thickness of the dark material at this distance from the rim (nm, positive inside), as a part of its
  /// full thickness: it gets thinner towards the rim.
  static double taper(double to_rim);
};

/// Synapses on the membranes of a tissue, about `density` of them per µm³. Each is drawn by one cube of a
/// lattice: the cube chooses a random place, moves from there to the nearest membrane, and grows the synapse
/// outwards over the membrane as long as this belongs to the same two cells. If two synapses are too close to
/// each other, only the one whose cube has the smaller random number is kept. For one thread.
class Synapses {
 public:
  /// Stores a reference to `tissue`; it must outlive it.
  /// \pre 0 <= density <= 2.5
  Synapses(Tissue& tissue, double density);

  /// The synapses whose centre lies within `margin` of the box `low` … `high` (all in nm), in z, y, x order
  /// of their cubes. The pointers are valid until `trim` is called.
  std::vector<const Synapse*> near(const Vector& low, const Vector& high, double margin);
  /// Forgets synapses if there are many.
  void trim();

  static constexpr double lattice_edge = 400;  ///< nm
  /// A synapse's centre is at most this far outside the cube that drew it, nm.
  static constexpr double longest_drift = 160;
  static constexpr double largest_reach = 260;  ///< of all synapses, nm
  /// Nothing of a synapse is painted further than this beyond its reach, nm.
  static constexpr double painted_beyond = 60;

 private:
  struct Candidate {
    std::optional<Synapse> synapse;
    std::optional<bool> kept;  // unknown until asked
  };
  Candidate& candidate(const LatticeCell& cell);
  bool kept(const LatticeCell& cell, Candidate& asked);
  std::optional<Synapse> draw(const LatticeCell& cell);
  std::optional<Synapse> grow(const Vector& start, double radius);
  bool orient(Synapse& synapse, const Spot& spot, const Tile& tile);
  Synapse::Spoke walk(const Synapse& synapse, const Vector& direction, double radius);
  bool between_the_two(const Synapse& synapse, const Vector& p);

  Tissue& tissue_;
  double presence_;
  std::unordered_map<LatticeCell, Candidate, HashCell> candidates_;
};

/// Numbers the synapses that are painted in a volume, from 1, by the position of the cube that drew each.
/// That cube may lie outside the volume: a synapse's centre may lie outside its cube, and the synapse reaches
/// farther.
class SynapseNumbers {
 public:
  /// \param size  Edge lengths of the volume, which begins at (0, 0, 0), nm.
  explicit SynapseNumbers(const Vector& size);

  /// The number of the synapse that a cube drew: the same in every part of the volume, different for every
  /// cube.
  /// \pre That synapse is painted in the volume.
  std::uint64_t of(const LatticeCell& drawn_by) const;

  /// How many cubes beyond the volume, on every side, may draw synapses that are painted in it.
  static constexpr std::int64_t cubes_beyond =
      1 + floor_to_int((Synapses::longest_drift + Synapses::largest_reach + Synapses::painted_beyond) /
                       Synapses::lattice_edge);

 private:
  Extent cubes_;
};

}  // namespace cleft::phantom
