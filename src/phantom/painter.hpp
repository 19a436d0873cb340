#pragma once

#include <vector>

#include "phantom/organelles.hpp"
#include "phantom/synapses.hpp"
#include "phantom/texture.hpp"
#include "phantom/tissue.hpp"

namespace cleft::phantom {

/// What a small box of tissue looks like.
struct Paint {
  double grey = 0;                   ///< 0 … 255
  double membrane = 0;               ///< part of the box that is membrane, 0 … 1
  const Synapse* synapse = nullptr;  ///< the one in whose dark material the box's middle is; null if in none
};

/// Paints one tile: everything that can be seen in it. Each sample stands for a small box, over which edges
/// are averaged along the direction in which they cross it; so what a thick section cuts obliquely is
/// blurred.
class Painter {
 public:
  /// Valid until one of `tissue`, `synapses` and `organelles` is trimmed.
  /// \param box  Edge lengths of the box that each sample stands for, nm.
  Painter(Tissue& tissue, Synapses& synapses, Organelles& organelles, const LatticeCell& tile,
          const Vector& box);

  const Tile& tile() const { return tile_; }
  /// The texture along a row of the tile; z and y in nm.
  Texture::Row grain(double z, double y) const { return texture_.row(z, y); }
  /// What the sample at a place of the tile looks like.
  /// \param grain  The texture at `spot`.
  Paint paint(const Spot& spot, double grain) const;

 private:
  double width(const Vector& normal) const;
  double cytoplasm(const Spot& spot, double grain) const;
  double with_vesicles(double grey, const Spot& spot) const;
  double with_mitochondria(double grey, const Spot& spot, double grain) const;
  double with_membrane(double grey, const Spot& spot, double grain, double& membrane) const;
  double with_synapses(double grey, const Spot& spot, double grain, Paint& paint) const;

  const Tile& tile_;
  Vector box_;
  double widest_;
  Texture texture_;
  std::vector<const Mitochondrion*> mitochondria_;
  std::vector<Vesicle> vesicles_;
  std::vector<const Synapse*> synapses_;
};

}  // namespace cleft::phantom
