#include "pipeline/train/train_samples.hpp"

#include <mutex>
#include <numeric>

#include "base/array3.hpp"
#include "base/narrow.hpp"
#include "base/stopped.hpp"
#include "base/threads.hpp"
#include "features/set/compute.hpp"

namespace cleft {
namespace {

/// What computing a box of this extent takes: its padded grey values, all channels of its voxels, and what
/// compute_features needs.
std::int64_t bytes_for(const FeatureSet& set, const Extent& box) {
  return set.image_channels() * Array3<float>::memory(box + 2 * set.halo()) +
         set.channel_count() * Array3<float>::memory(box) + narrow<std::int64_t>(working_bytes(set, box));
}

/// Reads boxes for the threads of a process, one at a time, since HDF5 takes no more.
class SharedReader {
 public:
  explicit SharedReader(std::span<const VolumeReader> image) : image_(image) {}
  std::vector<Array3<float>> read(const Box& box) {
    std::vector<Array3<float>> values;
    const std::lock_guard lock(mutex_);
    for (const VolumeReader& channel : image_) {
      values.push_back(Array3<float>::uninitialized(box.extent()));
      channel.read(box, values.back().view());
    }
    return values;
  }

 private:
  std::span<const VolumeReader> image_;
  std::mutex mutex_;
};

/// Writes the channels of one box's members to rows of `out`, in the order of the members. Returns the range
/// of the members' grey values, all image channels together.
ValueRange compute_box(const CoverBox& cover, const SampleInput& input, SharedReader& reader, float* out) {
  const FeatureSet& set = input.features;
  const Box padded = grown(cover.box, set.halo(), whole_box(input.image.front().extent()));
  const auto grey = reader.read(padded);
  std::vector<View3<const float>> image;
  for (const auto& channel : grey) image.push_back(channel.view());
  const Extent extent = cover.box.extent();
  std::vector<Array3<float>> channels;
  std::vector<View3<float>> views;
  for (int c = 0; c < set.channel_count(); ++c) {
    channels.push_back(Array3<float>::uninitialized(extent));
    views.push_back(channels.back().view());
  }
  compute_features(set, image, padded.local(cover.box.begin), extent, views);
  ValueRange range;
  for (const std::size_t m : cover.members) {
    const GlobalVoxel& voxel = input.labels[m].voxel;
    const LocalVoxel at = cover.box.local(voxel), in_padded = padded.local(voxel);
    for (const auto& channel : views) *out++ = channel(at.z, at.y, at.x);
    for (const auto& channel : image) range.add(channel(in_padded.z, in_padded.y, in_padded.x));
  }
  return range;
}

}  // namespace

std::vector<CoverBox> plan_boxes(const SampleInput& input, const RankResources& resources) {
  std::vector<GlobalVoxel> voxels;
  for (const LabelledVoxel& label : input.labels) voxels.push_back(label.voxel);
  const std::int64_t per_thread = resources.memory / resources.threads;
  return cover_voxels(voxels, input.features.halo(), input.image.front().extent(),
                      [&](const Extent& box) { return bytes_for(input.features, box) <= per_thread; });
}

std::int64_t row_count(const std::vector<CoverBox>& boxes, std::span<const std::size_t> numbers) {
  std::size_t rows = 0;
  for (const std::size_t number : numbers) rows += boxes[number].members.size();
  return narrow<std::int64_t>(rows);
}

SampleRows compute_rows(const SampleInput& input, const std::vector<CoverBox>& boxes,
                        std::span<const std::size_t> numbers, int threads, Progress& progress,
                        const std::stop_token& stop) {
  const auto channels = to_size(input.features.channel_count());
  std::vector<std::size_t> first_row{0};
  for (const std::size_t number : numbers)
    first_row.push_back(first_row.back() + boxes[number].members.size());
  SampleRows rows;
  rows.values.resize(first_row.back() * channels);
  SharedReader reader(input.image);
  std::vector<ValueRange> ranges(numbers.size());
  run_on_threads(narrow<std::int64_t>(numbers.size()), threads, [&](std::int64_t n) {
    throw_if_stopped(stop);
    const auto i = to_size(n);
    const CoverBox& box = boxes[numbers[i]];
    ranges[i] = compute_box(box, input, reader, rows.values.data() + first_row[i] * channels);
    progress.add(narrow<std::int64_t>(box.members.size()));
  });
  for (const ValueRange& range : ranges) rows.grey.add(range);
  return rows;
}

Samples assemble(const SampleInput& input, const std::vector<CoverBox>& boxes,
                 std::span<const std::size_t> numbers, const SampleRows& rows) {
  Samples samples;
  samples.channel_count = input.features.channel_count();
  samples.class_count = input.class_count;
  samples.grey = rows.grey;
  samples.values.resize(rows.values.size());
  for (const LabelledVoxel& label : input.labels)
    samples.labels.push_back(narrow<std::uint8_t>(label.label - 1));
  const float* value = rows.values.data();
  for (const std::size_t number : numbers)
    for (const std::size_t m : boxes[number].members)
      for (std::size_t c = 0; c < to_size(samples.channel_count); ++c)
        samples.values[c * input.labels.size() + m] = *value++;
  return samples;
}

Samples compute_samples(const SampleInput& input, const RankResources& resources,
                        const std::stop_token& stop) {
  const std::vector<CoverBox> boxes = plan_boxes(input, resources);
  std::vector<std::size_t> all(boxes.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  Progress progress("features", row_count(boxes, all), true, "labelled voxels");
  const SampleRows rows = compute_rows(input, boxes, all, resources.threads, progress, stop);
  return assemble(input, boxes, all, rows);
}

}  // namespace cleft
