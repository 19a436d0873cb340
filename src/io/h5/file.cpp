#include "io/h5/file.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/file_kind.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"
#include "io/h5/shield.hpp"
#include "io/h5/superblock.hpp"

namespace cleft::h5 {
namespace {

constexpr std::string_view whole_file = "the whole file: copy it again, or write it again";

/// Finds what is wrong with a path before HDF5 does, whose words for it are less clear.
void check_readable(const std::filesystem::path& path) {
  constexpr std::uintmax_t shortest = 96;  // what even an empty file has before its first object
  std::error_code none;
  if (const FileKind kind = kind_of_file(path);
      std::filesystem::is_directory(path, none) && !kind.name.empty())
    throw InputError(
        {path.string(), "is " + kind.name + ", not an HDF5 file", "an HDF5 file; " + kind.advice});
  check_regular_file(path, "an HDF5 file");
  const auto bytes = std::filesystem::file_size(path);
  if (shielded(path.string(), [&] { return H5Fis_hdf5(path.c_str()); }) <= 0) {
    const FileKind kind = kind_of_file(path);
    const std::string is = bytes == 0 ? "empty" : kind.name;
    throw InputError({path.string(), is.empty() ? "is not an HDF5 file" : "is " + is + ", not an HDF5 file",
                      kind.advice.empty() ? "" : "an HDF5 file; " + kind.advice});
  }
  if (bytes < shortest)
    throw InputError({path.string(), fmt::format("is damaged or cut short: it has {} bytes", bytes),
                      std::string(whole_file)});
}

/// Says of a file that HDF5 could not open how much of it is missing, if anything is.
void check_length(const std::filesystem::path& path) {
  const auto written = bytes_when_written(path);
  const auto bytes = std::filesystem::file_size(path);
  if (written && *written > bytes)
    throw InputError(
        {path.string(),
         fmt::format("is cut short: it has {} of the {} bytes that it was written with", bytes, *written),
         std::string(whole_file)});
}

Handle open_checked(const std::filesystem::path& path, unsigned how, hid_t access, std::string_view action) {
  check_readable(path);
  const hid_t file = shielded(path.string(), [&] { return H5Fopen(path.c_str(), how, access); });
  if (file < 0) check_length(path);
  return {file, path.string(), action};
}

/// The driver that keeps a file in memory and leaves the disk alone.
Handle memory_access(const std::string& subject) {
  constexpr std::size_t growth = std::size_t{1} << 20U;
  Handle access(H5Pcreate(H5P_FILE_ACCESS), subject, "prepare");
  check(H5Pset_fapl_core(access.get(), growth, false), subject, "prepare");
  return access;
}

}  // namespace

void set_format(hid_t access, const std::string& subject) {
  check(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST), subject, "prepare");
}

Handle file_creation(const std::string& subject) {
  Handle list(H5Pcreate(H5P_FILE_CREATE), subject, "prepare");
  check(H5Pset_obj_track_times(list.get(), false), subject, "prepare");
  return list;
}

File File::open_read(const std::filesystem::path& path) {
  start_library();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), path.string(), "prepare");
  // Many jobs share an input; a file system without locks is no reason to refuse it.
  check(H5Pset_file_locking(access.get(), true, true), path.string(), "prepare");
  return {open_checked(path, H5F_ACC_RDONLY, access.get(), "open"), path};
}

File File::create_in_memory(const std::filesystem::path& path) {
  start_library();
  // In the format of HDF5's beginnings, which has no checksums but is read back: images of later ones have a
  // wrong one (HDF5 1.10.8).
  const Handle access = memory_access(path.string());
  return {Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), path.string(), "create"),
          path};
}

File File::open_image(std::span<const char> image, const std::filesystem::path& path) {
  start_library();
  const Handle access = memory_access(path.string());
  std::vector<char> bytes(image.begin(), image.end());  // HDF5 asks for memory that is not const
  check(H5Pset_file_image(access.get(), bytes.data(), bytes.size()), path.string(), "prepare");
  const std::string no_file = path / "image";  // HDF5 insists on a name that no file on disk has
  const hid_t file =
      shielded(path.string(), [&] { return H5Fopen(no_file.c_str(), H5F_ACC_RDONLY, access.get()); });
  return {Handle(file, path.string(), "open"), path};
}

File::File(Handle file, const std::filesystem::path& path)
    : Group(Handle(H5Gopen2(file.get(), "/", H5P_DEFAULT), path.string(), "open its root"),
            path.string() + ":/", path.string()),
      file_id_(std::move(file)) {}

File File::open_write(const std::filesystem::path& path) {
  start_library();
  return {open_checked(path, H5F_ACC_RDWR, H5P_DEFAULT, "open for writing"), path};
}

File File::create_new(const std::filesystem::path& temporary, const std::filesystem::path& path,
                      std::size_t user_block) {
  start_library();
  create_new_file(temporary, path);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), temporary.string(), "prepare");
  set_format(access.get(), temporary.string());
  const Handle creation = file_creation(temporary.string());
  check(H5Pset_userblock(creation.get(), user_block), temporary.string(), "prepare");
  return {Handle(H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
                 temporary.string(), "create"),
          temporary};
}

File File::open_own(const std::filesystem::path& path) {
  start_library();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), path.string(), "prepare");
  set_format(access.get(), path.string());
  return {open_checked(path, H5F_ACC_RDWR, access.get(), "open for writing"), path};
}

std::string File::path() const {
  return name_.substr(0, name_.size() - 2);
}

int File::descriptor() const {
  void* descriptor = nullptr;
  check(H5Fget_vfd_handle(file_id_.get(), H5P_DEFAULT, &descriptor), path(), "look at");
  return *static_cast<const int*>(descriptor);
}

FileStamp File::stamp() const {
  return stamp_of(descriptor(), path());
}

void File::flush() {
  check(H5Fflush(file_id_.get(), H5F_SCOPE_LOCAL), path(), "write");
}

/// HDF5 must not be left with a file that failed to close: it would use what it has freed when the program
/// ends. So what can fail is done first, and after a failure the file stays open.
void File::close() {
  if (library_has_crashed()) return release();
  id_.reset();
  try {
    flush();
  } catch (...) {
    release();
    throw;
  }
  file_id_.reset();
}

void File::release() noexcept {
  id_.release();
  file_id_.release();
}

File::~File() {
  try {
    if (file_id_.get() >= 0) close();
  } catch (const Error&) {
    // A destructor has nobody to tell; whoever cares has called close().
    return;
  }
}

std::vector<char> File::image() const {
  check(H5Fflush(file_id_.get(), H5F_SCOPE_LOCAL), name_, "complete");
  const ssize_t size = H5Fget_file_image(file_id_.get(), nullptr, 0);
  check(size, name_, "complete");
  std::vector<char> bytes(to_size(size));
  check(H5Fget_file_image(file_id_.get(), bytes.data(), bytes.size()), name_, "complete");
  return bytes;
}

void write_file(const std::filesystem::path& path, const std::function<void(File&)>& fill) {
  File file = File::create_in_memory(path);
  fill(file);
  const std::vector<char> bytes = file.image();
  write_file_atomically(path, {bytes.data(), bytes.size()});
}

}  // namespace cleft::h5
