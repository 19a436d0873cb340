#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/box.hpp"
#include "ilastik/images.hpp"
#include "io/h5/group.hpp"

namespace cleft {

/// Where a block of labels lies in its image, and how its array is stepped through, whatever the order of its
/// axes.
struct PlacedBlock {
  Extent begin{0, 0, 0}, extent{1, 1, 1};
  /// Elements of the array from one voxel to the next; 0 where it has no such axis.
  PerAxis<std::size_t> steps{};
};

/// In which order of axes the blocks of one image are stored. Since ilastik 1.3.2 (but not in 1.3.3) a
/// block says so itself. In other projects the axes are the image's, c put last or, in 1.3.3, left in its
/// place, and axes in which the image has length 1 may be left out. Which of these it is follows from what
/// the blocks say of where they lie: the right order is one that all of them can have.
class BlockAxes {
 public:
  /// \param set      The blocks of one image.
  /// \param version  Of the ilastik that saved the project.
  BlockAxes(const h5::Group& set, const IlastikImage& image, std::string version);

  /// \throws InputError when the block does not say where it lies, says what its array contradicts, lies
  ///         elsewhere than at time 0, or when it could lie at several places; names these.
  PlacedBlock place(const h5::Dataset& dataset) const;

 private:
  const IlastikImage& image_;
  std::string version_;
  std::vector<std::string> orders_;  // that blocks without a statement can all have
};

}  // namespace cleft
