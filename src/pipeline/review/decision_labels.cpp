#include "pipeline/review/decision_labels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "blocks/ownership.hpp"
#include "io/distributed/volume_writer.hpp"
#include "parallel/agree.hpp"
#include "pipeline/report/report_objects.hpp"
#include "pipeline/review/object_classes.hpp"
#include "pipeline/run/block_memory.hpp"
#include "pipeline/run/volume_mask.hpp"
#include "pipeline/train/labelled_parts.hpp"
#include "pipeline/train/point_balls.hpp"
#include "review/thin_labels.hpp"

namespace cleft {
namespace {

constexpr auto label_dataset = "/labels";
constexpr Extent label_file_chunk{32, 64, 64};

/// The voxels that other labels have already, on every rank. Collective.
std::vector<GlobalVoxel> voxels_taken(const Communicator& comm, const FinishedRun& run) {
  std::vector<GlobalVoxel> taken;
  all_or_throw(comm, [&] {
    if (!comm.is_root() || !names_labels(run.config)) return;
    std::vector<std::string> unreadable;
    taken = labelled_voxels_of(run.config, run.volume, unreadable);
    for (const std::string& why : unreadable)
      log::warning(
          "{}; voxels that these labels label cannot be left out, and cleft train takes a voxel "
          "from one entry of labels only",
          why);
  });
  return comm.broadcast(std::move(taken));
}

/// A ball around a missed place, and the box that holds it.
struct MissedBall {
  PointBall ball;
  Box box;
};

std::vector<MissedBall> balls_of(const RunReview& reviewed, double radius_nm, std::uint8_t label) {
  const FinishedRun& run = reviewed.run;
  const VoxelSize size = run.voxel_size_or_1();
  if (!reviewed.review.missed.empty() && !run.volume.voxel_size && radius_nm > 0)
    throw ConfigError({run.config.subject("volume.voxel_size_nm"),
                       "is not known, and the balls around missed places are in nm",
                       "--set volume.voxel_size_nm=[z, y, x], or --missed-radius-nm 0"});
  std::vector<MissedBall> balls;
  for (const GlobalVoxel& at : reviewed.review.missed) {
    Extent margin;
    for (int axis = 0; axis < 3; ++axis)
      margin[axis] = static_cast<std::int64_t>(std::ceil(radius_nm / size[axis]));
    const PerAxis<double> centre{narrow<double>(at.z), narrow<double>(at.y), narrow<double>(at.x)};
    balls.push_back(
        {{centre, radius_nm, label}, grown(box_at(at, {1, 1, 1}), margin, whole_box(run.volume.extent))});
  }
  return balls;
}

/// The voxels of a box that are in one of the balls, in z, y, x order.
std::vector<GlobalVoxel> voxels_in_balls(std::span<const MissedBall> balls, const Box& box,
                                         const VoxelSize& size) {
  std::vector<PointBall> near;
  for (const MissedBall& ball : balls)
    if (!intersection(ball.box, box).empty()) near.push_back(ball.ball);
  std::vector<GlobalVoxel> voxels;
  if (near.empty()) return voxels;
  for (const LabelledVoxel& labelled : label_balls(near, box, size)) voxels.push_back(labelled.voxel);
  return voxels;
}

bool has(const std::vector<GlobalVoxel>& sorted, const GlobalVoxel& voxel) {
  return std::ranges::binary_search(sorted, voxel);
}

/// What one rank draws of its objects and its missed places.
class RankDraw {
 public:
  RankDraw(const RunReview& reviewed, const LabelOutput& options, const ObjectClasses& objects,
           const std::vector<MissedBall>& balls, const std::vector<GlobalVoxel>& taken)
      : reviewed_(reviewed),
        options_(options),
        objects_(objects),
        balls_(balls),
        taken_(taken),
        drawn_(reviewed.run.config.classes.size(), ClassDraw(options.max_voxels)),
        found_(drawn_.size()) {}

  void add_object(const Synapse& row) {
    start();
    std::vector<MissedBall> near;
    std::ranges::copy_if(balls_, std::back_inserter(near),
                         [&](const MissedBall& ball) { return !intersection(ball.box, row.bounds).empty(); });
    if (reviewed_.review.of(row.id) == Verdict::accept) {
      // A voxel that is in a ball too counts there.
      objects_.visit_accepted(
          row, [&](const GlobalVoxel& at, std::uint8_t label) { draw(at, label, !is_in_ball(near, at)); });
    } else {
      objects_.visit_rejected(row, [&](const GlobalVoxel& at, std::uint8_t label) {
        if (!is_in_ball(near, at)) draw(at, label);
      });
    }
    end();
  }

