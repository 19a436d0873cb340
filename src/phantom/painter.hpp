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
  const Synapse* synapse = nullptr;  ///< whose dark material the box's middle is in
};

/// Everything there is to paint in one tile. Edges are averaged over the box a sample stands for, along the
/// direction in which they cross it: what is cut obliquely is blurred.
class Painter {
 public:
  /// \param box  Edge lengths of the box that each sample stands for, nm.
  Painter(Tissue& tissue, Synapses& synapses, Organelles& organelles, const LatticeCell& tile,
          const Vector& box);

  const Tile& tile() const { return tile_; }
  /// The grain of a row of the tile.
  Texture::Row grain(double z, double y) const { return texture_.row(z, y); }
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
