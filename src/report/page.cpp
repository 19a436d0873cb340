#include "report/page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/markup.hpp"
#include "report/column_text.hpp"

namespace cleft {
namespace {

constexpr std::string_view overview_style = R"(
#overview h2, #first-rows h2 { font-size: 18px; margin: 28px 0 8px; }
#overview h3 { font-size: 15px; margin: 14px 0 4px; }
#overview .numbers { display: flex; flex-wrap: wrap; gap: 12px; }
#overview .number { border: 1px solid #8886; border-radius: 6px; padding: 8px 14px; }
#overview .number strong { display: block; font-size: 22px; }
#overview .charts { display: flex; flex-wrap: wrap; gap: 18px; align-items: flex-start; margin: 14px 0; }
#overview .chart { max-width: 100%; height: auto; }
#overview .thumbnail { margin: 0; max-width: 520px; }
#overview .thumbnail img { max-width: 100%; height: auto; display: block; }
#overview figcaption, #overview .note, #first-rows figcaption { font-size: 13px; opacity: .8; }
#overview .facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 4px 0; }
#overview .facts dt { opacity: .75; }
#overview .facts dd { margin: 0; overflow-wrap: anywhere; }
#overview table, #first-rows table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
#overview th, #overview td, #first-rows th, #first-rows td { padding: 3px 10px; text-align: right;
  border-bottom: 1px solid #8884; white-space: nowrap; }
#overview th:first-child, #first-rows th:first-child, #first-rows td:first-child { text-align: left; }
#first-rows th small { font-weight: normal; opacity: .7; }
#first-rows .wide { overflow-x: auto; }
#first-rows .object { margin: 0 0 18px; }
#first-rows .object svg { max-width: 100%; height: auto; display: block; background: #000; }
#first-rows .outline { fill: none; stroke: #E69F00; stroke-width: 1; vector-effect: non-scaling-stroke; }
#first-rows .notice { border-left: 4px solid #D55E00; padding: 6px 12px; }
#overview pre { overflow-x: auto; padding: 10px; border: 1px solid #8886; border-radius: 6px; }
)";

std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "";
}

/// The columns that tell most; all are in synapses.csv.
struct ShownColumn {
  const char* name;
  std::string (*text)(const Synapse&);
};
constexpr std::array shown_columns{
    ShownColumn{"id", [](const Synapse& s) { return std::to_string(s.id); }},
    ShownColumn{"accepted", [](const Synapse& s) { return std::string(s.accepted != 0 ? "yes" : "no"); }},
    ShownColumn{"size_voxels", [](const Synapse& s) { return std::to_string(s.size); }},
    ShownColumn{"centroid_z_voxels", [](const Synapse& s) { return fmt::format("{:.1f}", s.centroid.z); }},
    ShownColumn{"centroid_y_voxels", [](const Synapse& s) { return fmt::format("{:.1f}", s.centroid.y); }},
    ShownColumn{"centroid_x_voxels", [](const Synapse& s) { return fmt::format("{:.1f}", s.centroid.x); }},
    ShownColumn{"decisive_ratio", [](const Synapse& s) { return cell(s.decisive_ratio); }},
    ShownColumn{"mean_probability", [](const Synapse& s) { return cell(s.mean_probability); }},
    ShownColumn{"long_axis_nm", [](const Synapse& s) { return cell(s.long_axis_nm); }},
    ShownColumn{"short_axis_nm", [](const Synapse& s) { return cell(s.short_axis_nm); }},
    ShownColumn{"touches_edge",
                [](const Synapse& s) { return std::string(s.touches_edge != 0 ? "yes" : ""); }},
};

