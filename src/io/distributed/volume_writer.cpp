#include "io/distributed/volume_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/disk_space.hpp"
#include "base/narrow.hpp"
#include "io/distributed/h5_parallel.hpp"
#include "io/h5/select.hpp"
#include "io/h5/volume_attributes.hpp"
#include "io/volume/read_boxes.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

constexpr int gzip_level = 1;

/// Memory must hold the stored type: HDF5 does not write collectively what it has to convert.
void check_type(const h5::Dataset& volume, hid_t type) {
  const h5::Handle stored(H5Dget_type(volume.id()), volume.name(), "read its type");
  if (H5Tequal(stored.get(), type) <= 0)
    throw InternalError(volume.name() + ": written as another type than its own");
}

void check_box(const h5::Dataset& volume, const Extent& extent, const Box& box, const Extent& voxels) {
  if (!whole_box(extent).contains(box) || box.extent() != voxels)
    throw InternalError(
        fmt::format("{}: a write of {} into {}", volume.name(), to_string(voxels), to_string(box)));
}

void check_alignment(const h5::Dataset& volume, const Extent& extent, const Extent& chunk, const Box& box) {
  const Extent first = box.begin - GlobalVoxel{}, last = box.end - GlobalVoxel{};
  for (int axis = 0; axis < 3; ++axis)
    if (first[axis] % chunk[axis] != 0 || (last[axis] % chunk[axis] != 0 && last[axis] != extent[axis]))
      throw InternalError(fmt::format("{}: {} does not hold whole chunks", volume.name(), to_string(box)));
}

/// The same voxels without gaps between rows, so that HDF5 writes them with one call to the system. `copy`
/// holds them where the view has gaps.
template <class T>
std::span<const T> without_gaps(const View3<const T>& voxels, Array3<T>& copy) {
  const auto count = to_size(voxel_count(voxels.extent()));
  if (voxels.contiguous()) return {voxels.data(), count};
  copy = Array3<T>::copy_of(voxels);
  return {copy.data(), count};
}

/// Whether all bits are 0: -0.0 is another value than what an unwritten chunk holds.
template <class T>
bool is_zero(const View3<const T>& voxels) {
  const auto& e = voxels.extent();
  for (std::int64_t z = 0; z < e.z; ++z)
    for (std::int64_t y = 0; y < e.y; ++y)
      if (std::any_of(voxels.row(z, y), voxels.row(z, y) + e.x,
                      [](T v) { return v != 0 || std::signbit(static_cast<double>(v)); }))
        return false;
  return true;
}

template <class T>
std::int64_t bytes_of(std::span<const Box> boxes) {
  std::int64_t voxels = 0;
  for (const Box& box : boxes) voxels += voxel_count(box.extent());
  return voxels * narrow<std::int64_t>(sizeof(T));
}

}  // namespace

std::int64_t chunked_bytes(const Extent& extent, const Extent& chunk, std::int64_t voxel_bytes) {
  constexpr std::int64_t index_bytes = 256;
  std::int64_t chunks = 1;
  for (int axis = 0; axis < 3; ++axis) chunks *= (extent[axis] + chunk[axis] - 1) / chunk[axis];
  return chunks * (voxel_count(chunk) * voxel_bytes + index_bytes);
}

void WrittenVolume::set_attribute(const std::string& name, const std::vector<std::string>& texts) {
  dataset_.set_attribute(name, texts);
}

void WrittenVolume::set_attribute(const std::string& name, const std::vector<std::int64_t>& numbers) {
  dataset_.set_attribute(name, numbers);
}

VolumeWriter::VolumeWriter(Communicator comm, std::filesystem::path path, std::filesystem::path written,
                           UnpublishedFile begun, h5::File file)
    : comm_(std::move(comm)),
      path_(std::move(path)),
      written_(std::move(written)),
      begun_(std::move(begun)),
      file_(std::move(file)),
      exceptions_at_start_(std::uncaught_exceptions()) {}

VolumeWriter VolumeWriter::create(const Communicator& comm, const std::filesystem::path& path,
                                  std::size_t front_bytes) {
  return begin(comm, path, front_bytes, false);
}

VolumeWriter VolumeWriter::create_alone(const std::filesystem::path& path, std::size_t front_bytes) {
  return begin(Communicator::self(), path, front_bytes, true);
}

