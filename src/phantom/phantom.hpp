#pragma once

#include <memory>

#include "base/array3.hpp"
#include "phantom/options.hpp"
#include "phantom/phantom_class.hpp"

namespace cleft {

/// A part of a phantom volume. All arrays have the extent of its box.
struct PhantomBlock {
  explicit PhantomBlock(const Box& box);

  Box box;                         ///< in voxels of the volume
  Array3<std::uint8_t> raw;        ///< grey values as the microscope records them
  Array3<std::uint64_t> synapses;  ///< the synapse whose dark material the voxel is in, 0 for none
  Array3<std::uint8_t> classes;    ///< what each voxel is: a PhantomClass
  Array3<std::uint8_t> labels;     ///< brush strokes: a PhantomClass, 0 where there is none
};

/// A synthetic volume that looks like electron microscopy of neuropil. Each voxel depends on the options and
/// its own place only, so blocks of any shape fit together, and any number of ranks makes the same volume.
/// The time and memory that a block takes do not depend on the size of the volume. For one thread. Not
/// collective.
class Phantom {
 public:
  /// \throws InputError when an option is out of range.
  explicit Phantom(const PhantomOptions& options);
  ~Phantom();
  Phantom(const Phantom&) = delete;
  Phantom& operator=(const Phantom&) = delete;

  /// Makes the voxels of a part of the volume.
  /// \pre `box` lies inside the volume and is not empty.
  PhantomBlock make(const Box& box);

 private:
  struct Scene;
  std::unique_ptr<Scene> scene_;
};

}  // namespace cleft
