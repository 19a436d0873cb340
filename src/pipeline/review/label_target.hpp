#pragma once

#include "config/config.hpp"
#include "pipeline/review/review_options.hpp"

namespace cleft {

/// Looks whether the file that training labels of decisions are to go to may be written. Whatever is forced,
/// nothing that a run is, or is made of, is replaced: its own files and its report, the reviews, the model,
/// another run's probability, and of each entry of `labels` its volume, mask, labels, table, points and
/// project with the images that this names, also where they are several files, or are known by another name
/// (a link). What cannot be read is known by its name alone. Not collective: for rank 0.
/// \param config   Of the run, with its directory.
/// \pre options.labels is given.
/// \throws InputError naming the file; as check_output_folder and check_may_replace.
void check_label_target(const Config& config, const ReviewOptions& options);

}  // namespace cleft
