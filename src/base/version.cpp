#include "base/version.hpp"

namespace cleft {

// CMake defines both macros for this file alone, so that a new commit recompiles nothing else.
std::string_view version() {
  return CLEFT_VERSION;
}

std::string_view source_revision() {
  return CLEFT_SOURCE_REVISION;
}

}  // namespace cleft
