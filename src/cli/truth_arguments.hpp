#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// What commands that compare with a truth take: where it is, which part is judged, what matches, how sure it
/// is.
struct TruthArguments {
  std::string truth, truth_points, truth_class, truth_begin, sections, box;
  std::optional<std::int64_t> truth_first_section;
  std::optional<double> iou, distance_nm;
  EvaluateOptions options;

  bool names_truth() const { return !truth.empty() || !truth_points.empty() || names_reviews(); }
  bool names_reviews() const { return !options.reviews.empty(); }
};

/// Adds the options to a command. None is required.
/// \pre `arguments` lives until the command has run.
void add_truth_arguments(CLI::App& command, TruthArguments& arguments);

/// Options of a command that mean nothing where the truth is points.
void exclude_from_points(CLI::App& command, std::initializer_list<const char*> names);

/// Options of a command that mean nothing where the truth is people's reviews.
void exclude_from_reviews(CLI::App& command, std::initializer_list<const char*> names);

/// What was said, before files are looked at: labels and mask are left out.
/// \throws InputError when the truth's path is none.
EvaluateOptions options_of(const TruthArguments& arguments);

}  // namespace cleft
