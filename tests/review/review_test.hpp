#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "objects/synapse.hpp"
#include "review/review.hpp"

namespace cleft::test {

/// A table of objects 1 … synapses, and candidates behind them.
inline std::vector<Synapse> table_of(std::uint64_t synapses, std::uint64_t candidates = 0) {
  std::vector<Synapse> rows(synapses + candidates);
  for (std::uint64_t i = 0; i < rows.size(); ++i) {
    rows[i].id = i + 1;
    rows[i].accepted = i < synapses ? 1 : 0;
  }
  return rows;
}

inline Review review_of(const std::string& name, ChooseBy how, std::vector<std::uint64_t> chosen,
                        std::map<std::uint64_t, Verdict> verdicts, std::vector<GlobalVoxel> missed = {}) {
  return {.name = name,
          .how = how,
          .chosen = std::move(chosen),
          .verdicts = std::move(verdicts),
          .missed = std::move(missed)};
}

}  // namespace cleft::test
