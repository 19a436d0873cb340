#pragma once

#include <string>
#include <type_traits>

namespace cleft::h5 {

/// Whether HDF5 has crashed in this process (see shielded). Nothing may be asked of it any more, not even to
/// close what is open.
bool library_has_crashed();

/// \cond
void run_shielded(const std::string& subject, void (*call)(void*), void* context);
/// \endcond

/// Makes calls to HDF5 that look at what others have written. HDF5 follows some of what a damaged file says
/// without checking it (places in its heap of texts, above all) and then uses memory that is not its own: a
/// signal, which is turned into an error here. A child process that looks first would be cleaner, but a fork
/// is not safe everywhere once MPI runs.
///
/// \param subject  The file, for the message.
/// \param call     Calls HDF5 and nothing else: after a crash no destructor in it runs.
/// \returns        What `call` returns: a number.
/// \throws         IoError when HDF5 crashes in it, or has crashed before.
template <class Call>
auto shielded(const std::string& subject, const Call& call) {
  using Result = std::invoke_result_t<const Call&>;
  static_assert(std::is_arithmetic_v<Result> || std::is_enum_v<Result>);
  struct Context {
    const Call& call;
    Result result{};
  } context{call};
  run_shielded(
      subject,
      [](void* erased) {
        auto& given = *static_cast<Context*>(erased);
        given.result = given.call();
      },
      &context);
  return context.result;
}

}  // namespace cleft::h5
