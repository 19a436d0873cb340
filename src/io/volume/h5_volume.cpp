#include "io/volume/h5_volume.hpp"

#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/h5_select.hpp"
#include "io/volume/axes.hpp"

namespace cleft {
namespace {

constexpr std::array<std::string_view, 10> type_names{"uint8", "uint16", "uint32", "uint64",  "int8",
                                                      "int16", "int32",  "int64",  "float32", "float64"};
constexpr std::array<std::size_t, 10> type_sizes{1, 2, 4, 8, 1, 2, 4, 8, 4, 8};

/// The dataset that a path without one can only mean.
std::string only_dataset(const h5::File& file) {
  constexpr std::size_t enough = 20;
  const auto paths = file.dataset_paths(enough);
  if (paths.size() == 1) return paths.front();
  if (paths.empty()) throw InputError({file.name(), "has no dataset", "a volume"});
  std::string found = "has several datasets and none was named:";
  for (const std::string& path : paths) found += " " + path;
  throw InputError({file.name(), found, "one of them as FILE/DATASET, or in a configuration as dataset"});
}

VolumePath completed(const VolumePath& path, const h5::File& file) {
  if (path.dataset.empty()) return {path.file, only_dataset(file)};
  return {path.file, path.dataset.front() == '/' ? path.dataset : "/" + path.dataset};
}

/// Whether a number's bits are where the machine's own types have them. HDF5 trusts what a damaged file says
/// about bits and writes beyond its buffers; numbers packed into fewer bits are not worth that risk.
bool has_plain_bits(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  if (H5Tget_class(type) != H5T_FLOAT) return H5Tget_offset(type) == 0 && H5Tget_precision(type) == bits;
  return H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0 ||
         H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F64BE) > 0;
}

ElementType element_type(const h5::Dataset& dataset) {
  const h5::Handle type(H5Dget_type(dataset.id()), dataset.name(), "read its type");
  const H5T_class_t kind = H5Tget_class(type.get());
  const std::size_t size = H5Tget_size(type.get());
  const bool is_number = kind == H5T_FLOAT || kind == H5T_INTEGER;
  if (is_number && !has_plain_bits(type.get()))
    throw InputError({dataset.name(), "holds numbers of an unusual kind", "uint8, uint16 or float32"});
  if (kind == H5T_FLOAT && size == 4) return ElementType::float32;
  if (kind == H5T_FLOAT && size == 8) return ElementType::float64;
  // h5py stores bool as an enumeration of int8.
  if (kind == H5T_ENUM && size == 1) return ElementType::uint8;
  if (kind == H5T_INTEGER) {
    const bool is_signed = H5Tget_sign(type.get()) == H5T_SGN_2;
    if (size == 1) return is_signed ? ElementType::int8 : ElementType::uint8;
    if (size == 2) return is_signed ? ElementType::int16 : ElementType::uint16;
    if (size == 4) return is_signed ? ElementType::int32 : ElementType::uint32;
    if (size == 8) return is_signed ? ElementType::int64 : ElementType::uint64;
  }
  throw InputError(
      {dataset.name(), "holds neither integers nor floating-point numbers", "uint8, uint16 or float32"});
}

/// \throws InputError when there is no voxel, or so many that the bytes of working on them overflow: only a
/// damaged file says so.
Extent checked_extent(const h5::Dataset& dataset, const PerAxis<std::size_t>& axes) {
  const h5::Shape shape = dataset.shape();
  constexpr hsize_t longest = hsize_t{1} << 40U;
  Extent extent;
  double voxels = 1;
  for (int axis = 0; axis < 3; ++axis) {
    const hsize_t length = axes[axis] == ChannelledAxes::none ? 1 : shape[axes[axis]];
    voxels *= narrow<double>(length);
    if (length > longest || voxels > 1e15)
      throw InputError({dataset.name(), fmt::format("claims {} voxels along one axis", length),
                        "a volume of at most 1e15 voxels"});
    extent[axis] = narrow<std::int64_t>(length);
  }
  if (voxels == 0)
    throw InputError({dataset.name(), "has no voxels: " + to_string(extent), "at least one along each axis"});
  return extent;
}

/// HDF5 makes no chunk longer than the volume that it belongs to, unless that can grow; where a damaged file
/// says so, it would read beyond the chunk.
void check_chunks(const h5::Dataset& dataset) {
  const h5::Shape chunks = dataset.chunks();
  if (chunks.empty()) return;
  const h5::Handle space(H5Dget_space(dataset.id()), dataset.name(), "read its shape");
  h5::Shape longest(chunks.size());
  h5::check(H5Sget_simple_extent_dims(space.get(), nullptr, longest.data()), dataset.name(),
            "read its shape");
  for (std::size_t i = 0; i < chunks.size(); ++i)
    if (chunks[i] > longest[i])
      throw IoError({dataset.name(),
                     fmt::format("is damaged: chunks {} long on an axis of {}", chunks[i], longest[i]), ""});
}

/// HDF5 would clamp a value that does not fit; a label 300 must not become 255. Rounding to float is meant.
H5T_conv_ret_t refuse_misfits(H5T_conv_except_t problem, hid_t, hid_t, void*, void*, void* found) {
  if (problem == H5T_CONV_EXCEPT_PRECISION) return H5T_CONV_UNHANDLED;
  *static_cast<bool*>(found) = true;
  return H5T_CONV_ABORT;
}

template <class T>
std::string_view name_of() {
  if constexpr (std::is_same_v<T, float>) return "float32";
  if constexpr (std::is_same_v<T, std::int64_t>) return "int64";
  return sizeof(T) == 1 ? "uint8" : sizeof(T) == 2 ? "uint16" : "uint64";
}

/// A box of the volume along all axes of the dataset.
h5::Shape along_all_axes(const Extent& zyx, const PerAxis<std::size_t>& axes, h5::Shape elsewhere) {
  h5::Shape all = std::move(elsewhere);
  for (int axis = 0; axis < 3; ++axis)
    if (axes[axis] != ChannelledAxes::none) all[axes[axis]] = narrow<hsize_t>(zyx[axis]);
  return all;
}

}  // namespace

