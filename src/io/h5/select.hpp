#pragma once

#include <string>

#include "base/box.hpp"
#include "io/h5/handle.hpp"

namespace cleft {

/// An extent, or a box's first voxel, as a list of z, y, x.
h5::Shape shape_of(const Extent& extent);
h5::Shape begin_of(const Box& box);
/// \pre shape has three axes.
Extent extent_of(const h5::Shape& shape);

}  // namespace cleft

namespace cleft::h5 {

/// Selects a box of a dataspace: what a read or a write takes from a file or from memory.
/// \param begin, count  Per axis of the space.
/// \param subject       What is read or written, for messages.
/// \throws InternalError when the box has other axes than the space or reaches beyond it.
Handle select_box(Handle space, const Shape& begin, const Shape& count, const std::string& subject);
/// Adds a box to what is selected already.
Handle select_also(Handle space, const Shape& begin, const Shape& count, const std::string& subject);

}  // namespace cleft::h5
