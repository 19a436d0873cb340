#pragma once

#include <cstdint>

#include "base/enum_words.hpp"

namespace cleft {

/// How a tree draws its training samples.
enum class ClassBalance {
  none,      ///< each sample equally often
  balanced,  ///< each class equally often, however many samples it has
};

template <>
struct EnumWords<ClassBalance> {
  static constexpr auto list = std::to_array<EnumWord<ClassBalance>>(
      {{ClassBalance::none, "none"}, {ClassBalance::balanced, "balanced"}});
};

/// What a forest is trained with, besides its samples.
struct TrainOptions {
  int trees = 100;         ///< at least 1
  std::uint64_t seed = 1;  ///< of all random draws
  ClassBalance class_balance = ClassBalance::none;
  int min_leaf = 1;  ///< at least 1: a leaf has at least so many draws; a sample drawn twice counts twice

  friend bool operator==(const TrainOptions&, const TrainOptions&) = default;
};

}  // namespace cleft
