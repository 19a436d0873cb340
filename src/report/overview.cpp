#include "report/overview.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/bytes.hpp"
#include "base/text/counted.hpp"
#include "base/text/markup.hpp"
#include "report/charts.hpp"

namespace cleft {
namespace {

std::string facts_html(const std::vector<Fact>& facts) {
  std::string html = "<dl class=\"facts\">\n";
  for (const auto& [name, value] : facts)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(value));
  return html + "</dl>\n";
}

std::string headline(const std::string& number, const std::string& what) {
  return fmt::format("<div class=\"number\"><strong>{}</strong> {}</div>\n", escaped(number), escaped(what));
}

struct Counts {
  std::int64_t synapses = 0, candidates = 0, at_edge = 0;
};

Counts counts_of(const std::vector<Synapse>& table) {
  Counts counts;
  for (const Synapse& row : table) {
    ++(row.accepted != 0 ? counts.synapses : counts.candidates);
    if (row.accepted != 0 && row.touches_edge != 0) ++counts.at_edge;
  }
  return counts;
}

std::string numbers_html(const OverviewFacts& facts, const Counts& counts) {
  std::string html = "<div class=\"numbers\">\n";
  html += headline(std::to_string(counts.synapses), counts.synapses == 1 ? "synapse" : "synapses");
  if (facts.voxel_size && facts.searched_voxels > 0) {
    const double um3 = narrow<double>(facts.searched_voxels) * facts.voxel_size->z * facts.voxel_size->y *
                       facts.voxel_size->x / 1e9;
    html += headline(fmt::format("{:.3g}", narrow<double>(counts.synapses) / um3), "per µm³ searched");
    const double share = narrow<double>(facts.searched_voxels) / narrow<double>(voxel_count(facts.extent));
    html += headline(fmt::format("{:.4g} µm³", um3),
                     share < 1 ? fmt::format("searched, {:.3g} % of the volume", 100 * share) : "searched");
  }
  if (counts.candidates > 0) html += headline(std::to_string(counts.candidates), "candidates beside them");
  html += headline(std::to_string(counts.at_edge), "cut by the volume's or mask's edge");
  return html + "</div>\n";
}

template <class Value>
std::vector<double> values_of(const std::vector<Synapse>& table, const Value& value) {
  std::vector<double> values;
  for (const Synapse& row : table)
    if (row.accepted != 0) values.push_back(value(row));
  return values;
}

/// How many of `count` normals of no preferred direction lie at each angle to the z axis: the area of the
/// sphere's belt.
std::vector<double> random_directions(std::size_t count, int bins) {
  std::vector<double> expected;
  for (int bin = 0; bin < bins; ++bin) {
    const double from = std::numbers::pi / 2 * bin / bins, to = std::numbers::pi / 2 * (bin + 1) / bins;
    expected.push_back(narrow<double>(count) * (std::cos(from) - std::cos(to)));
  }
  return expected;
}

std::string histograms_html(const OverviewFacts& facts, const std::vector<Synapse>& table) {
  std::string html = "<div class=\"charts\">\n";
  html += histogram_svg(values_of(table, [](const Synapse& s) { return narrow<double>(s.size); }),
                        {.title = "Size", .axis = "voxels", .logarithmic = true});
  html += histogram_svg(values_of(table, [](const Synapse& s) { return s.decisive_ratio; }),
                        {.title = "Decisive ratio",
                         .axis = "the largest core_ratio at which it is found",
                         .logarithmic = true,
                         .mark = facts.core_ratio,
                         .mark_text = fmt::format("core_ratio {:.4g}", facts.core_ratio)});
  html += histogram_svg(values_of(table, [](const Synapse& s) { return s.mean_probability; }),
                        {.title = "Mean probability", .axis = "of the foreground", .low = 0.0, .high = 1.0});
  constexpr int bins = 18;
  const auto angles = values_of(table, [](const Synapse& s) {
    return std::acos(std::clamp(std::abs(s.normal.z), 0.0, 1.0)) * 180 / std::numbers::pi;
  });
  const auto known = std::count_if(angles.begin(), angles.end(), [](double a) { return std::isfinite(a); });
  html += histogram_svg(angles, {.title = "Orientation",
                                 .axis = "degrees between short axis and z (line: no preference)",
                                 .bins = bins,
                                 .low = 0.0,
                                 .high = 90.0,
                                 .expected = random_directions(to_size(known), bins)});
  return html + "</div>\n";
}

std::string projections_html(const OverviewFacts& facts, const std::vector<Synapse>& table) {
  std::vector<ProjectedObject> objects;
  for (const Synapse& row : table)
    if (row.accepted == 0) objects.push_back({row.centroid, false});
  for (const Synapse& row : table)
    if (row.accepted != 0) objects.push_back({row.centroid, true});
  const VoxelSize size = facts.voxel_size.value_or(VoxelSize{1, 1, 1});
  std::string html = "<h2>Positions</h2>\n<div class=\"charts\">\n";
  for (const int fixed : {0, 1, 2}) html += projection_svg(objects, facts.extent, size, fixed);
  html += fmt::format(
      "<figure class=\"thumbnail\"><img src=\"pictures/overview.jpg\" width=\"{}\" height=\"{}\" "
      "alt=\"the volume seen along z\"><figcaption>Section {} and, in colour, all synapses seen along z: the "
      "more sections they have there the stronger.</figcaption></figure>\n",
      facts.thumbnail.width, facts.thumbnail.height, facts.thumbnail.section);
  return html + "</div>\n";
}

std::string seam_row(const char* what, const SeamCount& count) {
  const double reach = 1.96 * count.deviation;
  std::string verdict = "as by chance";
  if (narrow<double>(count.found) > count.expected + reach) verdict = "more than by chance";
  if (narrow<double>(count.found) < count.expected - reach) verdict = "fewer than by chance";
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td>{}</td><td>{:.1f}</td><td>{:.1f} to {:.1f}</td><td>{}</td></tr>\n",
      what, count.found, count.expected, std::max(0.0, count.expected - reach), count.expected + reach,
      verdict);
}

