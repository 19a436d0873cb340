#pragma once

#include <cstdint>

#include <gtest/gtest.h>
#include <hwy/highway.h>

namespace cleft::test {

/// Does the same with the kernels of each SIMD target that this processor has.
template <class Body>
void on_every_target(const Body& body) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    body();
    hwy::SetSupportedTargetsForTest(0);
  }
}

}  // namespace cleft::test
