#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/progress.hpp"
#include "blocks/label_boxes.hpp"
#include "features/set/feature_set.hpp"
#include "forest/samples.hpp"
#include "io/volume/labels.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft {

// The channels of labelled voxels, bit-identical to those of the whole volume, though computed only in boxes
// around them. Nothing here is collective; distributed_samples.hpp shares the boxes among ranks.

/// What a process may use while it computes features.
struct RankResources {
  std::int64_t memory = 0;  ///< bytes for the boxes that are worked on at one time
  int threads = 1;
};

/// What samples are computed of.
struct SampleInput {
  std::span<const VolumeReader> image;      ///< one for each channel that the features are computed of
  const FeatureSet& features;               ///< fit the volume: see FeatureSet::check_fits
  std::span<const LabelledVoxel> labels{};  ///< distinct, inside the volume; samples come in their order
  int class_count = 0;
};

/// The boxes to compute, such that each thread has the memory for one.
/// \throws ConfigError (run.memory_per_rank) when it is too little for one voxel.
std::vector<CoverBox> plan_boxes(const SampleInput& input, const RankResources& resources);

/// The channels of some boxes' members.
struct SampleRows {
  std::vector<float> values;  ///< [box, in the order asked for][member][channel]
  ValueRange grey;            ///< of the members' grey values, all image channels together
};

/// How many rows some boxes have: their members.
std::int64_t row_count(const std::vector<CoverBox>& boxes, std::span<const std::size_t> numbers);

/// Computes the rows of boxes.
/// \param numbers   Of the boxes, in the order in which their rows are wanted.
/// \param progress  Is told of rows.
/// \param stop      Looked at between boxes.
/// \throws Stopped (base/stopped.hpp); InputError, IoError when the volume cannot be read; std::bad_alloc
SampleRows compute_rows(const SampleInput& input, const std::vector<CoverBox>& boxes,
                        std::span<const std::size_t> numbers, int threads, Progress& progress,
                        const std::stop_token& stop);

/// Puts the rows of all boxes into the order of the labels.
/// \param numbers  Of all boxes, in the order of their rows.
Samples assemble(const SampleInput& input, const std::vector<CoverBox>& boxes,
                 std::span<const std::size_t> numbers, const SampleRows& rows);

/// The samples of all labels, for a process without other ranks. Progress goes to the log.
/// \throws as plan_boxes and compute_rows
Samples compute_samples(const SampleInput& input, const RankResources& resources,
                        const std::stop_token& stop = {});

}  // namespace cleft