std::string seams_html(const OverviewFacts& facts) {
  std::string html = "<h2>Seams between blocks</h2>\n";
  if (!facts.seams.has_seams)
    return html + "<p>The volume was segmented in one block: there are no seams.</p>\n";
  html += fmt::format("<p>Blocks of {}. A cut that leaves no trace is crossed as often as by chance.</p>\n",
                      escaped(to_string(facts.block)));
  html +=
      "<table><thead><tr><th scope=\"col\">bounding boxes that</th><th scope=\"col\">found</th><th "
      "scope=\"col\">expected</th><th scope=\"col\">95 % of chance</th><th "
      "scope=\"col\"></th></tr></thead>\n<tbody>\n";
  html += seam_row("cross a face between blocks", facts.seams.crossing);
  html += seam_row("begin or end at one", facts.seams.ending);
  return html +
         "</tbody></table>\n<p class=\"note\">By chance: a box of the same size anywhere in the volume. "
         "Where "
         "synapses are much denser in some places than in others, or a mask hides some, the expectation is "
         "off.</p>\n";
}

std::string memory_of_ranks(const std::vector<std::int64_t>& peaks) {
  if (peaks.empty()) return "not known";
  constexpr std::size_t most_listed = 16;
  std::string text;
  for (std::size_t rank = 0; rank < std::min(peaks.size(), most_listed); ++rank)
    text += fmt::format("{}{}", rank == 0 ? "" : ", ", bytes_text(peaks[rank]));
  if (peaks.size() > most_listed)
    text += fmt::format(" … (largest of {}: {})", counted(narrow<std::int64_t>(peaks.size()), "rank"),
                        bytes_text(*std::max_element(peaks.begin(), peaks.end())));
  return text;
}

std::string stages_html(const std::vector<StageFacts>& stages) {
  std::string html = "<h2>Time and memory</h2>\n";
  for (const StageFacts& stage : stages) {
    html += fmt::format("<h3>{}</h3>\n", escaped(stage.name));
    std::vector<Fact> facts = stage.seconds;
    facts.push_back({"ran on", fmt::format("{}, {} each", counted(stage.ranks, "rank"),
                                           counted(stage.threads_per_rank, "thread"))});
    facts.push_back({"memory allowed", bytes_text(stage.memory_per_rank) + " per rank"});
    facts.push_back({"peak memory, by rank", memory_of_ranks(stage.peak_memory_of_ranks)});
    facts.push_back({"read, written", bytes_text(stage.bytes_read) + ", " + bytes_text(stage.bytes_written)});
    if (!stage.finished.empty()) facts.push_back({"finished", stage.finished});
    html += facts_html(facts);
  }
  return html;
}

}  // namespace

std::string overview_html(const OverviewFacts& facts, const std::vector<Synapse>& table,
                          const Chosen& chosen) {
  std::string html = "<h2>Overview</h2>\n";
  html += numbers_html(facts, counts_of(table));
  html += fmt::format("<p>Pictures and surfaces are of {}.</p>\n", escaped(chosen.why));
  html += histograms_html(facts, table) + projections_html(facts, table);
  html += "<h2>What was dropped</h2>\n" + facts_html(facts.dropped);
  html += seams_html(facts);
  html += "<h2>Where it comes from</h2>\n" + facts_html(facts.provenance);
  html += stages_html(facts.stages);
  html += fmt::format("<details><summary>Configuration as run</summary>\n<pre>{}</pre></details>\n", [&] {
    std::string lines;
    for (std::size_t at = 0; at < facts.configuration.size();) {
      const std::size_t end = std::min(facts.configuration.find('\n', at), facts.configuration.size());
      lines += escaped(std::string_view(facts.configuration).substr(at, end - at)) + "\n";
      at = end + 1;
    }
    return lines;
  }());
  return html;
}

}  // namespace cleft