std::string table_html(const std::vector<Synapse>& table) {
  std::vector<std::size_t> rows(table.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  rows = first_rows(std::move(rows), table, rows_without_script);
  std::string html = fmt::format(
      "<h2>Table</h2>\n<p>The {} largest of {} rows; all rows and columns are in synapses.csv.</p>\n"
      "<div class=\"wide\"><table><thead><tr>",
      rows.size(), table.size());
  for (const auto& column : shown_columns) {
    const ColumnText text = column_text(column.name);
    html += fmt::format(R"(<th scope="col" title="{}">{}{}</th>)", escaped(text.help), escaped(text.title),
                        text.unit.empty() ? "" : fmt::format(" <small>{}</small>", escaped(text.unit)));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::size_t row : rows) {
    html += "<tr>";
    for (const auto& column : shown_columns) html += "<td>" + column.text(table[row]) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string without_script(const std::vector<std::string>& figures) {
  std::string html =
      "<p class=\"notice\">This cleft was built without Node: no surfaces, no judging. (The Debian packages "
      "nodejs and npm, and a new build, bring both.)</p>\n";
  if (figures.empty()) return html;
  html += fmt::format(
      "<h2>Pictures</h2>\n<p>The {} largest. Of each: XY sections from first to last, then XZ and YZ; all "
      "others "
      "are in the folder pictures.</p>\n",
      figures.size());
  for (const std::string& figure : figures) html += figure;
  return html;
}

/// The bytes of an asset; empty where there is none.
std::string_view asset(std::span<const PageAsset> assets, std::string_view name) {
  for (const PageAsset& one : assets)
    if (one.name == name) return one.bytes;
  return {};
}

/// The frame with its names replaced, each wherever it stands. What is put in is not looked at again.
std::string filled(std::string_view frame,
                   const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string html;
  while (!frame.empty()) {
    const auto* next = static_cast<const std::pair<std::string_view, std::string>*>(nullptr);
    for (const auto& value : values)
      if (frame.starts_with(value.first)) next = &value;
    html += next != nullptr ? next->second : std::string(frame.substr(0, 1));
    frame.remove_prefix(next != nullptr ? next->first.size() : 1);
  }
  return html;
}

}  // namespace

std::string page_style(std::span<const PageAsset> assets) {
  return std::string(asset(assets, "report.css")) + std::string(overview_style);
}

std::string object_figure(const PageObject& object, const Synapse& row) {
  const Sprite& sprite = object.sprite;
  std::string html = fmt::format(
      "<figure class=\"object\"><svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"pictures of object {2}\"><image href=\"pictures/{2}.jpg\" width=\"{0}\" "
      "height=\"{1}\"/>",
      sprite.width, sprite.height, object.id);
  for (std::size_t i = 0; i < sprite.views.size(); ++i)
    html += fmt::format("<path class=\"outline\" transform=\"translate({} {})\" d=\"{}\"/>",
                        sprite.views[i].x, sprite.views[i].y, object.outlines.at(i));
  return html + fmt::format(
                    "</svg><figcaption>{} {}: {} voxels at z {:.0f}, y {:.0f}, x {:.0f}; decisive ratio {}; "
                    "{:.3g} nm "
                    "per pixel</figcaption></figure>\n",
                    row.accepted != 0 ? "synapse" : "candidate", row.id, row.size, row.centroid.z,
                    row.centroid.y, row.centroid.x, cell(row.decisive_ratio), sprite.nm_per_pixel);
}

std::vector<std::size_t> first_rows(std::vector<std::size_t> rows, const std::vector<Synapse>& table,
                                    std::size_t count) {
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return table[a].size != table[b].size ? table[a].size > table[b].size : table[a].id < table[b].id;
  });
  rows.resize(std::min(rows.size(), count));
  return rows;
}

std::string index_html(const PageRun& run, const std::string& overview, const std::vector<Synapse>& table,
                       const std::vector<std::string>& figures, std::span<const PageAsset> assets) {
  const bool has_script = !asset(assets, "report.js").empty();
  const std::string title = escaped(run.name) + " - cleft report";
  // The script puts the title above everything itself.
  return filled(asset(assets, "report.html"),
                {{"@TITLE@", title},
                 {"@OVERVIEW@", (has_script ? "" : "<h1>" + title + "</h1>\n") + overview},
                 {"@FIRST_ROWS@", (has_script ? "" : without_script(figures)) + table_html(table)},
                 {"@SCRIPT@", has_script ? "<script src=\"report.js\"></script>" : ""}});
}

}  // namespace cleft
