#include "io/volume/volume_source.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/fingerprint.hpp"
#include "base/narrow.hpp"
#include "io/volume/copy_elements.hpp"
#include "io/volume/usable_grey.hpp"

namespace cleft {
namespace {

std::int64_t product(const Lengths& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{1}, std::multiplies<>());
}

/// How far to step along each axis through a part of a chunked array, so that no chunk is decoded twice: by
/// whole chunks, as many as make up `max_elements`, at least one.
Lengths step_through(const Lengths& chunk, const Lengths& count, std::int64_t max_elements) {
  Lengths step = chunk.empty() ? Lengths(count.size(), 1) : chunk, taken(count.size());
  for (std::size_t axis = 0; axis < count.size(); ++axis) taken[axis] = std::min(step[axis], count[axis]);
  for (std::size_t axis = count.size(); axis-- > 0;) {
    const std::int64_t fitting = max_elements / (product(taken) / taken[axis]);
    step[axis] *= std::max<std::int64_t>(1, fitting / step[axis]);
    taken[axis] = std::min(step[axis], count[axis]);
  }
  return step;
}

/// As Missing::background says: what is no measurement counts as missing.
void fill_unusable(const View3<float>& values) {
  for (std::int64_t z = 0; z < values.extent().z; ++z)
    for (std::int64_t y = 0; y < values.extent().y; ++y)
      for (float& value : std::span(values.row(z, y), to_size(values.extent().x)))
        if (!is_usable_grey(value)) value = 0;
}

/// Calls visit(part) for each step through a part, in C order; the first step begins with a chunk.
template <class Visit>
void for_each_step(const StoredPart& whole, const Lengths& chunk, std::int64_t max_elements,
                   const Visit& visit) {
  const std::size_t rank = whole.begin.size();
  const Lengths step = step_through(chunk, whole.count, max_elements);
  Lengths first = whole.begin;  // where the first step begins, perhaps before the part
  for (std::size_t axis = 0; axis < rank && !chunk.empty(); ++axis) first[axis] -= first[axis] % chunk[axis];
  Lengths at = first;
  for (;;) {
    StoredPart part = whole;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      part.begin[axis] = std::max(at[axis], whole.begin[axis]);
      part.count[axis] =
          std::min(at[axis] + step[axis], whole.begin[axis] + whole.count[axis]) - part.begin[axis];
    }
    visit(part);
    std::size_t axis = rank;
    for (; axis > 0; --axis) {
      at[axis - 1] += step[axis - 1];
      if (at[axis - 1] < whole.begin[axis - 1] + whole.count[axis - 1]) break;
      at[axis - 1] = first[axis - 1];
    }
    if (axis == 0) return;
  }
}

/// What of a file's axes lies along z, y and x; `none_value` along z of a single section.
Extent along_space(const Lengths& lengths, const AxisPositions& axes, std::int64_t none_value) {
  Extent zyx;
  for (int axis = 0; axis < 3; ++axis)
    zyx[axis] = axes.space[axis] == AxisPositions::none ? none_value : lengths[axes.space[axis]];
  return zyx;
}

/// An order without the names of axes that hold a single plane and are no part of the space: whether such an
/// axis is called c, t or nothing makes no difference.
std::string without_idle_axes(std::string order, const Lengths& shape) {
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] == 1 && (order[axis] == 'c' || order[axis] == 't')) order[axis] = '?';
  return order;
}

/// Distances in elements between neighbours in C order.
Lengths strides_of(const Lengths& shape) {
  Lengths strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * shape[axis];
  return strides;
}

/// \throws InputError when there is no voxel, or so many that the bytes of working on them overflow: only a
/// damaged file says so.
void check_extent(const Extent& extent, const std::string& subject) {
  double voxels = 1;
  for (int axis = 0; axis < 3; ++axis) voxels *= static_cast<double>(extent[axis]);
  if (voxels > 1e15)
    throw InputError({subject, "claims " + to_string(extent) + " voxels", "a volume of at most 1e15 voxels"});
  if (voxels == 0)
    throw InputError({subject, "has no voxels: " + to_string(extent), "at least one along each axis"});
}

}  // namespace