VolumeWriter VolumeWriter::begin(const Communicator& comm, const std::filesystem::path& path,
                                 std::size_t front_bytes, bool alone) {
  std::string name;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    remove_leftovers(path);
    name = temporary_name(path).string();
  });
  const std::filesystem::path written = comm.broadcast(name);
  // Before the file is made, so that it goes also when HDF5 cannot begin in it.
  UnpublishedFile begun = comm.is_root() ? UnpublishedFile(path, written) : UnpublishedFile();
  h5::File file = alone ? h5::File::create_new(written, path, front_bytes)
                        : h5::create_shared(comm, written, path, front_bytes);
  VolumeWriter writer(comm, path, written, std::move(begun), std::move(file));
  writer.alone_ = alone;
  writer.reserve(0);
  return writer;
}

VolumeWriter VolumeWriter::resume(const Communicator& comm, const std::filesystem::path& path) {
  const auto unfinished = unfinished_name(path);
  return {comm, path, unfinished, UnpublishedFile(), h5::open_shared(comm, unfinished)};
}

VolumeWriter::~VolumeWriter() {
  if (std::uncaught_exceptions() > exceptions_at_start_) file_.release();
}

template <class T>
WrittenVolume VolumeWriter::create_volume(const std::string& name, const VolumeLayout& layout) {
  Extent chunk;
  for (int axis = 0; axis < 3; ++axis) chunk[axis] = std::min(layout.chunk[axis], layout.extent[axis]);
  // Packed chunks are given their space one by one.
  const h5::Layout stored{.chunks = shape_of(chunk),
                          .gzip = layout.compressed ? gzip_level : 0,
                          .reserve = !(alone_ && layout.compressed)};
  // What a chunk of zeros takes when it is compressed: gzip's fastest level shrinks them to a 228th.
  constexpr std::int64_t shrink = 128;
  const std::int64_t as_they_are = chunked_bytes(layout.extent, chunk, sizeof(T));
  plan(layout.compressed ? chunked_bytes(layout.extent, chunk, 0) + as_they_are / shrink : as_they_are);
  std::optional<h5::Dataset> volume;
  run_collectively(comm_, [&] {
    volume.emplace(file_.create_dataset<T>(name, shape_of(layout.extent), stored));
    write_axes(*volume, layout.voxel_size, false, layout.offset);
  });
  return WrittenVolume(std::move(*volume));
}

/// Space is taken before each write: on a full disk a collective write fails on one rank, and the others
/// would wait for it without end.
void VolumeWriter::reserve(std::int64_t growth) const {
  constexpr std::int64_t for_metadata = 1 << 20;
  all_or_throw(comm_, [&] {
    if (!comm_.is_root()) return;
    const auto present = narrow<std::int64_t>(std::filesystem::file_size(written_));
    reserve_space(written_, std::max(present, planned_bytes_) + growth + for_metadata, path_);
  });
}

bool VolumeWriter::has_room(std::int64_t growth) const {
  try {
    reserve(growth);
    return true;
  } catch (const CollectiveError&) {  // on every rank alike
    return false;
  }
}

void VolumeWriter::plan(std::int64_t bytes) {
  planned_bytes_ += bytes;
  reserve(0);
}

void VolumeWriter::flush() {
  reserve(0);
  run_collectively(comm_, [&] { file_.flush(); });
}

template <class T>
void VolumeWriter::write_chunks(WrittenVolume& volume, const Box& box, const View3<const T>& voxels) const {
  h5::Dataset& dataset = volume.dataset_;
  const Extent extent = extent_of(dataset.shape()), chunk = extent_of(dataset.chunks());
  check_type(dataset, h5::memory_type<T>());
  check_box(dataset, extent, box, voxels.extent());
  check_alignment(dataset, extent, chunk, box);
  Array3<T> copy;
  for (const Box& part : boxes_of_extent(box, chunk)) {
    const auto values = without_gaps(voxels.part(box.local(part.begin), part.extent()), copy);
    dataset.write_part<T>(begin_of(part), shape_of(part.extent()), values);
  }
}

template <class T>
void VolumeWriter::write_collective(WrittenVolume& volume, const Box& box,
                                    const View3<const T>& voxels) const {
  std::vector<Box> chunks;  // that are written
  all_or_throw(comm_, [&] {
    const h5::Dataset& dataset = volume.dataset();
    check_type(dataset, h5::memory_type<T>());
    if (box.empty()) return;
    check_box(dataset, extent_of(dataset.shape()), box, voxels.extent());
    chunks = boxes_of_extent(box, extent_of(dataset.chunks()));
    if (!dataset.filters().empty())
      std::erase_if(chunks, [&](const Box& chunk) {
        return is_zero(voxels.part(box.local(chunk.begin), chunk.extent()));
      });
  });
  write_those<T>(volume.dataset_, box, voxels, chunks);
}

