#pragma once

#include "objects/measure.hpp"
#include "threshold/ratio_step.hpp"

namespace cleft {

/// A synapse or a candidate before its derived values. Trivially copyable.
struct SynapseSums {
  ComponentSums component;
  CoreSums cores;
  RatioStep decisive = 0;  ///< see decisive_step

  friend bool operator==(const SynapseSums&, const SynapseSums&) = default;
};

}  // namespace cleft
