#include "io/h5/h5_select.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {

h5::Shape shape_of(const Extent& extent) {
  return {narrow<hsize_t>(extent.z), narrow<hsize_t>(extent.y), narrow<hsize_t>(extent.x)};
}

h5::Shape begin_of(const Box& box) {
  return shape_of(box.begin - GlobalVoxel{});
}

Extent extent_of(const h5::Shape& shape) {
  return {narrow<std::int64_t>(shape[0]), narrow<std::int64_t>(shape[1]), narrow<std::int64_t>(shape[2])};
}

}  // namespace cleft

namespace cleft::h5 {

namespace {

Handle select(Handle space, H5S_seloper_t how, const Shape& begin, const Shape& count,
              const std::string& subject) {
  if (H5Sget_simple_extent_ndims(space.get()) != narrow<int>(begin.size()) || begin.size() != count.size())
    throw InternalError(subject + ": a part of another rank than the dataset was asked for");
  check(H5Sselect_hyperslab(space.get(), how, begin.data(), nullptr, count.data(), nullptr), subject,
        "select a part");
  if (H5Sselect_valid(space.get()) <= 0)
    throw InternalError(subject + ": a part outside the dataset was asked for");
  return space;
}

}  // namespace

Handle select_box(Handle space, const Shape& begin, const Shape& count, const std::string& subject) {
  return select(std::move(space), H5S_SELECT_SET, begin, count, subject);
}

Handle select_also(Handle space, const Shape& begin, const Shape& count, const std::string& subject) {
  return select(std::move(space), H5S_SELECT_OR, begin, count, subject);
}

}  // namespace cleft::h5
