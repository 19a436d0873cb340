#pragma once

#include <cstdint>

#include "base/enum_words.hpp"

namespace cleft {

/// How a tree's training draws are taken from the samples: each sample equally often, or each class equally
/// often.
enum class ClassBalance { none, balanced };

template <>
struct EnumWords<ClassBalance> {
  static constexpr auto list = std::to_array<EnumWord<ClassBalance>>(
      {{ClassBalance::none, "none"}, {ClassBalance::balanced, "balanced"}});
};

struct TrainOptions {
  int trees = 100;
  std::uint64_t seed = 1;
  ClassBalance class_balance = ClassBalance::none;
  int min_leaf = 1;  ///< fewest training draws in a leaf

  friend bool operator==(const TrainOptions&, const TrainOptions&) = default;
};

}  // namespace cleft
