#include "pipeline/evaluate/object_ranks.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "objects/files/object_column.hpp"
#include "objects/files/synapse_file.hpp"

namespace cleft {
namespace {

using Ranks = std::map<std::uint64_t, double>;

/// \throws InputError saying which ranks there are.
[[noreturn]] void refuse_rank(const EvaluateOptions& options, const std::string& rank) {
  const std::string subject = to_string(options.labels);
  if (options.labels.dataset != labels_dataset)
    throw InputError({subject, "has no table of objects to rank them by", "the labels of cleft detect"});
  const auto columns = measured_columns(options.labels.file);
  throw InputError({subject, fmt::format("has no table of objects with the column '{}'", rank),
                    columns.empty() ? "the labels of cleft detect, which have one beside them"
                                    : fmt::format("--rank with one of {}", fmt::join(columns, ", "))});
}

}  // namespace

std::optional<RankedCurve> curve_over_ranks(const EvaluateOptions& options, const Evaluation& evaluation) {
  const std::string rank = options.rank.value_or(usual_rank);
  std::optional<Ranks> by_id;
  if (options.labels.dataset == labels_dataset) by_id = read_object_column(options.labels.file, rank);
  if (!by_id && (options.rank || options.curve)) refuse_rank(options, rank);
  if (!by_id) return std::nullopt;
  std::vector<double> ranks;
  for (const RunObject& detection : evaluation.detections) {
    const auto found = by_id->find(detection.id);
    if (found == by_id->end()) {
      if (!options.rank && !options.curve) return std::nullopt;  // labels that were worked on since
      throw InputError({to_string(options.labels),
                        fmt::format("has the object {}, but no row of it in its table", detection.id),
                        "a row for each object"});
    }
    ranks.push_back(found->second);
  }
  RankedCurve curve = ranked_curve(evaluation.objects, ranks, evaluation.detection_reach);
  curve.rank = rank;
  return curve;
}

}  // namespace cleft
