#pragma once

#include <filesystem>
#include <optional>

#include "features/filter_dialect.hpp"
#include "parallel/communicator.hpp"

namespace cleft {

/// What `cleft export-model` is asked for.
struct ExportModelJob {
  std::filesystem::path from, to;
  std::optional<std::filesystem::path> project;    ///< where `from` is a model: what `to` is a copy of
  FilterDialect dialect = FilterDialect::ilastik;  ///< where `from` is a project: that of its features
  bool force = false;                              ///< replace `to`, if it is such a file as is written
};

/// Writes the forest and the features of an ilastik project as a model file, or those of a model file into a
/// copy of a project. Collective over `comm`; rank 0 works.
/// \throws CollectiveError when the one format cannot express what is in the other; when `to` exists (without
///         `force`), is one of the files read, or is a file of another kind; when a file cannot be used.
void run_export_model(const Communicator& comm, const ExportModelJob& job);

}  // namespace cleft
