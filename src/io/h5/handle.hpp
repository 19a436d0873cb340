#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdf5.h>

/// HDF5 files, groups, datasets and attributes as objects that close themselves. Every failure becomes an
/// IoError (or an InputError where the user named something that is not there) whose subject is
/// "file.h5:/dataset" and whose text ends with HDF5's own innermost reason. HDF5 prints nothing itself. One
/// thread of a rank at a time may use any of this.
///
/// Nothing here is collective on a file opened by one rank. On a file shared by ranks
/// (io/distributed/h5_parallel.hpp) everything that creates something or writes an attribute is collective.
namespace cleft::h5 {

/// Lengths or positions per axis, slowest first.
using Shape = std::vector<hsize_t>;

/// Owns one HDF5 identifier of any kind and closes it.
class Handle {
 public:
  Handle() = default;
  /// Takes over `id`.
  /// \throws IoError "<subject>: cannot <action>: <reason>" when `id` is HDF5's failure value.
  Handle(hid_t id, const std::string& subject, std::string_view action);
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() { reset(); }

  hid_t get() const { return id_; }
  /// Closes it now; nothing happens when there is nothing to close.
  void reset() noexcept;
  /// Forgets it without closing it.
  void release() noexcept { id_ = H5I_INVALID_HID; }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

/// HDF5's innermost reason for the failure of its last call.
std::string last_reason();
/// \throws IoError "<subject>: cannot <action>: <reason>" when `status` is negative. Call it right after the
///         HDF5 call.
void check(std::int64_t status, const std::string& subject, std::string_view action);

/// Starts HDF5 as cleft wants it: silent, and leaving files alone when the program ends. By default HDF5
/// closes what is still open in MPI_Finalize or at exit; after a failed write that crashes, and on one rank
/// alone it hangs. cleft closes what it completes and nothing else. A program with MPI calls this before MPI
/// starts (later is too late for the hook in MPI_Finalize); everything that opens a file calls it as well.
void start_library();

}  // namespace cleft::h5
