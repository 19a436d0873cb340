#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cleft::test {

/// A review.json as the report's page writes it.
struct ReviewText {
  std::string table, model, how = "largest";
  std::vector<std::uint64_t> chosen{};
  std::map<std::uint64_t, std::string> decisions{};
  std::vector<std::array<std::int64_t, 3>> missed{};

  std::string text() const {
    nlohmann::ordered_json verdicts = nlohmann::ordered_json::object();
    for (const auto& [id, verdict] : decisions) verdicts[std::to_string(id)] = verdict;
    const nlohmann::ordered_json file{{"format", "cleft review"},
                                      {"version", 1},
                                      {"run", {{"table", table}, {"model", model}}},
                                      {"chosen", {{"how", how}, {"ids", chosen}}},
                                      {"decisions", verdicts},
                                      {"missed", missed}};
    return file.dump(1) + "\n";
  }
};

}  // namespace cleft::test
