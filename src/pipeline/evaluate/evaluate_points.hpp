#pragma once

#include "objects/judge/evaluation.hpp"
#include "pipeline/evaluate/evaluate_options.hpp"

namespace cleft {

/// Compares detections with a table of points (io/volume/point_csv.hpp): sites of the class that is judged,
/// and points of class `ignore`. A site and a detection may be matched when the detection's nearest voxel is
/// at most match.distance_nm away from the site; one detection stands for one site.
///
/// Judged are the labels, or a box or sections of them, inside the mask. Sites elsewhere are not missed.
/// Detections are looked at whole; an unmatched one is neither right nor wrong when it comes as near as that
/// to a point of class `ignore` or to a site that is not judged, or when it lies mostly outside what is
/// judged (set_apart_outside). Other classes mean nothing. Reads the labels of what is judged, and beyond it
/// as far as the distance and its objects reach; keeps runs, not voxels. Not collective.
///
/// \throws InputError when the table or the labels cannot be used, when the table has points, but none of the
///         class that is judged nor of class `ignore`, or when there is no voxel size; IoError.
/// \pre    options.truth_points is given.
Evaluation evaluate_points(const EvaluateOptions& options);

}  // namespace cleft
