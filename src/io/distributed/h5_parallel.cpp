#include "io/distributed/h5_parallel.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <mpi.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "io/h5/select.hpp"
#include "parallel/agree.hpp"
#include "parallel/native_communicator.hpp"

namespace cleft::h5 {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

/// A collective open that fails on some ranks only would leave the others waiting, so the usual reasons (no
/// such file, no permission) are found by one rank beforehand, without MPI.
void check_can_go_on(const std::filesystem::path& path) {
  constexpr auto no_link = "a file that an earlier run has begun; remove it to begin anew";
  // Without O_NONBLOCK a pipe would be waited for.
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && errno == ELOOP) throw InputError({path.string(), "is a link", no_link});
  if (fd < 0 && errno == EISDIR) throw InputError({path.string(), "is a directory", no_link});
  if (fd < 0) throw IoError({path.string(), "cannot be written: " + reason(errno), ""});
  struct stat status {};
  const bool regular = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
  ::close(fd);
  if (!regular) throw InputError({path.string(), "is no regular file", no_link});
}

/// Closing the file closes what is still open in it: an object that outlives it must not keep it open on one
/// rank alone.
Handle shared_access(const Communicator& comm, const std::string& subject) {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), subject, "prepare");
  check(H5Pset_fapl_mpio(access.get(), comm.native().handle, MPI_INFO_NULL), subject, "prepare for MPI");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), subject, "prepare");
  set_format(access.get(), subject);
  return access;
}

/// The ranks agree on whether opening went well. After a failure elsewhere a rank that did open the file must
/// not close it by itself; the end of the program does.
File agreed_file(const Communicator& comm, hid_t opened, const std::filesystem::path& path,
                 const char* action) {
  all_or_throw(comm, [&] { check(opened, path.string(), action); });
  return {Handle(opened, path.string(), action), path};
}

}  // namespace

File create_shared(const Communicator& comm, const std::filesystem::path& temporary,
                   const std::filesystem::path& path, std::size_t user_block) {
  start_library();
  all_or_throw(comm, [&] {
    if (comm.is_root()) create_new_file(temporary, path);
  });
  const Handle access = shared_access(comm, temporary.string());
  const Handle creation = file_creation(temporary.string());
  check(H5Pset_userblock(creation.get(), user_block), temporary.string(), "prepare");
  return agreed_file(comm, H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
                     temporary, "create");
}

File open_shared(const Communicator& comm, const std::filesystem::path& path) {
  start_library();
  // A damaged file is found by one rank, too: what it can open, all can.
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_can_go_on(path);
    File::open_read(path);
  });
  const Handle access = shared_access(comm, path.string());
  return agreed_file(comm, H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), path, "open");
}

CollectiveWrite::CollectiveWrite(const Dataset& dataset, const Part& held, std::span<const Part> written)
    : dataset_(dataset.id()), transfer_(H5Pcreate(H5P_DATASET_XFER), dataset.name(), "prepare") {
  // HDF5 copies element by element unless memory has the same shape as the part of the file.
  const Shape in_memory = written.empty() ? Shape(held.count.size(), 1) : held.count;
  memory_ = Handle(H5Screate_simple(narrow<int>(in_memory.size()), in_memory.data(), nullptr), dataset.name(),
                   "describe memory");
  file_ = Handle(H5Dget_space(dataset.id()), dataset.name(), "read its shape");
  check(H5Sselect_none(memory_.get()), dataset.name(), "select nothing");
  check(H5Sselect_none(file_.get()), dataset.name(), "select nothing");
  for (const Part& part : written) {
    Shape begin = part.begin;
    for (std::size_t axis = 0; axis < begin.size(); ++axis) begin[axis] -= held.begin[axis];
    memory_ = select_also(std::move(memory_), begin, part.count, dataset.name());
    file_ = select_also(std::move(file_), part.begin, part.count, dataset.name());
  }
  check(H5Pset_dxpl_mpio(transfer_.get(), H5FD_MPIO_COLLECTIVE), dataset.name(), "prepare");
}

herr_t CollectiveWrite::run(hid_t type, const void* values) {
  return H5Dwrite(dataset_, type, memory_.get(), file_.get(), transfer_.get(), values);
}

bool CollectiveWrite::was_collective() const {
  H5D_mpio_actual_io_mode_t mode = H5D_MPIO_NO_COLLECTIVE;
  H5Pget_mpio_actual_io_mode(transfer_.get(), &mode);
  return mode == H5D_MPIO_CHUNK_COLLECTIVE || mode == H5D_MPIO_CONTIGUOUS_COLLECTIVE;
}

}  // namespace cleft::h5
