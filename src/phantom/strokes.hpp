#pragma once

#include <vector>

#include "base/array3.hpp"
#include "phantom/options.hpp"
#include "phantom/organelles.hpp"
#include "phantom/synapses.hpp"
#include "phantom/tissue.hpp"

namespace cleft::phantom {

/// Brush strokes as a person makes them to train a classifier: short curved lines in a few sections, along
/// membranes, across synapses, and inside cells, where mitochondria and vesicles are sought out.
class Strokes {
 public:
  /// Stores references to all arguments; they must outlive it.
  Strokes(const PhantomOptions& options, Tissue& tissue, Synapses& synapses, Organelles& organelles);

  /// Marks the voxels of `box` that strokes go over with the strokes' PhantomClass. A stroke leaves out
  /// voxels of other classes.
  /// \param box      In voxels of the volume.
  /// \param classes  The PhantomClass of each voxel of `box` (z, y, x).
  /// \param labels   Of the same extent; only voxels under strokes are written.
  void draw(const Box& box, View3<const std::uint8_t> classes, View3<std::uint8_t> labels);

 private:
  using Path = std::vector<Vector>;
  struct Canvas {
    Box box;
    View3<const std::uint8_t> classes;
    View3<std::uint8_t> labels;
  };
  void draw_section(const Canvas& canvas, std::int64_t z);
  void mark(const Canvas& canvas, std::int64_t z, const Path& path, double width, std::uint8_t label) const;
  Path along_membrane(Random& random, Vector p);
  Path inside_cell(Random& random, Vector p);
  Path across_synapse(const Synapse& synapse, double z);
  Vector find_mitochondrion(Random& random, Vector start);
  bool onto_membrane(Vector& p, Vector& normal);

  const PhantomOptions& options_;
  Tissue& tissue_;
  Synapses& synapses_;
  Organelles& organelles_;
  double step_;
};

}  // namespace cleft::phantom
