#include "io/distributed/h5_volume_writer.hpp"

#include <algorithm>
#include <cmath>
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
#include "io/h5/h5_select.hpp"
#include "io/volume/axes.hpp"
#include "io/volume/pieces.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

/// What is stored must be what is in memory: a conversion on the way would turn collective writes into single
/// ones.
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

/// The same voxels without gaps between rows: HDF5 writes what is in one piece in one piece. `copy` holds
/// them if need be.
template <class T>
std::span<const T> in_one_piece(const View3<const T>& voxels, Array3<T>& copy) {
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

VolumeWriter::VolumeWriter(Communicator comm, std::filesystem::path path, h5::File file)
    : comm_(std::move(comm)),
      path_(std::move(path)),
      file_(std::move(file)),
      exceptions_at_start_(std::uncaught_exceptions()) {}

VolumeWriter VolumeWriter::create(const Communicator& comm, const std::filesystem::path& path) {
  const auto unfinished = unfinished_name(path);
  VolumeWriter writer(comm, path, h5::create_shared(comm, unfinished));
  if (comm.is_root()) writer.begun_ = Removed(unfinished);
  writer.reserve(0);
  return writer;
}

VolumeWriter VolumeWriter::resume(const Communicator& comm, const std::filesystem::path& path) {
  return {comm, path, h5::open_shared(comm, unfinished_name(path))};
}

VolumeWriter::Removed::~Removed() {
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
}

VolumeWriter::~VolumeWriter() {
  if (std::uncaught_exceptions() > exceptions_at_start_) file_.release();
}

template <class T>
h5::Dataset VolumeWriter::create_volume(const std::string& name, const VolumeLayout& layout) {
  Extent chunk;
  for (int axis = 0; axis < 3; ++axis) chunk[axis] = std::min(layout.chunk[axis], layout.extent[axis]);
  const h5::Layout stored{.chunks = shape_of(chunk), .gzip = layout.compressed ? 1 : 0, .reserve = true};
  // What a chunk of zeros takes when it is compressed: gzip's fastest level shrinks them to a 228th.
  constexpr std::int64_t shrink = 128;
  const std::int64_t as_they_are = chunked_bytes(layout.extent, chunk, sizeof(T));
  plan(layout.compressed ? chunked_bytes(layout.extent, chunk, 0) + as_they_are / shrink : as_they_are);
  std::optional<h5::Dataset> volume;
  run_collectively(comm_, [&] {
    volume.emplace(file_.create_dataset<T>(name, shape_of(layout.extent), stored));
    write_axes(*volume, layout.voxel_size);
  });
  return std::move(*volume);
}

/// A write that fails for want of space fails on one rank and leaves the others waiting in it.
void VolumeWriter::reserve(std::int64_t growth) const {
  constexpr std::int64_t for_metadata = 1 << 20;
  all_or_throw(comm_, [&] {
    if (!comm_.is_root()) return;
    const std::filesystem::path part = unfinished_name(path_);
    const auto present = narrow<std::int64_t>(std::filesystem::file_size(part));
    reserve_space(part, std::max(present, planned_bytes_) + growth + for_metadata);
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
void VolumeWriter::write_chunks(h5::Dataset& volume, const Box& box, const View3<const T>& voxels) const {
  const Extent extent = extent_of(volume.shape()), chunk = extent_of(volume.chunks());
  check_type(volume, h5::memory_type<T>());
  check_box(volume, extent, box, voxels.extent());
  check_alignment(volume, extent, chunk, box);
  Array3<T> copy;
  for (const Box& piece : pieces_of_extent(box, chunk)) {
    const auto values = in_one_piece(voxels.part(box.local(piece.begin), piece.extent()), copy);
    volume.write_part<T>(begin_of(piece), shape_of(piece.extent()), values);
  }
}

template <class T>
void VolumeWriter::write_collective(h5::Dataset& volume, const Box& box, const View3<const T>& voxels) const {
  std::vector<Box> pieces;  // that are written
  all_or_throw(comm_, [&] {
    check_type(volume, h5::memory_type<T>());
    if (box.empty()) return;
    check_box(volume, extent_of(volume.shape()), box, voxels.extent());
    pieces = pieces_of_extent(box, extent_of(volume.chunks()));
    if (!volume.filters().empty())
      std::erase_if(pieces, [&](const Box& piece) {
        return is_zero(voxels.part(box.local(piece.begin), piece.extent()));
      });
  });
  const std::int64_t bytes = comm_.sum(bytes_of<T>(pieces));
  if (bytes == 0) return;
  if (has_room(bytes)) {
    // In one piece where nothing is left out: many pieces take HDF5 long to select.
    const std::vector<Box> whole{box};
    const bool all = !box.empty() && bytes_of<T>(pieces) == bytes_of<T>(whole);
    return write_together(volume, box, all ? whole : pieces, voxels);
  }

  // No room for the voxels as they are; compressed they may take far less, and one chunk at a time shows it.
  const auto rounds = to_size(comm_.max(narrow<std::int64_t>(pieces.size())));
  for (std::size_t round = 0; round < rounds; ++round) {
    const Box piece = round < pieces.size() ? pieces[round] : Box{};
    const std::span<const Box> written(&piece, piece.empty() ? 0 : 1);
    reserve(comm_.sum(bytes_of<T>(written)));
    write_together(volume, piece, written,
                   piece.empty() ? View3<const T>() : voxels.part(box.local(piece.begin), piece.extent()));
  }
}

/// \param pieces  Of the box, which are written.
template <class T>
void VolumeWriter::write_together(h5::Dataset& volume, const Box& box, std::span<const Box> pieces,
                                  const View3<const T>& voxels) const {
  std::optional<h5::CollectiveWrite> write;
  std::span<const T> values;
  Array3<T> copy;
  all_or_throw(comm_, [&] {
    std::vector<h5::Part> parts;
    for (const Box& piece : pieces) parts.push_back({begin_of(piece), shape_of(piece.extent())});
    write.emplace(volume, h5::Part{begin_of(box), shape_of(box.extent())}, parts);
    if (!pieces.empty()) values = in_one_piece(voxels, copy);
  });
  const herr_t status = write->run(h5::memory_type<T>(), values.data());
  all_or_throw(comm_, [&] { h5::check(status, volume.name(), "write " + to_string(box)); });
}

void VolumeWriter::finish(const std::function<void(h5::File&)>& extra) {
  reserve(0);
  run_collectively(comm_, [&] { file_.close(); });
  all_or_throw(comm_, [&] {
    if (!comm_.is_root()) return;
    const std::filesystem::path part = unfinished_name(path_);
    if (extra) {
      h5::File file = h5::File::open_write(part);
      extra(file);
      file.close();
    }
    release_space(part);
    publish_file(part, path_);
    begun_.keep();
  });
}

#define CLEFT_INSTANTIATE(T)                                                                          \
  template h5::Dataset VolumeWriter::create_volume<T>(const std::string&, const VolumeLayout&);       \
  template void VolumeWriter::write_chunks<T>(h5::Dataset&, const Box&, const View3<const T>&) const; \
  template void VolumeWriter::write_collective<T>(h5::Dataset&, const Box&, const View3<const T>&) const;

CLEFT_INSTANTIATE(std::uint8_t)
CLEFT_INSTANTIATE(std::uint16_t)
CLEFT_INSTANTIATE(std::uint64_t)
CLEFT_INSTANTIATE(float)
#undef CLEFT_INSTANTIATE

}  // namespace cleft
