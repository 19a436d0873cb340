#pragma once

#include "parallel/communicator.hpp"
#include "pipeline/convert/import_checks.hpp"

namespace cleft {

/// Copies a stack of TIFF or PNG sections into a chunked HDF5 volume with its voxel size and axes. Each rank
/// reads its own sections, as many at a time as a chunk is thick, and writes whole chunks. Rank 0 alone looks
/// for the sections before, and afterwards whether the stack is still what it was. Progress, what was found
/// and lines about the result go to the log. Sections that were filled in are listed in the volume's
/// attribute `missing_sections`. Collective over `comm`.
///
/// \throws CollectiveError on every rank: InputError where an option or a section cannot be used (naming it),
///         the stack changes meanwhile or the output exists, IoError where it cannot be written. Nothing is
///         left under the output's name then.
void run_import(const Communicator& comm, const ImportOptions& options);

/// The same for a stack that was found before.
/// \param stack    As find_stack found it with the options; read on rank 0 only.
/// \pre            check_import_options accepts the options.
void import_stack(const Communicator& comm, const ImageStack& stack, const ImportOptions& options);

}  // namespace cleft
