#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "objects/judge/bootstrap.hpp"
#include "objects/judge/compare.hpp"

namespace cleft {

/// How one setting was judged.
struct ScoredSetting {
  std::vector<std::string> values;  ///< [key]
  Agreement agreement;
  AgreementIntervals intervals;
  std::string mark;  ///< of its row, for people: "configured"
};

/// The settings as a table for people, one line each below a header with the last parts of the keys:
/// how many objects were matched, false and missed, then precision, recall and F1 with their intervals. A
/// share of nothing is "-".
std::string score_table(const std::vector<std::string>& keys, const std::vector<ScoredSetting>& settings);

/// The same as CSV: a header line, then one line for each setting, numbers as short as they read back the
/// same. A share of nothing is an empty cell, and so is an interval where none were asked for. Values with
/// commas stand in quotes.
std::string score_csv(const std::vector<std::string>& keys, const std::vector<ScoredSetting>& settings);
/// The header line's columns behind the keys: no other table ends like that.
inline constexpr auto score_columns =
    "matched,false,missed,precision,precision_low,precision_high,recall,recall_low,recall_high,f1,f1_low,"
    "f1_high";

/// Whether a file begins as score_csv writes. Not collective.
bool is_score_csv(const std::filesystem::path& file);

}  // namespace cleft
