#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "phantom/tissue.hpp"

namespace cleft::phantom {

/// A patch of membrane between two cells with its dark material: the cleft, and the densities on either side.
/// The membrane is kept as its height over a plane, known in even directions around the centre and at even
/// distances from it, so that the dark material is one piece whatever the tissue does around it.
struct Synapse {
  static constexpr std::size_t directions = 16;
  static constexpr std::size_t rings = 14;
  static constexpr double ring_step = 20;                                           // nm
  static constexpr double presynaptic_thickness = 18, postsynaptic_thickness = 32;  // nm of dark material
  struct Spoke {
    double rim = 0;  ///< from the centre to the patch's edge, nm
    std::array<double, rings>
        height{};  ///< of the membrane over the plane at n · ring_step from the centre, nm
  };

  LatticeCell drawn_by;
  std::uint64_t presynaptic = 0, postsynaptic = 0;  ///< ids of cells
  Vector centre;                                    ///< on the membrane, nm
  Vector normal;                                    ///< of the plane; length 1, into the presynaptic cell
  Vector along, across;                             ///< length 1, in the plane
  std::array<Spoke, directions> spokes;             ///< in even directions from `along` by way of `across`
  double reach = 0;                                 ///< the largest rim
  double bulge = 0;                                 ///< the largest height, up or down

  /// A place seen from the patch.
  struct Seen {
    double height;  ///< over the membrane, nm; positive on the presynaptic side
    double to_rim;  ///< to the rim in the plane, nm; positive inside
  };
  Seen see(const Vector& place) const;

  /// How far the dark material reaches from the membrane at this distance from the rim, as a part of its
  /// thickness.
  static double taper(double to_rim);
};

/// Synapses on the membranes of a tissue, at about `density` per µm³. Each is found from the one cube of a
/// lattice that draws it: from a random place in it to the nearest membrane, then outwards over the membrane
/// as long as it belongs to the same two cells. Of two synapses too close to each other the cube with the
/// smaller random number keeps its.
class Synapses {
 public:
  /// \pre 0 <= density <= 2.5
  Synapses(Tissue& tissue, double density);

  /// The synapses whose centre lies within `margin` of the box `low` … `high`, in z, y, x order of their
  /// cubes. Valid until `trim` is called.
  std::vector<const Synapse*> near(const Vector& low, const Vector& high, double margin);
  void trim();

  static constexpr double lattice_edge = 400;
  /// A synapse's centre is at most this far outside the cube that drew it.
  static constexpr double longest_drift = 160;
  static constexpr double largest_reach = 260;
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

/// Numbers the synapses that are painted in a volume, from 1 on, by the cube that drew each. Such a cube may
/// lie outside the volume: a synapse drifts away from it, and then reaches back.
class SynapseNumbers {
 public:
  /// \param size  Of the volume, which begins at (0, 0, 0), in nm.
  explicit SynapseNumbers(const Vector& size);

  /// The same for each part of a volume, and another one for each cube.
  /// \pre The synapse that `drawn_by` drew is painted in the volume.
  std::uint64_t of(const LatticeCell& drawn_by) const;

  /// Cubes beyond the volume, on either side, that may draw what is painted in it.
  static constexpr std::int64_t cubes_beyond =
      1 + floor_to_int((Synapses::longest_drift + Synapses::largest_reach + Synapses::painted_beyond) /
                       Synapses::lattice_edge);

 private:
  Extent cubes_;
};

}  // namespace cleft::phantom