bool names_hdf5_file(const std::filesystem::path& path) {
  const auto extension = path.extension();
  return extension == ".h5" || extension == ".hdf5" || extension == ".hdf" || extension == ".ilp";
}

VolumePath VolumePath::parse(const std::string& text) {
  std::filesystem::path folder;
  const std::filesystem::path whole(text);
  for (auto part = whole.begin(); part != whole.end(); folder /= *part++) {
    std::string name = part->string();
    if (name.ends_with(':')) name.pop_back();
    const auto file = folder / name;
    if (!names_hdf5_file(name) || std::filesystem::is_directory(file)) continue;
    std::filesystem::path dataset = "/";
    for (auto inner = std::next(part); inner != whole.end(); ++inner) dataset /= *inner;
    return {file, dataset == "/" ? "" : dataset.string()};
  }
  return {whole, ""};
}

std::string to_string(const VolumePath& path) {
  return path.dataset.empty() ? path.file.string() : path.file.string() + ":" + path.dataset;
}

std::string to_string(ElementType type) {
  return std::string(type_names[static_cast<std::size_t>(type)]);
}

std::size_t size_of(ElementType type) {
  return type_sizes[static_cast<std::size_t>(type)];
}

VolumeReader::Source::Source(h5::File opened, const VolumePath& named)
    : file(std::move(opened)),
      path(completed(named, file)),
      dataset(file.dataset(path.dataset, cache_bytes)) {}

VolumeReader::VolumeReader(const VolumePath& path)
    : source_(std::make_shared<const Source>(h5::File::open_read(path.file), path)),
      axes_(volume_axes(dataset())),
      first_element_(dataset().shape().size(), 0) {
  look_at_dataset();
}

