#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace cleft {

/// The numbers that a text consists of, with one separator between any two: "45,4.6,4.6", "5:10". Nothing
/// when it is anything else, also when a number is not finite or does not fit T.
/// \tparam T  double or std::int64_t.
template <class T>
std::optional<std::vector<T>> numbers_in(std::string_view text, char separator);

/// What is said of a text that is not three numbers with commas between them: more of them may be fewer with
/// decimal commas.
/// \param whole  Whether they are to be whole numbers.
std::string not_three_numbers(std::string_view text, bool whole);

// What an option's value is checked with; each says in a few words what it found and what it takes. CLI11's
// own let NaN through and print their limits with 300 digits.

CLI::Validator a_number_at_least_zero();
/// Above 0 and at most 1.
CLI::Validator a_fraction_above_zero();
CLI::Validator a_whole_number_at_least(std::int64_t least);
CLI::Validator one_of_the_words(const std::vector<std::string>& words);

}  // namespace cleft