VolumeSource::VolumeSource(StoredArray stored)
    : stored_(std::move(stored)),
      order_(axis_order(to_string(stored_.path), stored_.shape, stored_.axes, stored_.path.options)),
      axes_(axis_positions(to_string(stored_.path), order_, stored_.shape, stored_.path.options.axes_key)),
      dataset_place_{to_string(stored_.path), along_space(stored_.shape, axes_, 1), stored_.voxel_size,
                     stored_.offset},
      extent_(dataset_place_.extent) {
  check_extent(extent_, to_string(path()));
  choose_box();
  if (axes_.channel != AxisPositions::none) channel_count_ = to_size(stored_.shape[axes_.channel]);
  // Of an order from outside the file only that is kept which makes a difference: results are known by it.
  ReadOptions& options = stored_.path.options;
  ReadOptions no_order = options;
  no_order.axes.clear();
  no_order.recorded_axes.clear();
  const std::string without = axis_order(to_string(path()), stored_.shape, stored_.axes, no_order);
  const bool differs = without_idle_axes(without, stored_.shape) != without_idle_axes(order_, stored_.shape);
  options.axes = differs ? order_ : "";
  options.recorded_axes.clear();
}

/// Takes the box that the path's options ask for.
/// \throws InputError when it is no box of the dataset.
void VolumeSource::choose_box() {
  auto& asked = stored_.path.options.box;
  if (!asked) return;
  const Box whole = whole_box(extent_);
  for (const auto axis : {&GlobalVoxel::z, &GlobalVoxel::y, &GlobalVoxel::x})
    if (asked->end.*axis == end_of_axis) asked->end.*axis = whole.end.*axis;
  if (asked->empty() || !whole.contains(*asked)) {
    const std::string& key = stored_.path.options.box_key;
    throw InputError({key.empty() ? to_string(path()) : key, "is " + to_string(*asked),
                      fmt::format("a part of {}: {}", to_string(path()), to_string(whole))});
  }
  first_ = asked->begin - GlobalVoxel{};
  extent_ = asked->extent();
}

Place VolumeSource::place() const {
  Place part{dataset_place_.subject, extent_, dataset_place_.voxel_size, dataset_place_.offset};
  if (first_ == Extent{}) return part;
  part.offset.reset();
  if (part.voxel_size)
    part.offset = offset_of(dataset_place_.offset.value_or(PerAxis<double>{}), GlobalVoxel{} + first_,
                            *part.voxel_size);
  return part;
}

ArrayFingerprint VolumeSource::fingerprint_of_files() const {
  ArrayFingerprint fingerprint{content_fingerprint(files())};
  fingerprint.sampled = fingerprint.value.at("bytes").get<std::int64_t>() > max_bytes_compared_whole;
  fingerprint.value["type"] = to_string(type());
  return fingerprint;
}

bool VolumeSource::voxel_size_is_certain() const {
  if (!stored_.voxel_size || stored_.voxel_size_by_axis || axes_.in_order()) return true;
  const VoxelSize& size = *stored_.voxel_size;
  return size.z == size.y && size.y == size.x;
}

std::optional<Extent> VolumeSource::chunk() const {
  if (stored_.chunk.empty()) return std::nullopt;
  return along_space(stored_.chunk, axes_, 1);
}

Extent VolumeSource::read_unit() const {
  if (const auto chunk = this->chunk()) return *chunk;
  int fastest = 2;
  for (const int axis : {1, 0})
    if (axes_.space[axis] != AxisPositions::none && axes_.space[axis] > axes_.space[fastest]) fastest = axis;
  Extent row{1, 1, 1};
  row[fastest] = extent_[fastest];
  return row;
}

Lengths VolumeSource::along_all_axes(const Extent& zyx, std::int64_t channel, std::int64_t elsewhere) const {
  Lengths all(stored_.shape.size(), elsewhere);
  if (axes_.channel != AxisPositions::none) all[axes_.channel] = channel;
  for (int axis = 0; axis < 3; ++axis)
    if (axes_.space[axis] != AxisPositions::none) all[axes_.space[axis]] = zyx[axis];
  return all;
}