VolumeReader::VolumeReader(const VolumePath& path, std::size_t channel)
    : source_(std::make_shared<const Source>(h5::File::open_read(path.file), path)) {
  const ChannelledAxes axes = channelled_volume_axes(dataset());
  const h5::Shape shape = dataset().shape();
  axes_ = axes.space;
  channel_axis_ = axes.channel;
  channel_count_ = axes.channel ? shape[*axes.channel] : 1;
  first_element_.assign(shape.size(), 0);
  select_channel(channel);
  look_at_dataset();
}

VolumeReader VolumeReader::other_channel(std::size_t channel) const {
  VolumeReader other = *this;
  other.select_channel(channel);
  return other;
}

void VolumeReader::select_channel(std::size_t channel) {
  if (channel >= channel_count_)
    throw InputError({to_string(path()), fmt::format("has {} channels", channel_count_),
                      fmt::format("a channel {}", channel)});
  if (channel_axis_) first_element_[*channel_axis_] = channel;
}

void VolumeReader::look_at_dataset() {
  check_chunks(dataset());
  extent_ = checked_extent(dataset(), axes_);
  type_ = element_type(dataset());
  stored_voxel_size_ = stored_voxel_size(dataset());
}

std::optional<Extent> VolumeReader::chunk() const {
  const h5::Shape chunks = dataset().chunks();
  if (chunks.empty()) return std::nullopt;
  Extent chunk;
  for (int axis = 0; axis < 3; ++axis)
    chunk[axis] = axes_[axis] == ChannelledAxes::none ? 1 : narrow<std::int64_t>(chunks[axes_[axis]]);
  return chunk;
}

template <class T>
void VolumeReader::read(const Box& box, const View3<T>& out) const {
  if (!whole_box(extent_).contains(box) || box.extent() != out.extent())
    throw InternalError(
        fmt::format("{}: a read of {} into {}", to_string(path()), to_string(box), to_string(out.extent())));
  if (box.empty()) return;
  const std::string subject = to_string(path());
  if (out.stride_z() % out.stride_y() != 0)
    throw InternalError(subject + ": read into rows that are not of one array");
  // Both sides have the dataset's own axes: HDF5 goes through the elements one by one where shapes differ.
  const std::size_t rank = first_element_.size();
  const h5::Shape ones(rank, 1);
  const h5::Shape begin = along_all_axes(box.begin - GlobalVoxel{}, axes_, first_element_);
  const h5::Shape count = along_all_axes(box.extent(), axes_, ones);
  const Extent array{box.extent().z, out.stride_z() / out.stride_y(), out.stride_y()};
  const h5::Shape in_memory = along_all_axes(array, axes_, ones);
  const h5::Handle selected =
      h5::select_box({H5Dget_space(dataset().id()), subject, "read its shape"}, begin, count, subject);
  const h5::Handle memory = h5::select_box(
      {H5Screate_simple(narrow<int>(rank), in_memory.data(), nullptr), subject, "describe memory"},
      h5::Shape(rank, 0), count, subject);
  const h5::Handle transfer(H5Pcreate(H5P_DATASET_XFER), subject, "prepare");
  bool misfit = false;
  h5::check(H5Pset_type_conv_cb(transfer.get(), refuse_misfits, &misfit), subject, "prepare");
  const herr_t status =
      H5Dread(dataset().id(), h5::memory_type<T>(), memory.get(), selected.get(), transfer.get(), out.data());
  if (misfit)
    throw InputError({subject,
                      fmt::format("holds values ({}) that do not fit {} in {}", to_string(type_),
                                  name_of<T>(), to_string(box)),
                      ""});
  h5::check(status, subject, "read " + to_string(box));
}

template void VolumeReader::read(const Box&, const View3<std::uint8_t>&) const;
template void VolumeReader::read(const Box&, const View3<std::uint16_t>&) const;
template void VolumeReader::read(const Box&, const View3<std::uint64_t>&) const;
template void VolumeReader::read(const Box&, const View3<std::int64_t>&) const;
template void VolumeReader::read(const Box&, const View3<float>&) const;

}  // namespace cleft
