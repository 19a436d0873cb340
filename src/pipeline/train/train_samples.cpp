#include "pipeline/train/train_samples.hpp"

#include <mutex>
#include <vector>

#include "base/array3.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/threads.hpp"
#include "blocks/label_boxes.hpp"
#include "features/set/compute.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

using Rows = std::vector<float>;  // [sample][channel]

/// A box's padded grey values, all channels of its core, and what computing them takes.
std::int64_t bytes_for(const FeatureSet& set, const Extent& core) {
  const std::int64_t padded = voxel_count(core + 2 * set.halo());
  const std::int64_t channels = set.channel_count() * voxel_count(core);
  return (set.image_channels() * padded + channels) * std::int64_t{sizeof(float)} +
         narrow<std::int64_t>(working_bytes(set, core));
}

/// Reads boxes for the threads of a rank, one at a time, since HDF5 takes no more.
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

/// The channels of one box's members, written to rows of `out` in the order of the members. Returns the
/// range of the members' grey values, all image channels together.
ValueRange compute_box(const CoverBox& cover, const FeatureSet& set, const Extent& volume,
                       std::span<const LabelledVoxel> labels, SharedReader& reader, float* out) {
  const Box padded = grown(cover.box, set.halo(), whole_box(volume));
  const auto grey = reader.read(padded);
  std::vector<View3<const float>> image;
  for (const auto& channel : grey) image.push_back(channel.view());
  const Extent core = cover.box.extent();
  std::vector<Array3<float>> channels;
  std::vector<View3<float>> views;
  for (int c = 0; c < set.channel_count(); ++c) {
    channels.push_back(Array3<float>::uninitialized(core));
    views.push_back(channels.back().view());
  }
  compute_features(set, image, padded.local(cover.box.begin), core, views);
  ValueRange range;
  for (const std::size_t m : cover.members) {
    const LocalVoxel at = cover.box.local(labels[m].voxel), in_padded = padded.local(labels[m].voxel);
    for (const auto& channel : views) *out++ = channel(at.z, at.y, at.x);
    for (const auto& channel : image) range.add(channel(in_padded.z, in_padded.y, in_padded.x));
  }
  return range;
}

/// Rows of all boxes in the order of `boxes`, on every rank; rank_of says who computed which.
Samples assemble(const std::vector<CoverBox>& boxes, const std::vector<int>& rank_of, int ranks,
                 const Rows& rows, std::span<const LabelledVoxel> labels, int channels, int classes) {
  Samples samples;
  samples.channel_count = channels;
  samples.class_count = classes;
  samples.values.resize(rows.size());
  for (const LabelledVoxel& label : labels) samples.labels.push_back(narrow<std::uint8_t>(label.label - 1));
  const float* value = rows.data();
  for (int rank = 0; rank < ranks; ++rank)
    for (std::size_t b = 0; b < boxes.size(); ++b)
      if (rank_of[b] == rank)
        for (const std::size_t m : boxes[b].members)
          for (std::size_t c = 0; c < to_size(channels); ++c)
            samples.values[c * labels.size() + m] = *value++;
  return samples;
}

}  // namespace

Samples compute_samples(const Communicator& comm, std::span<const VolumeReader> image, const FeatureSet& set,
                        std::span<const LabelledVoxel> labels, int class_count,
                        const RankResources& resources) {
  const Extent volume = image.front().extent();
  std::vector<CoverBox> boxes;
  std::vector<int> rank_of;
  Rows mine;
  ValueRange grey;
  all_or_throw(comm, [&] {
    std::vector<GlobalVoxel> voxels;
    for (const LabelledVoxel& label : labels) voxels.push_back(label.voxel);
    const std::int64_t per_thread = resources.memory / resources.threads;
    boxes = cover_voxels(voxels, set.halo(), volume,
                         [&](const Extent& core) { return bytes_for(set, core) <= per_thread; });
    rank_of = share_boxes(boxes, set.halo(), volume, comm.size());
    std::vector<std::size_t> my_boxes, first_row{0};
    for (std::size_t b = 0; b < boxes.size(); ++b) {
      if (rank_of[b] != comm.rank()) continue;
      my_boxes.push_back(b);
      first_row.push_back(first_row.back() + boxes[b].members.size());
    }
    mine.resize(first_row.back() * to_size(set.channel_count()));
    SharedReader reader(image);
    std::vector<ValueRange> ranges(my_boxes.size());
    Progress progress("features", narrow<std::int64_t>(first_row.back()), comm.is_root(), "labelled voxels");
    run_on_threads(narrow<std::int64_t>(my_boxes.size()), resources.threads, [&](std::int64_t n) {
      const auto i = to_size(n);
      ranges[i] = compute_box(boxes[my_boxes[i]], set, volume, labels, reader,
                              mine.data() + first_row[i] * to_size(set.channel_count()));
      progress.add(narrow<std::int64_t>(boxes[my_boxes[i]].members.size()));
    });
    for (const ValueRange& range : ranges) grey.add(range);
  });
  log::info("features of {} labelled voxels, computed in {} {}", labels.size(), boxes.size(),
            boxes.size() == 1 ? "box" : "boxes");
  const Rows all = comm.broadcast(comm.gather(std::span<const float>(mine)));
  Samples samples = assemble(boxes, rank_of, comm.size(), all, labels, set.channel_count(), class_count);
  for (const ValueRange& of_rank : comm.all_gather(grey)) samples.grey.add(of_rank);
  return samples;
}

}  // namespace cleft
