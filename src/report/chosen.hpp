#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "objects/synapse.hpp"
#include "report/report_options.hpp"

namespace cleft {

/// The objects of a table that get pictures, and why these.
struct Chosen {
  std::vector<std::size_t> rows;  ///< of the table, ascending
  ChooseBy how = ChooseBy::largest;
  std::string why;              ///< "the 1000 largest of 5210 synapses"
  bool is_fair_sample = false;  ///< all synapses or a random sample of them: a precision may be told from it
};

/// Chooses by ReportOptions::choose and max_objects. Candidates (accepted = 0) come behind synapses: by
/// `largest` where fewer synapses than max_objects are there, those of the highest decisive ratio; by `all`
/// every one; by `sample` none, since a sample of both together would say nothing of either.
/// \param table  In order of ids.
Chosen choose_objects(const std::vector<Synapse>& table, const ReportOptions& options);

}  // namespace cleft
