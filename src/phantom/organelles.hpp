#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "phantom/synapses.hpp"
#include "phantom/tissue.hpp"

namespace cleft::phantom {

/// A capsule (a cylinder with round ends) along a neurite. It is straight in the undisturbed tissue, so that
/// it is bent together with its neurite.
struct Mitochondrion {
  std::uint64_t cell = 0;  ///< id of the cell it is in
  Vector middle;           ///< nm, in the undisturbed tissue
  Vector axis;             ///< length 1
  double half_length = 0;  ///< half its length without the round ends, nm
  double radius = 0;       ///< nm
  Vector stack;            ///< length 1: the direction in which its cristae are stacked
  double spacing = 0;      ///< of the cristae, nm

  /// The distance of a place from the mitochondrion's surface, nm; positive inside.
  /// \param warped  The place in the undisturbed tissue, nm.
  /// \param depth   The place's distance from its cell's membrane, nm: a mitochondrion stays clear of the
  ///                membrane.
  double inside(const Vector& warped, double depth) const;
};

/// A small sphere with a dark rim.
struct Vesicle {
  Vector centre;       ///< nm
  double radius = 0;   ///< nm
  bool dense = false;  ///< has a dark core instead of a light lumen
};

/// Mitochondria and vesicles of a tissue, each drawn by one cube of a lattice. For one thread.
class Organelles {
 public:
  /// Stores references; they must outlive it.
  Organelles(Tissue& tissue, Synapses& synapses) : tissue_(tissue), synapses_(synapses) {}

  /// All mitochondria that may reach into a tile. The pointers are valid until `trim` is called.
  std::vector<const Mitochondrion*> mitochondria_near(const LatticeCell& tile);
  /// All vesicles that reach into a tile: clouds of them on the presynaptic side of synapses, a few anywhere
  /// else, even fewer with a dense core. None touches a membrane or a mitochondrion.
  std::vector<Vesicle> vesicles_near(const LatticeCell& tile);
  /// Forgets mitochondria if there are many.
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
