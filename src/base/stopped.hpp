#pragma once

#include <exception>
#include <stop_token>

namespace cleft {

/// Thrown by a long computation that was asked to stop through its std::stop_token: nobody's fault, so no
/// Error. There is no result then; what the computation was to fill is in a valid but unspecified state.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped before the end, as asked for"; }
};

/// \throws Stopped when a stop was requested. Cheap: without a stop source a look at a pointer.
inline void throw_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Stopped();
}

}  // namespace cleft
