#include "pipeline/report/report_objects.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/threads.hpp"
#include "io/volume/volume_reader.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/report/object_voxels.hpp"
#include "report/files/report_folder.hpp"
#include "report/jpeg.hpp"
#include "report/page.hpp"
#include "report/page_data.hpp"
#include "report/surface.hpp"
#include "report/voxel_surface.hpp"

namespace cleft {
namespace {

constexpr std::int64_t max_mask_voxels = 1 << 24;    // of one object, for its surface
constexpr std::int64_t group_mask_voxels = 1 << 24;  // of the objects that are in memory at a time
constexpr std::size_t scene_triangles = 60, max_group = 16;
constexpr double margin_voxels = 50;  // where the voxel size is unknown

/// An object as it was read, and then what becomes of it.
struct ObjectWork {
  const Synapse* row = nullptr;
  ObjectMask mask;
  std::vector<std::uint8_t> pixels;  // of the sprite
  PageObject page;
  std::string picture, script;  // the files
  PackedSurface in_scene;
};

/// What the rank's objects add to the scene and the page, in a form that can be sent.
struct Share {
  std::vector<std::uint64_t> heads;  // for each object: id, positions, indices, bytes of its figure
  std::vector<std::uint16_t> positions;
  std::vector<std::uint32_t> indices;
  std::vector<char> figures;
  std::int64_t sampled = 0, bytes = 0;
};

class Worker {
 public:
  Worker(const FinishedRun& run, const Contrast& contrast, std::filesystem::path folder)
      : run_(run),
        contrast_(contrast),
        folder_(std::move(folder)),
        size_(run.voxel_size_or_1()),
        makes_surfaces_(why_no_surfaces(run).empty()),
        grey_(run.volume.path, 0),
        labels_(run.files.label_volume()) {}

  /// Reads what is needed of an object. Not for threads: HDF5.
  ObjectWork read(const Synapse& row) {
    ObjectWork work;
    work.row = &row;
    const VolumeReader& labels = row.accepted != 0 ? labels_ : candidates();
    work.mask = read_mask(labels, row.bounds, row.id, max_mask_voxels);
    const auto center = nearest_voxel(work.mask, row.centroid, size_);
    const auto& options = run_.config.report;
    work.page.id = row.id;
    work.page.normal = row.normal;
    work.page.voxels_per_step = work.mask.step;
    work.page.sprite = plan_sprite(row.bounds, center, run_.volume.extent, size_,
                                   {.sections = options.sections,
                                    .margin_nm = run_.volume.voxel_size ? options.margin_nm : margin_voxels});
    const Sprite& sprite = work.page.sprite;
    constexpr std::uint8_t between_views = 127;
    work.pixels.assign(to_size(sprite.width * sprite.height), between_views);
    for (const View& view : sprite.views) {
      read_view(grey_, view, contrast_, work.pixels, sprite.width);
      work.page.outlines.push_back(read_outline(labels, work.mask, row.id, view));
    }
    return work;
  }

  /// Makes the object's files and surfaces. For any thread.
  void compute(ObjectWork& work) const {
    const Sprite& sprite = work.page.sprite;
    work.picture = jpeg_bytes(work.pixels, sprite.width, sprite.height, Colours::grey,
                              run_.config.report.picture_quality);
    if (makes_surfaces_) make_surfaces(work);
    work.script = object_script(work.page, size_, run_.offset_nm());
  }

  void write(const ObjectWork& work) const {
    const std::string id = std::to_string(work.row->id);
    write_report_file(folder_ / "pictures" / (id + ".jpg"), work.picture);
    write_report_file(folder_ / "data/meshes" / (id + ".js"), work.script);
  }

 private:
  const VolumeReader& candidates() {
    if (!candidates_) candidates_.emplace(VolumePath{run_.files.synapses, candidates_dataset});
    return *candidates_;
  }