  /// Section by section: balls may be large.
  void add_ball(std::size_t number) {
    const MissedBall& ball = balls_[number];
    std::vector<MissedBall> earlier;
    std::ranges::copy_if(std::span(balls_).first(number), std::back_inserter(earlier),
                         [&](const MissedBall& other) { return !intersection(other.box, ball.box).empty(); });
    start();
    for (std::int64_t z = ball.box.begin.z; z < ball.box.end.z; ++z) {
      Box section = ball.box;
      section.begin.z = z;
      section.end.z = z + 1;
      const auto objects = objects_.objects_in(section);
      for (const GlobalVoxel& at : voxels_in_balls(std::span(&ball, 1), section, size())) {
        const LocalVoxel in = section.local(at);
        const std::uint64_t object = objects(in.z, in.y, in.x);
        if (object == 0 || reviewed_.review.of(object) != Verdict::reject)
          draw(at, ball.ball.label, !is_in_ball(earlier, at));
      }
    }
    end();
  }

  std::vector<ClassDraw>& drawn() { return drawn_; }
  std::vector<std::int64_t>& found() { return found_; }

 private:
  VoxelSize size() const { return reviewed_.run.voxel_size_or_1(); }
  void start() { one_.assign(drawn_.size(), ObjectDraw(options_.max_voxels, options_.seed)); }
  bool is_in_ball(std::span<const MissedBall> balls, const GlobalVoxel& at) const {
    return !voxels_in_balls(balls, box_at(at, {1, 1, 1}), size()).empty();
  }
  /// \param counts  Whether it is not counted elsewhere, as of several balls.
  void draw(const GlobalVoxel& at, std::uint8_t label, bool counts = true) {
    if (has(taken_, at)) return;
    one_.at(label - std::size_t{1}).add(at);
    found_.at(label - std::size_t{1}) += counts ? 1 : 0;
  }
  void end() {
    for (std::size_t c = 0; c < drawn_.size(); ++c) drawn_[c].add(std::move(one_[c]).drawn());
  }

  const RunReview& reviewed_;
  const LabelOutput& options_;
  const ObjectClasses& objects_;
  const std::vector<MissedBall>& balls_;
  const std::vector<GlobalVoxel>& taken_;
  std::vector<ClassDraw> drawn_;     // [class]
  std::vector<ObjectDraw> one_;      // [class] of the object that is read
  std::vector<std::int64_t> found_;  // [class]
};

/// The rows that are accepted or rejected.
std::vector<std::size_t> decided_rows(const RunReview& reviewed) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < reviewed.run.table.size(); ++i) {
    const auto verdict = reviewed.review.of(reviewed.run.table[i].id);
    if (verdict && *verdict != Verdict::unsure) rows.push_back(i);
  }
  return rows;
}

/// Puts all ranks' draws together on rank 0, and thins them. Collective.
DecisionLabels thinned(const Communicator& comm, RankDraw& mine, std::int64_t max_voxels) {
  DecisionLabels labels{.counts = std::vector<std::int64_t>(mine.drawn().size()), .found = mine.found()};
  comm.sum(std::span(labels.found));
  std::vector<std::vector<DrawnVoxel>> all(mine.drawn().size());
  for (std::size_t c = 0; c < all.size(); ++c) {
    const auto of_rank = std::move(mine.drawn()[c]).drawn();
    ClassDraw together(max_voxels);
    together.add(comm.gather(std::span(of_rank)));
    all[c] = std::move(together).drawn();
    labels.counts[c] = narrow<std::int64_t>(all[c].size());
  }
  const std::int64_t limit = fair_limit(labels.counts, max_voxels);
  for (std::size_t c = 0; c < all.size(); ++c) {
    labels.counts[c] = std::min(labels.counts[c], limit);
    for (std::int64_t i = 0; i < labels.counts[c]; ++i)
      labels.voxels.push_back({all[c][to_size(i)].voxel, narrow<std::uint8_t>(c + 1)});
  }
  std::ranges::sort(labels.voxels, {}, &LabelledVoxel::voxel);
  labels.counts = comm.broadcast(std::move(labels.counts));
  return labels;
}