template <class T>
void VolumeSource::refuse(const std::string& value, const GlobalVoxel& voxel) const {
  std::string expected;
  if constexpr (std::is_floating_point_v<T>) {
    expected = "numbers that float32 holds exactly";
    if (path().options.conversion == Conversion::nearest)
      expected = "numbers in the range of float32";
    else if (!path().options.conversion_key.empty())
      expected += fmt::format(", or {}: nearest to round them", path().options.conversion_key);
  } else {
    expected = fmt::format("whole numbers from {} to {}", std::numeric_limits<T>::min(),
                           std::numeric_limits<T>::max());
  }
  throw InputError(
      {to_string(path()),
       fmt::format("holds {} ({}) at z {}, y {}, x {}", value, to_string(type()), voxel.z, voxel.y, voxel.x),
       expected});
}

/// Reads through a buffer, step by step: the file has other axes or other numbers than memory.
template <class T>
void VolumeSource::read_converting(std::size_t channel, const Box& box, const View3<T>& out) const {
  constexpr std::int64_t buffer_bytes = std::int64_t{1} << 20U;  // stays in a second-level cache
  const auto element_bytes = narrow<std::int64_t>(size_of(type()));
  std::unique_ptr<std::byte[]> buffer;
  std::int64_t held = 0;
  for_each_step(part_of(channel, box), stored_.chunk, buffer_bytes / element_bytes, [&](StoredPart part) {
    const GlobalVoxel begin = GlobalVoxel{} + along_space(part.begin, axes_, 0);
    part.box = {begin, begin + along_space(part.count, axes_, 1)};
    if (product(part.count) > held) {
      held = product(part.count);
      buffer = std::make_unique_for_overwrite<std::byte[]>(to_size(held * element_bytes));
    }
    read_part(part, part.count, buffer.get());
    const StridedElements elements{buffer.get(), type(), along_space(strides_of(part.count), axes_, 0)};
    const auto misfit = copy_elements(elements, path().options.conversion,
                                      out.part(box.local(begin - first_), part.box.extent()));
    if (misfit) refuse<T>(misfit->value, begin + Extent{misfit->at.z, misfit->at.y, misfit->at.x});
  });
}

StoredPart VolumeSource::part_of(std::size_t channel, const Box& box) const {
  const GlobalVoxel begin = box.begin + first_;
  return {along_all_axes(begin - GlobalVoxel{}, narrow<std::int64_t>(channel), 0),
          along_all_axes(box.extent(), 1, 1), box_at(begin, box.extent())};
}

template <class T>
void VolumeSource::read_as_stored(std::size_t channel, const Box& box, const View3<T>& out) const {
  if (type() != element_type_of<T>() || !axes_.in_order() || out.stride_z() % out.stride_y() != 0)
    return read_converting(channel, box, out);
  // Memory as the format sees it: an array with the file's own axes.
  const Extent array{box.extent().z, out.stride_z() / out.stride_y(), out.stride_y()};
  read_part(part_of(channel, box), along_all_axes(array, 1, 1), out.data());
}

template <class T>
void VolumeSource::read(std::size_t channel, const Box& box, const View3<T>& out) const {
  if (channel >= channel_count_ || !whole_box(extent_).contains(box) || box.extent() != out.extent())
    throw InternalError(fmt::format("{}: a read of {} of channel {} into {}", to_string(path()),
                                    to_string(box), channel, to_string(out.extent())));
  if (box.empty()) return;
  read_as_stored(channel, box, out);
  if constexpr (std::is_same_v<T, float>)
    if (path().options.missing == Missing::background && holds_floats(type())) fill_unusable(out);
}

template void VolumeSource::read(std::size_t, const Box&, const View3<std::uint8_t>&) const;
template void VolumeSource::read(std::size_t, const Box&, const View3<std::uint16_t>&) const;
template void VolumeSource::read(std::size_t, const Box&, const View3<std::uint64_t>&) const;
template void VolumeSource::read(std::size_t, const Box&, const View3<std::int64_t>&) const;
template void VolumeSource::read(std::size_t, const Box&, const View3<float>&) const;

}  // namespace cleft
