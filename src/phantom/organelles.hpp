#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "phantom/synapses.hpp"
#include "phantom/tissue.hpp"

namespace cleft::phantom {

/// A capsule along a neurite, in the undisturbed tissue, so that it bends with its neurite.
struct Mitochondrion {
  std::uint64_t cell = 0;  ///< id of the cell it is in
  Vector middle;           ///< nm, in the undisturbed tissue
  Vector axis;             ///< length 1
  double half_length = 0;  ///< without the round ends, nm
  double radius = 0;       ///< nm
  Vector stack;            ///< length 1: the direction in which its cristae are stacked
  double spacing = 0;      ///< of the cristae, nm

  /// From the outer surface, nm; positive inside. `depth` is the place's distance from its cell's membrane,
  /// which a mitochondrion keeps clear of.
  double inside(const Vector& warped, double depth) const;
};

/// A small sphere with a dark rim.
struct Vesicle {
  Vector centre;       ///< nm
  double radius = 0;   ///< nm
  bool dense = false;  ///< has a dark core instead of a light lumen
};

/// Mitochondria and vesicles of a tissue, each drawn by one cube of a lattice.
class Organelles {
 public:
  Organelles(Tissue& tissue, Synapses& synapses) : tissue_(tissue), synapses_(synapses) {}

  /// Every mitochondrion that may reach into a tile. Valid until `trim` is called.
  std::vector<const Mitochondrion*> mitochondria_near(const LatticeCell& tile);
  /// Every vesicle that reaches into a tile: clouds on the presynaptic side of synapses, a few stray ones
  /// anywhere, fewer still with a dense core. Clear of membranes and mitochondria.
  std::vector<Vesicle> vesicles_near(const LatticeCell& tile);
  void trim();

 private:
  std::optional<Mitochondrion> draw_mitochondrion(const LatticeCell& cell);
  bool has_place(const Vesicle& vesicle, const std::vector<const Mitochondrion*>& mitochondria,
                 std::uint64_t cell_id);

  Tissue& tissue_;
  Synapses& synapses_;
  std::unordered_map<LatticeCell, std::optional<Mitochondrion>, HashCell> mitochondria_;
};

}  // namespace cleft::phantom