/// Writes all chunks, one at a time, in the order of their first voxels. One that is not there would be taken
/// for a lost one; of those without a label one is packed for all.
void write_chunks_of(std::vector<LabelledVoxel> voxels, const Extent& extent, const Extent& chunk,
                     VolumeWriter& writer, WrittenVolume& volume) {
  const auto chunk_of = [&](const LabelledVoxel& v) {
    return v.voxel - Extent{v.voxel.z % chunk.z, v.voxel.y % chunk.y, v.voxel.x % chunk.x};
  };
  const auto packed = [](const Array3<std::uint8_t>& values) {
    return VolumeWriter::packed(std::as_bytes(values.voxels()));
  };
  std::ranges::stable_sort(voxels, {}, chunk_of);
  const auto zeros = packed(Array3<std::uint8_t>(chunk));
  auto at = voxels.begin();
  for (GlobalVoxel begin{}; begin.z < extent.z; begin.z += chunk.z)
    for (begin.y = 0; begin.y < extent.y; begin.y += chunk.y)
      for (begin.x = 0; begin.x < extent.x; begin.x += chunk.x) {
        if (at == voxels.end() || chunk_of(*at) != begin) {
          writer.write_packed(volume, begin, zeros);
          continue;
        }
        Array3<std::uint8_t> values(chunk);
        for (; at != voxels.end() && chunk_of(*at) == begin; ++at) {
          const Extent in = at->voxel - begin;
          values(in.z, in.y, in.x) = at->label;
        }
        writer.write_packed(volume, begin, packed(values));
      }
}

bool rejects_any(const RunReview& reviewed) {
  return std::ranges::any_of(reviewed.review.verdicts,
                             [](const auto& said) { return said.second == Verdict::reject; });
}

/// Empty where no object is rejected, so that the class may not be known.
std::string words_for_rejected(const TaughtClasses& classes, const Config& config) {
  const auto name = [&](std::uint8_t label) { return "'" + config.classes.at(label - std::size_t{1}) + "'"; };
  if (classes.others.empty()) return classes.rejected == 0 ? "" : name(classes.rejected);
  std::string likely =
      fmt::format("the most likely of {}, by the stored probability", fmt::join(classes.others, ", "));
  if (classes.others.size() == 1) return likely;
  return likely + (classes.undecided == 0 ? "; unlabelled where there is none"
                                          : ", " + name(classes.undecided) + " where there is none");
}

}  // namespace

DecisionLabels labels_of_decisions(const Communicator& comm, const RunReview& reviewed,
                                   const LabelOutput& options) {
  const FinishedRun& run = reviewed.run;
  const auto probability = find_run_probability(comm, run);
  const auto mask = find_mask(comm, run.config, run.volume);
  const auto taken = voxels_taken(comm, run);
  const BlockMemory memory = memory_for_blocks(comm, run.config.run.memory_per_rank);
  std::optional<RankDraw> mine;
  std::optional<ObjectClasses> objects;
  std::vector<MissedBall> balls;
  std::string rejected_are;
  all_or_throw(comm, [&] {
    const TaughtClasses classes =
        taught_classes(run.config, options.rejected_class, probability, rejects_any(reviewed));
    rejected_are = words_for_rejected(classes, run.config);
    balls = balls_of(reviewed, options.missed_radius_nm, classes.accepted);
    objects.emplace(run, classes, probability, mask, memory);
    mine.emplace(reviewed, options, *objects, balls, taken);
    const auto rows = rows_of_rank(decided_rows(reviewed), run.table, comm.rank(), comm.size());
    Progress progress("labels", narrow<std::int64_t>(rows.size()), comm.is_root(), "objects");
    for (const std::size_t row : rows) {
      mine->add_object(run.table[row]);
      progress.add(1);
    }
    const NumberRange places = owned_range(std::ssize(balls), comm.rank(), comm.size());
    for (std::int64_t n = places.begin; n < places.end; ++n) mine->add_ball(to_size(n));
  });
  DecisionLabels labels = thinned(comm, *mine, options.max_voxels);
  labels.rejected_are = rejected_are;
  all_or_throw(comm, [&] {
    if (std::ranges::max(labels.counts) == 0)
      throw InputError({options.file.string(), "would hold no label: no decision labels a voxel",
                        "objects that are accepted or rejected, or missed places, where the run's own labels "
                        "label nothing"});
  });
  return labels;
}

UnpublishedFile write_decision_labels(const RunReview& reviewed, const DecisionLabels& labels,
                                      const std::filesystem::path& file) {
  const FinishedRun& run = reviewed.run;
  const Extent& extent = run.volume.extent;
  Extent chunk;
  for (int axis = 0; axis < 3; ++axis) chunk[axis] = std::min(label_file_chunk[axis], extent[axis]);
  auto writer = VolumeWriter::create_alone(file);
  {
    auto volume = writer.create_volume<std::uint8_t>(label_dataset, {.extent = extent,
                                                                     .chunk = chunk,
                                                                     .compressed = true,
                                                                     .voxel_size = run.volume.voxel_size,
                                                                     .offset = run.volume.offset()});
    volume.set_attribute("classes", run.config.classes);
    writer.flush();
    write_chunks_of(labels.voxels, extent, chunk, writer, volume);
  }
  return writer.finish_unpublished();
}

}  // namespace cleft
