#include "report/chosen.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/random.hpp"
#include "base/text/counted.hpp"

namespace cleft {
namespace {

struct Rows {
  std::vector<std::size_t> synapses, candidates;
};

Rows rows_of(const std::vector<Synapse>& table) {
  Rows rows;
  for (std::size_t row = 0; row < table.size(); ++row)
    (table[row].accepted != 0 ? rows.synapses : rows.candidates).push_back(row);
  return rows;
}

/// The rows with the highest values, of equals those that come first; in any order.
template <class Value>
std::vector<std::size_t> highest(std::vector<std::size_t> rows, std::size_t count, const Value& value) {
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
  rows.resize(std::min(rows.size(), count));
  return rows;
}

std::vector<std::size_t> random_sample(const std::vector<std::size_t>& rows, std::size_t count,
                                       std::uint64_t seed) {
  if (rows.size() <= count) return rows;
  const RandomOrder order(rows.size(), seed);
  std::vector<std::size_t> sample(count);
  for (std::size_t i = 0; i < count; ++i) sample[i] = rows[order.at(i)];
  return sample;
}

std::string of_all(std::size_t chosen, const char* how, std::size_t all, const char* what) {
  const std::string of = counted(narrow<std::int64_t>(all), what);
  if (chosen == all) return all == 1 ? "the only " + std::string(what) : "all " + of;
  return fmt::format("{} {} of {}", how, chosen, of);
}

}  // namespace

Chosen choose_objects(const std::vector<Synapse>& table, const ReportOptions& options) {
  const Rows rows = rows_of(table);
  const auto max = to_size(options.max_objects);
  Chosen chosen;
  chosen.how = options.choose;
  std::vector<std::size_t> candidates;
  std::string how;
  switch (options.choose) {
    case ChooseBy::all:
      chosen.rows = rows.synapses;
      candidates = rows.candidates;
      break;
    case ChooseBy::sample:
      chosen.rows = random_sample(rows.synapses, max, options.seed);
      how = fmt::format("a random sample (seed {}) of", options.seed);
      break;
    case ChooseBy::largest:
      chosen.rows = highest(rows.synapses, max, [&](std::size_t row) { return table[row].size; });
      candidates = highest(rows.candidates, max - chosen.rows.size(),
                           [&](std::size_t row) { return table[row].decisive_ratio; });
      how = "the largest";
  }
  chosen.is_fair_sample = options.choose == ChooseBy::sample || chosen.rows.size() == rows.synapses.size();
  chosen.why = of_all(chosen.rows.size(), how.c_str(), rows.synapses.size(), "synapse");
  if (!rows.candidates.empty())
    chosen.why += candidates.empty() ? ", no candidate"
                                     : " and " + of_all(candidates.size(), "the likeliest",
                                                        rows.candidates.size(), "candidate");
  chosen.rows.insert(chosen.rows.end(), candidates.begin(), candidates.end());
  std::sort(chosen.rows.begin(), chosen.rows.end());
  return chosen;
}

}  // namespace cleft
