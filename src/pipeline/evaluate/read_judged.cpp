#include "pipeline/evaluate/read_judged.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/label.hpp"
#include "base/narrow.hpp"
#include "pipeline/evaluate/read_pieces.hpp"
#include "threshold/smooth.hpp"

namespace cleft {
namespace {

/// How many voxels have CREMI's special values.
std::int64_t count_special(const Array3<std::uint64_t>& values) {
  return std::count_if(values.voxels().begin(), values.voxels().end(),
                       [](std::uint64_t value) { return value >= cremi_invalid; });
}

template <class Stored>
void count_probability(ProbabilityHistogram& histogram, const VolumeReader& reader, const Box& piece,
                       const PerAxis<double>& sigma, const Array3<std::uint64_t>& truth) {
  const Box padded = grown(piece, smoothing_halo(sigma), whole_box(reader.extent()));
  auto stored = Array3<Stored>::uninitialized(padded.extent());
  reader.read<Stored>(padded, stored.view());
  const View3<const Stored> view = stored.view();
  const Array3<float> probability = smooth(view, padded.local(piece.begin), piece.extent(), sigma);
  const auto steps = narrow<float>(histogram.steps());
  for (std::size_t i = 0; i < probability.voxels().size(); ++i) {
    if (truth.voxels()[i] == cremi_invalid) continue;
    const float p = probability.voxels()[i];
    constexpr float tolerance = 1e-3F;  // smoothing rounds
    if (!(p >= -tolerance && p <= 1 + tolerance)) {
      throw InputError({.subject = to_string(reader.path()),
                        .found = fmt::format("holds the value {}", p),
                        .expected = "probabilities from 0 to 1"});
    }
    const auto step = static_cast<std::uint32_t>(std::lround(std::clamp(p, 0.0F, 1.0F) * steps));
    histogram.add(step, is_object(truth.voxels()[i]));
  }
}

/// Steps in which probabilities are counted: exact for stored uint8, fine for what is not whole steps.
std::uint32_t histogram_steps(const EvaluateInputs& in, const PerAxis<double>& sigma) {
  constexpr std::uint32_t stored = 255, fine = 65535;
  const bool exact =
      in.probability && in.probability->type() == ElementType::uint8 && sigma == PerAxis<double>{};
  return exact ? stored : fine;
}

void append(std::vector<ObjectRun>& runs, const std::vector<ObjectRun>& more) {
  runs.insert(runs.end(), more.begin(), more.end());
}

}  // namespace

JudgedVoxels read_judged(const EvaluateInputs& in, const EvaluateOptions& options) {
  JudgedVoxels found{.runs = {}, .probability = ProbabilityHistogram(histogram_steps(in, options.sigma))};
  SideRuns& detected = found.runs.detected;
  SideRuns& truth = found.runs.truth;
  for_each_piece(in, options.truth_is_labelled, in.judged, [&](Piece& piece) {
    found.special_labels += count_special(piece.labels);
    found.special_truth += count_special(piece.truth);
    const PieceRuns all = runs_of(piece);
    const std::int64_t unknown = clear_unknown(in, piece);
    const PieceRuns known = unknown > 0 ? runs_of(piece) : all;
    append(detected.judged, known.labels);
    append(truth.judged, known.truth);
    if (unknown > 0) {
      append(detected.whole, all.labels);
      append(truth.whole, all.truth);
    }
    found.not_judged += unknown;
    if (!in.probability) return;
    if (in.probability->type() == ElementType::uint8) {
      count_probability<std::uint8_t>(found.probability, *in.probability, piece.box, options.sigma,
                                      piece.truth);
    } else {
      count_probability<float>(found.probability, *in.probability, piece.box, options.sigma, piece.truth);
    }
  });
  return found;
}

}  // namespace cleft