  void make_surfaces(ObjectWork& work) const {
    const ObjectMask& mask = work.mask;
    const auto step = narrow<double>(mask.step);
    Surface surface = voxel_surface(mask.voxels.view(), {step * size_.z, step * size_.y, step * size_.x});
    if (surface.points.empty()) return;  // a huge object of threads thinner than the steps
    smooth_surface(surface);
    surface = simplified(surface, triangles_for(work.row->size, run_.config.report.triangles));
    const PerAxis<double> offset = begin_nm(mask.box.begin);
    work.page.surface = packed(surface, offset, frame_of(surface, offset));
    work.in_scene = packed(coarse(surface, scene_triangles), offset,
                           frame_of(volume_begin_nm(run_), volume_end_nm(run_)));
  }

  /// The near border of a voxel in the world.
  PerAxis<double> begin_nm(const GlobalVoxel& voxel) const {
    const PerAxis<double> offset = run_.offset_nm();
    return {offset.z + (narrow<double>(voxel.z) - 0.5) * size_.z,
            offset.y + (narrow<double>(voxel.y) - 0.5) * size_.y,
            offset.x + (narrow<double>(voxel.x) - 0.5) * size_.x};
  }

  const FinishedRun& run_;
  const Contrast& contrast_;
  std::filesystem::path folder_;
  VoxelSize size_;
  bool makes_surfaces_;
  VolumeReader grey_, labels_;
  std::optional<VolumeReader> candidates_;
};

void add(Share& share, const ObjectWork& work, bool has_figure) {
  const std::string figure = has_figure ? object_figure(work.page, *work.row) : "";
  const auto& [origin, step, positions, indices] = work.in_scene;
  share.heads.insert(share.heads.end(), {work.row->id, positions.size(), indices.size(), figure.size()});
  share.positions.insert(share.positions.end(), positions.begin(), positions.end());
  share.indices.insert(share.indices.end(), indices.begin(), indices.end());
  share.figures.insert(share.figures.end(), figure.begin(), figure.end());
  share.sampled += work.page.surface && work.page.voxels_per_step > 1 ? 1 : 0;
  share.bytes += narrow<std::int64_t>(work.picture.size() + work.script.size());
}

/// A rank's part: some objects are read, then worked on by all threads, then written.
Share work_on(const Communicator& comm, const FinishedRun& run, const std::vector<std::size_t>& rows,
              const std::vector<std::size_t>& with_figures, Worker& worker) {
  Share share;
  Progress progress("report", narrow<std::int64_t>(rows.size()), comm.is_root(), "objects");
  for (std::size_t next = 0; next < rows.size();) {
    std::vector<ObjectWork> group;
    std::int64_t voxels = 0;
    while (next < rows.size() && group.size() < max_group && voxels <= group_mask_voxels) {
      group.push_back(worker.read(run.table[rows[next++]]));
      voxels += group.back().mask.voxels.size();
    }
    run_on_threads(narrow<std::int64_t>(group.size()), run.config.run.threads_per_rank,
                   [&](std::int64_t number) { worker.compute(group[to_size(number)]); });
    for (const ObjectWork& work : group) {
      worker.write(work);
      const auto row = to_size(work.row - run.table.data());
      add(share, work, std::find(with_figures.begin(), with_figures.end(), row) != with_figures.end());
    }
    progress.update(narrow<std::int64_t>(next));
  }
  return share;
}

/// Where an object's parts begin in what all ranks sent.
struct Placed {
  std::uint64_t id;
  std::size_t positions, position_count, indices, index_count, figure, figure_length;
};

std::vector<Placed> placed(const std::vector<std::uint64_t>& heads) {
  std::vector<Placed> all;
  std::size_t positions = 0, indices = 0, figures = 0;
  for (std::size_t i = 0; i < heads.size(); i += 4) {
    all.push_back({heads[i], positions, heads[i + 1], indices, heads[i + 2], figures, heads[i + 3]});
    positions += heads[i + 1];
    indices += heads[i + 2];
    figures += heads[i + 3];
  }
  std::sort(all.begin(), all.end(), [](const Placed& a, const Placed& b) { return a.id < b.id; });
  return all;
}

/// Puts all ranks' shares together on rank 0, in the order of ids. Collective.
ReportedObjects gathered(const Communicator& comm, const FinishedRun& run, const Share& share,
                         const std::vector<std::size_t>& with_figures) {
  const auto heads = comm.gather(std::span(share.heads));
  const auto positions = comm.gather(std::span(share.positions));
  const auto indices = comm.gather(std::span(share.indices));
  const auto figures = comm.gather(std::span(share.figures));
  ReportedObjects all{.scene = Scene(frame_of(volume_begin_nm(run), volume_end_nm(run))),
                      .figures = std::vector<std::string>(with_figures.size()),
                      .sampled = comm.sum(share.sampled),
                      .bytes = comm.sum(share.bytes)};
  for (const Placed& object : placed(heads)) {
    const auto cut = [](const auto& values, std::size_t begin, std::size_t count) {
      const auto first = values.begin() + narrow<std::ptrdiff_t>(begin);
      return std::vector(first, first + narrow<std::ptrdiff_t>(count));
    };
    if (object.index_count > 0)
      all.scene.add(object.id, cut(positions, object.positions, object.position_count),
                    cut(indices, object.indices, object.index_count));
    for (std::size_t i = 0; i < with_figures.size(); ++i)
      if (run.table[with_figures[i]].id == object.id)
        all.figures[i].assign(figures.data() + object.figure, object.figure_length);
  }
  return all;
}

}  // namespace

PerAxis<double> volume_begin_nm(const FinishedRun& run) {
  const VoxelSize size = run.voxel_size_or_1();
  const PerAxis<double> offset = run.offset_nm();
  return {offset.z - size.z / 2, offset.y - size.y / 2, offset.x - size.x / 2};
}

PerAxis<double> volume_end_nm(const FinishedRun& run) {
  const VoxelSize size = run.voxel_size_or_1();
  const Extent& e = run.volume.extent;
  PerAxis<double> end = volume_begin_nm(run);
  for (int axis = 0; axis < 3; ++axis) end[axis] += narrow<double>(e[axis]) * size[axis];
  return end;
}

std::string why_no_surfaces(const FinishedRun& run) {
  if (!run.config.report.surfaces) return "report.surfaces is false";
  if (!run.volume.voxel_size) return "the volume's voxel size is not known";
  return "";
}

std::vector<std::size_t> rows_of_rank(std::vector<std::size_t> rows, const std::vector<Synapse>& table,
                                      int rank, int ranks) {
  constexpr std::int64_t cube = 128;
  const auto place = [&](std::size_t row) {
    const GlobalVoxel& at = table[row].bounds.begin;
    return std::tuple(at.z / cube, at.y / cube, at.x / cube, row);
  };
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
  const std::size_t all = rows.size(), parts = to_size(ranks), part = to_size(rank);
  const auto begin = narrow<std::ptrdiff_t>(all * part / parts);
  const auto end = narrow<std::ptrdiff_t>(all * (part + 1) / parts);
  return {rows.begin() + begin, rows.begin() + end};
}

ReportedObjects report_objects(const Communicator& comm, const FinishedRun& run, const Chosen& chosen,
                               const Contrast& contrast, const std::filesystem::path& folder) {
  const auto with_figures = first_rows(chosen.rows, run.table, pictures_without_script);
  Share share;
  all_or_throw(comm, [&] {
    const auto rows = rows_of_rank(chosen.rows, run.table, comm.rank(), comm.size());
    if (rows.empty()) return;
    Worker worker(run, contrast, folder);
    share = work_on(comm, run, rows, with_figures, worker);
  });
  return gathered(comm, run, share, with_figures);
}

}  // namespace cleft
