#pragma once

#include <cstdint>

namespace cleft {

/// How a tree draws its training samples.
enum class ClassBalance {
  none,      ///< each sample equally often
  balanced,  ///< each class equally often, however many samples it has
};

/// What a forest is trained with, besides its samples.
struct TrainOptions {
  int trees = 100;
  std::uint64_t seed = 1;  ///< of all random draws
  ClassBalance class_balance = ClassBalance::none;
  int min_leaf = 1;  ///< a leaf has at least so many training draws

  friend bool operator==(const TrainOptions&, const TrainOptions&) = default;
};

}  // namespace cleft
