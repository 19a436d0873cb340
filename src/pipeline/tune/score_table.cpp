#include "pipeline/tune/score_table.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

namespace cleft {
namespace {

std::string share_text(const std::optional<double>& share, const std::optional<Interval>& interval) {
  if (!share) return "-";
  if (!interval) return fmt::format("{:.3f}", *share);
  return fmt::format("{:.3f} [{:.2f}, {:.2f}]", *share, interval->low, interval->high);
}

std::string cells(const std::optional<double>& share, const std::optional<Interval>& interval) {
  return fmt::format("{},{},{}", share ? fmt::format("{}", *share) : "",
                     interval ? fmt::format("{}", interval->low) : "",
                     interval ? fmt::format("{}", interval->high) : "");
}

using Row = std::vector<std::string>;

Row header(const std::vector<std::string>& keys) {
  Row row;
  for (const std::string& key : keys) row.push_back(key.substr(key.rfind('.') + 1));
  for (const char* name : {"matched", "false", "missed", "precision", "recall", "F1", ""})
    row.emplace_back(name);
  return row;
}

Row row_of(const ScoredSetting& setting) {
  const auto& [values, agreement, intervals, mark] = setting;
  Row row = values;
  for (const std::int64_t count : {agreement.matched, agreement.false_found, agreement.missed})
    row.push_back(fmt::format("{}", count));
  row.push_back(share_text(agreement.precision(), intervals.precision));
  row.push_back(share_text(agreement.recall(), intervals.recall));
  row.push_back(share_text(agreement.f1(), intervals.f1));
  row.push_back(mark);
  return row;
}

}  // namespace

std::string score_table(const std::vector<std::string>& keys, const std::vector<ScoredSetting>& settings) {
  std::vector<Row> rows{header(keys)};
  for (const ScoredSetting& setting : settings) rows.push_back(row_of(setting));
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      fmt::format_to(std::back_inserter(line), "{:<{}}  ", row[c], widths[c]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string score_csv(const std::vector<std::string>& keys, const std::vector<ScoredSetting>& settings) {
  std::string text;
  for (const std::string& key : keys) text += key + ",";
  text += score_columns;
  text += "\n";
  for (const auto& [values, agreement, intervals, mark] : settings) {
    for (const std::string& value : values)
      text += value.find(',') == std::string::npos ? value + "," : "\"" + value + "\",";
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{}\n", agreement.matched, agreement.false_found,
                   agreement.missed, cells(agreement.precision(), intervals.precision),
                   cells(agreement.recall(), intervals.recall), cells(agreement.f1(), intervals.f1));
  }
  return text;
}

bool is_score_csv(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  return std::getline(in, line) && line.ends_with(score_columns);
}

}  // namespace cleft
