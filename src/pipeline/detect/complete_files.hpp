#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "objects/files/synapse_file.hpp"
#include "parallel/communicator.hpp"
#include "pipeline/detect/segment_job.hpp"
#include "pipeline/detect/segment_result.hpp"

namespace cleft {

/// Adds to the labels what rank 0 alone writes, and writes the table. Collective over `comm`.
/// \param content  On rank 0: what stands beside the labels.
/// \param done     Has the labels, and gets the table and the files' bytes.
/// \throws CollectiveError on every rank when they cannot be written.
void complete_files(const Communicator& comm, const SegmentJob& job, const SynapseFileContent& content,
                    Segmentation& done);

}  // namespace cleft
