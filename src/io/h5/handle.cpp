#include "io/h5/handle.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace cleft::h5 {
namespace {

/// HDF5 keeps its errors on a stack from the innermost function (visited first) outwards: the innermost knows
/// the reason.
herr_t take_innermost(unsigned position, const H5E_error2_t* error, void* out) {
  if (position == 0 && error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
  return 0;
}

std::string innermost_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, &reason);
  return reason.empty() ? "no reason given by HDF5" : reason;
}

}  // namespace

void check(std::int64_t status, const std::string& subject, std::string_view action) {
  if (status >= 0) return;
  const std::string reason = innermost_reason();
  // HDF5 goes on with the addresses that it compared.
  if (reason.starts_with("truncated file"))
    throw InputError({subject, "is truncated: its end is missing", ""});
  throw IoError({subject, fmt::format("cannot {}: {}", action, reason), ""});
}

void start_library() {
  // Once per process: HDF5 accepts the first call only before it is open.
  static const bool started =
      H5dont_atexit() >= 0 && H5open() >= 0 && H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  if (!started) throw InternalError("HDF5 cannot be started");
}

Handle::Handle(hid_t id, const std::string& subject, std::string_view action) : id_(id) {
  check(id, subject, action);
}

void Handle::reset() noexcept {
  if (id_ >= 0) H5Idec_ref(id_);
  id_ = H5I_INVALID_HID;
}

}  // namespace cleft::h5
