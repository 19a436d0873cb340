#pragma once

// Of the runtime library of the address sanitizer; nothing where a program is linked without it.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name is the sanitizer's
extern "C" void __asan_init() __attribute__((weak));

namespace cleft::test {

/// Whether this process runs under the address sanitizer, which keeps what is freed and takes memory of its
/// own. A test may be compiled without it and linked with it (tests/CMakeLists.txt).
inline bool under_address_sanitizer() {
  return __asan_init != nullptr;
}

}  // namespace cleft::test
