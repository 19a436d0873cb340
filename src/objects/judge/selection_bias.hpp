#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "objects/judge/bootstrap.hpp"
#include "objects/judge/truth_cells.hpp"

namespace cleft {

/// What many settings make of the same truth. Settings that make the same of it share a row, and a cell takes
/// one byte of a row unless 42 false detections or more are nearest to it: memory is what settings really
/// differ by.
class OutcomeTable {
 public:
  /// \param cells  Of as many truths each time.
  /// \returns      The row that has these.
  std::size_t add(std::span<const CellOutcome> cells);

  std::size_t size() const { return rows_.size(); }
  std::vector<CellOutcome> row(std::size_t number) const;

  OutcomeTable() = default;
  OutcomeTable(OutcomeTable&&) = default;  // a map's nodes go along
  OutcomeTable& operator=(OutcomeTable&&) = default;
  OutcomeTable(const OutcomeTable&) = delete;
  OutcomeTable& operator=(const OutcomeTable&) = delete;
  ~OutcomeTable() = default;

 private:
  std::map<std::string, std::size_t> number_of_;  // by its bytes: see add
  std::vector<const std::string*> rows_;          // the keys of number_of_, which stay where they are
};

/// How far the F1 of the best of many settings is to be believed, as compared with that of one that was not
/// chosen by it.
struct SelectionBias {
  double optimism = 0;        ///< what the best would lead by on average if none were better
  double standard_error = 0;  ///< of the difference of the two
  double chance = 1;          ///< that it would lead by so much if none were better
};

/// Draws the truth again, cell by cell with replacement, for all settings at once: they are judged by the
/// same truth, and their differences are far more certain than each by itself. In every drawing the
/// differences to the configured setting are taken less those on the truth itself, so that on average no
/// setting is better; the largest of these is what choosing the best brings by luck (the reality check of
/// White 2000, "A reality check for data snooping"). Optimism is its mean, `chance` how often it reaches what
/// the best leads by, the truth as it is counted as one drawing. The standard error is the standard deviation
/// of the difference of the two settings over drawings.
///
/// Efron's optimism (how much less the best of a drawing leads by on the truth itself) is not enough here:
/// the truth's own luck stays in the differences that it is measured by. Of 1000 equal settings judged by 20
/// objects one seemed better by more than a standard error in two of five simulated truths and more.
///
/// An undefined F1 counts as 0. The same on every machine.
/// \param outcomes          With a row at least.
/// \param configured, best  Rows.
/// \param bootstrap         With at least BootstrapOptions::min_resamplings.
SelectionBias selection_bias(const OutcomeTable& outcomes, std::size_t configured, std::size_t best,
                             const BootstrapOptions& bootstrap);

}  // namespace cleft
