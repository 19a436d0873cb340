#include "objects/judge/selection_bias.hpp"

#include <algorithm>
#include <cmath>

#include "base/narrow.hpp"
#include "base/random.hpp"

namespace cleft {
namespace {

constexpr double rounding = 1e-12;

/// Three times the false detections, and what became of the truth: 0 not judged, 1 missed, 2 matched. Seven
/// bits a byte, the lowest first; the top bit says that more follow.
void append(std::string& bytes, const CellOutcome& cell) {
  auto value = narrow<std::uint64_t>(3 * cell.false_found + cell.missed + 2 * cell.matched);
  constexpr std::uint64_t more = 0x80;
  for (; value >= more; value >>= 7U) bytes.push_back(static_cast<char>(value % more | more));
  bytes.push_back(static_cast<char>(value));
}

std::vector<CellOutcome> cells_in(const std::string& bytes) {
  std::vector<CellOutcome> cells;
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    shift += 7;
    if ((byte & 0x80U) != 0) continue;
    const auto state = value % 3;
    cells.push_back({state == 2 ? 1 : 0, state == 1 ? 1 : 0, narrow<std::int64_t>(value / 3)});
    value = shift = 0;
  }
  return cells;
}

/// How often each drawing has each cell.
class Drawings {
 public:
  Drawings(std::size_t cells, const BootstrapOptions& options) : cells_(cells) {
    for (int n = 0; n < options.resamplings; ++n) {
      Random random(options.seed, narrow<std::uint64_t>(n));
      auto& times = times_.emplace_back(cells);
      for (std::size_t i = 0; i < cells; ++i) ++times[random.below(narrow<std::uint32_t>(cells))];
    }
  }

  std::size_t size() const { return times_.size(); }

  /// F1 on each drawing, and last on the truth as it is.
  std::vector<double> f1_of(const std::vector<CellOutcome>& cells) const {
    // 2 matched, and that with what is false or missed: all of F1 in two sums.
    std::vector<std::int64_t> twice(cells_), all(cells_);
    for (std::size_t c = 0; c < cells_; ++c) {
      twice[c] = 2 * cells[c].matched;
      all[c] = twice[c] + cells[c].false_found + cells[c].missed;
    }
    std::vector<double> f1;
    for (const auto& times : times_) f1.push_back(share(twice, all, times));
    f1.push_back(share(twice, all, std::vector<std::uint32_t>(cells_, 1)));
    return f1;
  }

 private:
  static double share(const std::vector<std::int64_t>& part, const std::vector<std::int64_t>& whole,
                      const std::vector<std::uint32_t>& times) {
    std::int64_t parts = 0, wholes = 0;
    for (std::size_t c = 0; c < times.size(); ++c) {
      parts += part[c] * std::int64_t{times[c]};
      wholes += whole[c] * std::int64_t{times[c]};
    }
    return wholes == 0 ? 0 : narrow<double>(parts) / narrow<double>(wholes);
  }

  std::size_t cells_;
  std::vector<std::vector<std::uint32_t>> times_;  // [drawing][cell]
};

double standard_deviation(const std::vector<double>& values) {
  const auto count = narrow<double>(std::ssize(values));
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  for (const double value : values) squares += (value - sum / count) * (value - sum / count);
  return std::sqrt(squares / (count - 1));
}

}  // namespace

std::size_t OutcomeTable::add(std::span<const CellOutcome> cells) {
  std::string bytes;
  for (const CellOutcome& cell : cells) append(bytes, cell);
  const auto [at, is_new] = number_of_.emplace(std::move(bytes), rows_.size());
  if (is_new) rows_.push_back(&at->first);
  return at->second;
}

std::vector<CellOutcome> OutcomeTable::row(std::size_t number) const {
  return cells_in(*rows_[number]);
}

SelectionBias selection_bias(const OutcomeTable& outcomes, std::size_t configured, std::size_t best,
                             const BootstrapOptions& bootstrap) {
  const auto of_configured = outcomes.row(configured);
  if (of_configured.empty()) return {};
  const Drawings drawings(of_configured.size(), bootstrap);
  const auto differences = [&, base = drawings.f1_of(of_configured)](std::size_t row) {
    auto f1 = drawings.f1_of(outcomes.row(row));
    for (std::size_t n = 0; n < f1.size(); ++n) f1[n] -= base[n];
    return f1;
  };
  std::vector<double> luck(drawings.size());  // 0 at least: the configured setting itself
  for (std::size_t row = 0; row < outcomes.size(); ++row) {
    const auto led = differences(row);
    for (std::size_t n = 0; n < luck.size(); ++n) luck[n] = std::max(luck[n], led[n] - led.back());
  }
  auto lead = differences(best);
  const double leads = lead.back();
  lead.pop_back();
  SelectionBias bias;
  bias.standard_error = standard_deviation(lead);
  for (const double value : luck) bias.optimism += value / narrow<double>(std::ssize(luck));
  const auto reached = std::ranges::count_if(luck, [&](double v) { return v >= leads - rounding; });
  bias.chance = narrow<double>(1 + reached) / narrow<double>(1 + std::ssize(luck));
  return bias;
}

}  // namespace cleft
