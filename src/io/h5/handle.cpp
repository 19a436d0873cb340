#include "io/h5/handle.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {
namespace {

/// HDF5 keeps its errors on a stack from the innermost function (visited first) outwards: the innermost knows
/// the reason.
herr_t take_innermost(unsigned position, const H5E_error2_t* error, void* out) {
  if (position == 0 && error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
  return 0;
}

/// HDF5 would open whatever file an external link names, and wait for it if it is a pipe. With this class of
/// links in place of its own it opens none; io/h5/links.hpp follows them.
hid_t follow_nothing(const char*, hid_t, const void*, std::size_t, hid_t, hid_t) {
  return H5I_INVALID_HID;
}

ssize_t tell_value(const char*, const void* value, std::size_t bytes, void* out, std::size_t room) {
  if (out != nullptr) std::memcpy(out, value, std::min(bytes, room));
  return narrow<ssize_t>(bytes);
}

bool take_over_external_links() {
  H5L_class_t links{};
  links.version = H5L_LINK_CLASS_T_VERS;
  links.id = H5L_TYPE_EXTERNAL;
  links.comment = "external";
  links.trav_func = follow_nothing;
  links.query_func = tell_value;
  return H5Lregister(&links) >= 0;
}

/// External raw data and sources of virtual datasets are named relative to their file; HDF5 would also look
/// in the folder where the program is. A property would do, but only for datasets that are opened with it.
bool look_beside_the_file() {
  return ::setenv("HDF5_EXTFILE_PREFIX", "${ORIGIN}", 1) == 0 &&
         ::setenv("HDF5_VDS_PREFIX", "${ORIGIN}", 1) == 0;
}

}  // namespace

std::string last_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, &reason);
  return reason.empty() ? "no reason given by HDF5" : reason;
}

void check(std::int64_t status, const std::string& subject, std::string_view action) {
  if (status >= 0) return;
  const std::string reason = last_reason();
  // HDF5 goes on with the addresses that it compared.
  if (reason.starts_with("truncated file"))
    throw InputError({subject, "is truncated: its end is missing", ""});
  if (reason.starts_with("unable to lock file"))
    throw IoError({subject, "is open for writing in another program",
                   "it to be closed there (or HDF5_USE_FILE_LOCKING=FALSE in the environment, where the file "
                   "system has no locks)"});
  throw IoError({subject, fmt::format("cannot {}: {}", action, reason), ""});
}

void start_library() {
  // Once per process: HDF5 accepts the first call only before it is open.
  static const bool started = look_beside_the_file() && H5dont_atexit() >= 0 && H5open() >= 0 &&
                              H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0 && take_over_external_links();
  if (!started) throw InternalError("HDF5 cannot be started");
}

Handle::Handle(hid_t id, const std::string& subject, std::string_view action) : id_(id) {
  check(id, subject, action);
}

void Handle::reset() noexcept {
  if (id_ >= 0 && !library_has_crashed()) H5Idec_ref(id_);
  id_ = H5I_INVALID_HID;
}

}  // namespace cleft::h5
