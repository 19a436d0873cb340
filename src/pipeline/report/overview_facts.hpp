#pragma once

#include "pipeline/report/report_input.hpp"
#include "report/overview.hpp"
#include "report/page_data.hpp"

namespace cleft {

/// What the overview tells of a run: from its table, its recipe and run.json. For rank 0; not collective.
/// Without the thumbnail.
OverviewFacts overview_facts(const FinishedRun& run);

/// What the page knows of a run.
PageRun page_run(const FinishedRun& run);

}  // namespace cleft
