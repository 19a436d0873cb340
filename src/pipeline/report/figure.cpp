#include "pipeline/report/figure.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "objects/files/synapse_file.hpp"
#include "parallel/agree.hpp"
#include "pipeline/evaluate/evaluate.hpp"
#include "pipeline/evaluate/locate_result.hpp"
#include "pipeline/report/object_voxels.hpp"
#include "pipeline/report/report_input.hpp"
#include "pipeline/report/thumbnail.hpp"
#include "report/figure/canvas.hpp"
#include "report/figure/glyphs.hpp"
#include "report/files/png_picture.hpp"
#include "report/views.hpp"

namespace cleft {
namespace {

constexpr std::int64_t letter_height = std::int64_t{2} * glyph_height;  // letters are drawn twice as large

constexpr std::int64_t longest_side = 1600, wanted_side = 900, most_pixels_per_voxel = 6;
constexpr std::int64_t caption_height = 30, edge = 12;

/// Objects of one section by pixel, and what each of them is.
struct SectionObjects {
  std::vector<std::uint64_t> pixels;  // [row, column] id; 0 is none
  std::map<std::uint64_t, Colour> colour;
};

/// An entry of the caption.
struct Meaning {
  Colour colour;
  std::string text;
};

struct Figure {
  View view;  // the section and its size in pixels
  double nm_per_pixel = 1;
  std::vector<SectionObjects> layers;
  std::vector<Meaning> caption;
};

/// The whole section, at square pixels of a size that suits a screen.
View section_view(const FinishedRun& run, std::int64_t section, double& nm_per_pixel) {
  const Extent& volume = run.volume.extent;
  const VoxelSize size = run.voxel_size_or_1();
  View view{.plane = Plane::xy, .box = {{section, 0, 0}, {section + 1, volume.y, volume.x}}};
  const double high = narrow<double>(volume.y) * size.y, wide = narrow<double>(volume.x) * size.x;
  const double finest = std::min(size.y, size.x), longest = std::max(high, wide);
  const double magnify = std::clamp(std::floor(narrow<double>(wanted_side) * finest / longest), 1.0,
                                    narrow<double>(most_pixels_per_voxel));
  nm_per_pixel = std::max(finest / magnify, longest / narrow<double>(longest_side));
  view.height = std::max<std::int64_t>(1, std::llround(high / nm_per_pixel));
  view.width = std::max<std::int64_t>(1, std::llround(wide / nm_per_pixel));
  return view;
}

/// The voxel under the middle of a pixel.
std::int64_t voxel_under(std::int64_t pixel, std::int64_t pixels, std::int64_t voxels) {
  return (2 * pixel + 1) * voxels / (2 * pixels);
}

/// Reads a label volume's section at the picture's pixels, row by row.
std::vector<std::uint64_t> read_pixels(const VolumeReader& labels, const View& view) {
  const Extent extent = view.box.extent();
  std::vector<std::uint64_t> pixels;
  Array3<std::uint64_t> row({1, 1, extent.x});
  std::int64_t read = -1;
  for (std::int64_t y = 0; y < view.height; ++y) {
    const std::int64_t voxel_row = voxel_under(y, view.height, extent.y);
    if (voxel_row != read)
      labels.read(box_at(view.box.begin + Extent{0, voxel_row, 0}, {1, 1, extent.x}), row.view());
    read = voxel_row;
    for (std::int64_t x = 0; x < view.width; ++x)
      pixels.push_back(row(0, 0, voxel_under(x, view.width, extent.x)));
  }
  return pixels;
}

/// The same of runs.
std::vector<std::uint64_t> pixels_of(const std::vector<ObjectRun>& runs, const View& view) {
  const Extent extent = view.box.extent();
  std::map<std::int64_t, std::vector<ObjectRun>> by_row;
  for (const ObjectRun& run : runs) by_row[run.y].push_back(run);
  std::vector<std::uint64_t> pixels(to_size(view.width * view.height));
  for (std::int64_t y = 0; y < view.height; ++y) {
    const auto row = by_row.find(voxel_under(y, view.height, extent.y));
    if (row == by_row.end()) continue;
    for (std::int64_t x = 0; x < view.width; ++x) {
      const std::int64_t voxel = voxel_under(x, view.width, extent.x);
      for (const ObjectRun& run : row->second)
        if (voxel >= run.begin && voxel < run.end) pixels[to_size(y * view.width + x)] = run.object;
    }
  }
  return pixels;
}

std::int64_t count_of(const SectionObjects& layer, const Colour& colour) {
  std::set<std::uint64_t> seen;
  for (const auto id : layer.pixels)
    if (const auto found = layer.colour.find(id); found != layer.colour.end() && found->second == colour)
      seen.insert(id);
  return narrow<std::int64_t>(seen.size());
}

void add_found(Figure& figure, const FinishedRun& run) {
  SectionObjects synapses{read_pixels(VolumeReader(run.files.label_volume()), figure.view), {}};
  bool has_candidates = false;
  for (const Synapse& row : run.table) {
    if (row.accepted != 0) synapses.colour[row.id] = orange;
    has_candidates = has_candidates || row.accepted == 0;
  }
  figure.caption.push_back({orange, counted(count_of(synapses, orange), "synapse")});
  figure.layers.push_back(std::move(synapses));
  if (!has_candidates) return;
  const VolumePath path{run.files.synapses, candidates_dataset};
  SectionObjects candidates{read_pixels(VolumeReader(path), figure.view), {}};
  for (const Synapse& row : run.table)
    if (row.accepted == 0) candidates.colour[row.id] = sky_blue;
  figure.caption.push_back({sky_blue, counted(count_of(candidates, sky_blue), "candidate")});
  figure.layers.push_back(std::move(candidates));
}

void add_judged(Figure& figure, const FigureOptions& options) {
  EvaluateOptions evaluation;
  evaluation.truth = VolumePath::parse(*options.truth);
  evaluation.truth.options.missing = Missing::sparse;
  evaluation.bootstrap.resamplings = 0;
  locate_result(evaluation, options.run.string(), RunMask::made_in);
  evaluation.probability.reset();
  JudgedSection section{.z = options.section};
  const Evaluation judged = evaluate(evaluation, section);
  SectionObjects found{pixels_of(section.detections, figure.view), {}};
  SectionObjects truth{pixels_of(section.truths, figure.view), {}};
  for (const RunObject& object : judged.detections)
    found.colour[object.id] = white;  // neither right nor wrong
  for (const Candidate& match : judged.objects.matches)
    found.colour[judged.detections[match.detection].id] = green;
  for (const std::size_t i : judged.objects.false_detections)
    found.colour[judged.detections[i].id] = vermilion;
  for (const std::size_t i : judged.objects.missed_truths) truth.colour[judged.truths[i].id] = sky_blue;
  figure.caption.push_back({green, fmt::format("{} right", count_of(found, green))});
  figure.caption.push_back({vermilion, fmt::format("{} false", count_of(found, vermilion))});
  figure.caption.push_back({sky_blue, fmt::format("{} missed", count_of(truth, sky_blue))});
  // What was found lies on top; of the truth only what was missed has a colour.
  figure.layers.push_back(std::move(truth));
  figure.layers.push_back(std::move(found));
}

void draw_layer(Canvas& canvas, const SectionObjects& layer, const View& view) {
  const auto borders = borders_of(layer.pixels, view.width, view.height, 2);
  for (std::int64_t y = 0; y < view.height; ++y)
    for (std::int64_t x = 0; x < view.width; ++x) {
      const auto at = to_size(y * view.width + x);
      if (borders[at] == 0) continue;
      if (const auto colour = layer.colour.find(layer.pixels[at]); colour != layer.colour.end())
        canvas.set(x, y, colour->second);
    }
}

/// Where an object's number stands: behind the last of its pixels in its middle row.
void draw_ids(Canvas& canvas, const SectionObjects& layer, const View& view) {
  struct Rows {
    std::int64_t first, last;
  };
  std::map<std::uint64_t, Rows> rows;
  for (std::int64_t y = 0; y < view.height; ++y)
    for (std::int64_t x = 0; x < view.width; ++x)
      if (const auto id = layer.pixels[to_size(y * view.width + x)]; layer.colour.contains(id))
        rows.try_emplace(id, Rows{y, y}).first->second.last = y;
  for (const auto& [id, extent] : rows) {
    const std::int64_t y = (extent.first + extent.last) / 2;
    std::int64_t behind = 0;
    for (std::int64_t x = 0; x < view.width; ++x)
      if (layer.pixels[to_size(y * view.width + x)] == id) behind = x;
    const std::string text = std::to_string(id);
    const std::int64_t wide = 2 * text_width(text), x = std::min(behind + 5, view.width - wide - 2);
    const std::int64_t high = letter_height;
    canvas.text_on_picture(
        std::max<std::int64_t>(2, x),
        std::clamp<std::int64_t>(y - high / 2, 2, std::max<std::int64_t>(2, view.height - high - 2)), text,
        layer.colour.at(id));
  }
}

/// 1, 2 or 5 times a power of ten of nm: about a fifth of the picture.
double bar_nm(const Figure& figure) {
  const double wanted = figure.nm_per_pixel * narrow<double>(figure.view.width) / 4;
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double factor : {5.0, 2.0})
    if (factor * power <= wanted) return factor * power;
  return power;
}

void draw_scale_bar(Canvas& canvas, const Figure& figure) {
  const double nm = bar_nm(figure);
  const std::int64_t length = std::llround(nm / figure.nm_per_pixel), y = figure.view.height - edge - 5;
  canvas.fill(edge - 1, y - 1, length + 2, 7, black);
  canvas.fill(edge, y, length, 5, white);
  const std::string text = nm >= 1000 ? fmt::format("{:g} um", nm / 1000) : fmt::format("{:g} nm", nm);
  canvas.text_on_picture(edge, y - letter_height - 6, text, white);
}

/// Below the picture: what the colours mean, as much of it as there is room for.
void draw_caption(Canvas& canvas, const Figure& figure, std::int64_t section) {
  const std::int64_t y = figure.view.height + (caption_height - letter_height) / 2;
  const std::string first = fmt::format("section {}", section);
  canvas.text(edge, y, first, black);
  std::int64_t x = edge + 2 * text_width(first) + 24;
  for (const Meaning& meaning : figure.caption) {
    canvas.fill(x, y, letter_height, letter_height, meaning.colour);
    canvas.text(x + letter_height + 6, y, meaning.text, black);
    x += letter_height + 6 + 2 * text_width(meaning.text) + 20;
  }
}

Canvas drawn(const FinishedRun& run, const Figure& figure, std::int64_t section) {
  const View& view = figure.view;
  std::vector<std::uint8_t> grey(to_size(view.width * view.height));
  read_view(VolumeReader(run.volume.path, 0), view, contrast_of_volume(run.volume.path), grey, view.width);
  Canvas canvas(view.width, view.height + caption_height);
  canvas.put_grey(grey, view.width, view.height);
  for (const SectionObjects& layer : figure.layers) draw_layer(canvas, layer, view);
  draw_ids(canvas, figure.layers.front(), view);
  if (figure.layers.size() > 1) draw_ids(canvas, figure.layers.back(), view);
  if (run.volume.voxel_size) draw_scale_bar(canvas, figure);
  draw_caption(canvas, figure, section);
  return canvas;
}

void check_section(const FinishedRun& run, std::int64_t section) {
  if (section >= 0 && section < run.volume.extent.z) return;
  throw InputError(
      {"-z", fmt::format("is {}", section),
       fmt::format("a section of {}: 0 to {}", to_string(run.volume.path), run.volume.extent.z - 1)});
}

}  // namespace

void run_figure(const Communicator& comm, const FigureOptions& options) {
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_output_folder(options.output);
    check_may_replace(options.output, options.force);
  });
  const FinishedRun run = open_finished_run(comm, config_of_run(comm, options.run, {}), options.other);
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_section(run, options.section);
    Figure figure;
    figure.view = section_view(run, options.section, figure.nm_per_pixel);
    if (options.truth)
      add_judged(figure, options);
    else
      add_found(figure, run);
    const Canvas canvas = drawn(run, figure, options.section);
    write_png(options.output, canvas.pixels(), canvas.width(), canvas.height());
    fmt::print("figure: {}\n", printable(options.output.string()));
  });
}

}  // namespace cleft
