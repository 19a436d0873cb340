#pragma once

#include <array>

#include "base/enum_words.hpp"

namespace cleft {

/// Whose arithmetic all filters of a set follow. ilastik's projects do not record it, so users state it.
///
/// The dialects differ most in the structure tensor. With n the filter's sigma, `ilastik` takes derivatives
/// at 0.5 n and averages their products at n; `ilastik_1_2` takes derivatives at n and averages at 0.5 n.
/// Besides, `ilastik_1_2` computes with VIGRA's own filters: their kernels reach at least one voxel, and
/// every step is rounded as VIGRA rounds it, which changes values by a few units in the last place.
enum class FilterDialect {
  ilastik,      ///< ilastik since version 1.3
  ilastik_1_2,  ///< ilastik up to version 1.2
};

/// What the configuration, the command line and model files call a dialect.
template <>
struct EnumWords<FilterDialect> {
  static constexpr auto list = std::to_array<EnumWord<FilterDialect>>(
      {{FilterDialect::ilastik, "ilastik"}, {FilterDialect::ilastik_1_2, "ilastik-1.2"}});
};

}  // namespace cleft