/// \param chunks  Those of the box that are written.
template <class T>
void VolumeWriter::write_those(h5::Dataset& dataset, const Box& box, const View3<const T>& voxels,
                               std::span<const Box> chunks) const {
  const std::int64_t bytes = comm_.sum(bytes_of<T>(chunks));
  if (bytes == 0) return;
  if (has_room(bytes)) {
    // As one box where no chunk is left out: HDF5 takes long to select many boxes.
    const std::vector<Box> whole{box};
    const bool all = !box.empty() && bytes_of<T>(chunks) == bytes_of<T>(whole);
    return write_together(dataset, box, all ? whole : chunks, voxels);
  }

  // No room for the voxels as they are; compressed they may take far less, and one chunk at a time shows it.
  const auto rounds = to_size(comm_.max(narrow<std::int64_t>(chunks.size())));
  for (std::size_t round = 0; round < rounds; ++round) {
    const Box chunk = round < chunks.size() ? chunks[round] : Box{};
    const std::span<const Box> one(&chunk, chunk.empty() ? 0 : 1);
    reserve(comm_.sum(bytes_of<T>(one)));
    write_together(dataset, chunk, one,
                   chunk.empty() ? View3<const T>() : voxels.part(box.local(chunk.begin), chunk.extent()));
  }
}

/// \param boxes  Parts of `box` that are written.
template <class T>
void VolumeWriter::write_together(h5::Dataset& volume, const Box& box, std::span<const Box> boxes,
                                  const View3<const T>& voxels) const {
  std::optional<h5::CollectiveWrite> write;
  std::span<const T> values;
  Array3<T> copy;
  all_or_throw(comm_, [&] {
    std::vector<h5::Part> parts;
    for (const Box& part : boxes) parts.push_back({begin_of(part), shape_of(part.extent())});
    write.emplace(volume, h5::Part{begin_of(box), shape_of(box.extent())}, parts);
    if (!boxes.empty()) values = without_gaps(voxels, copy);
  });
  const herr_t status = write->run(h5::memory_type<T>(), values.data());
  all_or_throw(comm_, [&] { h5::check(status, volume.name(), "write " + to_string(box)); });
}

h5::PackedChunk VolumeWriter::packed(std::span<const std::byte> elements) {
  return h5::deflated(elements, gzip_level);
}

void VolumeWriter::write_packed(WrittenVolume& volume, const GlobalVoxel& begin,
                                const h5::PackedChunk& chunk) {
  if (!alone_) throw InternalError(volume.dataset().name() + ": a packed chunk for a file that ranks share");
  const auto bytes = narrow<std::int64_t>(chunk.bytes.size());
  if (spare_bytes_ < bytes) {
    // Some at a time; on a disk that is nearly full just what this chunk takes.
    constexpr std::int64_t many = 64 << 20;
    spare_bytes_ = has_room(many) ? std::max(many, bytes) : bytes;
    reserve(spare_bytes_);
  }
  volume.dataset_.write_chunk(shape_of(begin - GlobalVoxel{}), chunk);
  spare_bytes_ -= bytes;
}

void VolumeWriter::close() {
  reserve(0);
  run_collectively(comm_, [&] { file_.close(); });
}

void VolumeWriter::finish() {
  close();
  all_or_throw(comm_, [&] {
    if (!comm_.is_root()) return;
    release_space(written_);
    publish_file(written_, path_);
    begun_.keep();
  });
}

UnpublishedFile VolumeWriter::finish_unpublished() {
  close();
  return std::move(begun_);
}

#define CLEFT_INSTANTIATE(T)                                                                            \
  template WrittenVolume VolumeWriter::create_volume<T>(const std::string&, const VolumeLayout&);       \
  template void VolumeWriter::write_chunks<T>(WrittenVolume&, const Box&, const View3<const T>&) const; \
  template void VolumeWriter::write_collective<T>(WrittenVolume&, const Box&, const View3<const T>&) const;

CLEFT_INSTANTIATE(std::uint8_t)
CLEFT_INSTANTIATE(std::uint16_t)
CLEFT_INSTANTIATE(std::uint32_t)
CLEFT_INSTANTIATE(std::uint64_t)
CLEFT_INSTANTIATE(std::int8_t)
CLEFT_INSTANTIATE(std::int16_t)
CLEFT_INSTANTIATE(std::int32_t)
CLEFT_INSTANTIATE(std::int64_t)
CLEFT_INSTANTIATE(float)
CLEFT_INSTANTIATE(double)
#undef CLEFT_INSTANTIATE

}  // namespace cleft
