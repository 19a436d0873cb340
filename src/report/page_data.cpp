#include "report/page_data.hpp"

#include <array>
#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/narrow.hpp"
#include "base/version.hpp"
#include "objects/table_columns.hpp"
#include "report/column_text.hpp"

namespace cleft {
namespace {

nlohmann::ordered_json in_order(const PerAxis<double>& values) {
  return {values.z, values.y, values.x};
}
nlohmann::ordered_json in_order(const Extent& values) {
  return {values.z, values.y, values.x};
}

/// ASCII; what is no UTF-8 becomes U+FFFD.
std::string ascii(const nlohmann::ordered_json& content) {
  return content.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

/// Digits behind the point that a table shows of a column.
int digits_of(const ColumnText& text) {
  if (text.unit == "nm³") return 0;
  return text.unit.empty() ? 3 : 1;
}

const char* kind_of(ColumnType type) {
  switch (type) {
    case ColumnType::uint64:
    case ColumnType::int64:
    case ColumnType::core:
      return "integer";
    case ColumnType::float64:
      return "real";
    case ColumnType::flag:
      return "flag";
  }
  return "";
}

/// A row's value as JSON.
void append_value(std::string& text, const Synapse& row, const TableColumn& column) {
  const auto out = std::back_inserter(text);
  switch (column.type) {
    case ColumnType::uint64:
      fmt::format_to(out, "{}", column_value<std::uint64_t>(row, column));
      break;
    case ColumnType::int64:
      fmt::format_to(out, "{}", column_value<std::int64_t>(row, column));
      break;
    case ColumnType::core:
      if (const auto value = column_value<std::int64_t>(row, column); value != unknown_core)
        fmt::format_to(out, "{}", value);
      else
        text += "null";
      break;
    case ColumnType::flag:
      fmt::format_to(out, "{}", column_value<std::uint8_t>(row, column));
      break;
    case ColumnType::float64:
      if (const auto value = column_value<double>(row, column); std::isfinite(value))
        fmt::format_to(out, "{}", value);
      else
        text += "null";
  }
}

/// The columns as a JSON array, written as text: a tree of all values would take ten times the memory.
std::string columns_of(const std::vector<Synapse>& table) {
  std::string text = "[";
  for (const TableColumn& column : table_columns()) {
    const ColumnText words = column_text(column.name);
    nlohmann::ordered_json entry{{"name", column.name},
                                 {"title", words.title},
                                 {"unit", words.unit},
                                 {"help", words.help},
                                 {"kind", kind_of(column.type)}};
    if (column.type == ColumnType::float64) entry["digits"] = digits_of(words);
    if (text.size() > 1) text += ',';
    text += ascii(entry);
    text.back() = ',';  // in the place of the closing brace
    text += "\"values\":[";
    for (const Synapse& row : table) {
      append_value(text, row, column);
      text += ',';
    }
    if (table.empty()) text += ',';
    text.back() = ']';
    text += '}';
  }
  return text + "]";
}

const char* name_of(Plane plane) {
  switch (plane) {
    case Plane::xy:
      return "xy";
    case Plane::xz:
      return "xz";
    case Plane::yz:
      return "yz";
  }
  return "";
}

/// How the page calls the number of the voxel that a plane stands at.
const char* number_name(Plane plane) {
  switch (plane) {
    case Plane::xy:
      return "section";
    case Plane::xz:
      return "row";
    case Plane::yz:
      return "column";
  }
  return "";
}

nlohmann::ordered_json json_of(const View& view, const std::string& outline, const VoxelSize& size,
                               const PerAxis<double>& offset_nm) {
  constexpr std::array names{"z", "y", "x"};
  const PlaneAxes axes = axes_of(view.plane);
  const Extent begin = view.box.begin - GlobalVoxel{}, extent = view.box.extent();
  // A view's pixels cover its box exactly, so that a pixel may be a little longer along one axis.
  const double per_row = narrow<double>(extent[axes.rows]) / narrow<double>(view.height);
  const double per_column = narrow<double>(extent[axes.columns]) / narrow<double>(view.width);
  PerAxis<double> first{narrow<double>(begin.z), narrow<double>(begin.y), narrow<double>(begin.x)};
  first[axes.rows] += per_row / 2 - 0.5;
  first[axes.columns] += per_column / 2 - 0.5;
  nlohmann::ordered_json out{{"kind", name_of(view.plane)},
                             {number_name(view.plane), begin[axes.fixed]},
                             {std::string(names.at(to_size(axes.fixed))) + "_nm",
                              offset_nm[axes.fixed] + narrow<double>(begin[axes.fixed]) * size[axes.fixed]},
                             {"axes", {names.at(to_size(axes.rows)), names.at(to_size(axes.columns))}},
                             {"x", view.x},
                             {"y", view.y},
                             {"width", view.width},
                             {"height", view.height},
                             {"first_voxel", in_order(first)},
                             {"voxel_per_pixel", {per_row, per_column}},
                             {"outline", outline}};
  return out;
}

nlohmann::ordered_json json_of(const PageObject& object) {
  if (!object.surface) return {};
  const PackedSurface& surface = *object.surface;
  nlohmann::ordered_json out{{"origin_nm", in_order(surface.origin_nm)},
                             {"step_nm", surface.step_nm},
                             {"normal", in_order(object.normal)},
                             {"positions", base64(surface.positions)},
                             {"indices", base64(surface.indices)}};
  if (object.voxels_per_step > 1) out["voxels_per_step"] = object.voxels_per_step;
  return out;
}

}  // namespace

std::string load_call(std::string_view kind, const std::string& ascii_json) {
  std::string script = "cleft.load(\"" + std::string(kind) + "\",";
  script.reserve(script.size() + ascii_json.size() + 4);
  for (const char c : ascii_json) {
    if (c == '<')
      script += "\\u003c";
    else
      script += c;
  }
  return script + ");\n";
}

std::string table_script(const PageRun& run, const std::vector<Synapse>& table, const Chosen& chosen) {
  std::vector<std::uint64_t> ids;
  for (const std::size_t row : chosen.rows) ids.push_back(table[row].id);
  const nlohmann::ordered_json content{
      {"format", "cleft report"},
      {"version", 1},
      {"run",
       {{"name", run.name},
        {"table", run.table_checksum},
        {"model", run.model_fingerprint},
        {"cleft", version()}}},
      {"volume",
       {{"extent", in_order(run.extent)},
        {"voxel_size_nm", run.voxel_size ? in_order(*run.voxel_size) : nlohmann::ordered_json()},
        {"offset_nm", in_order(run.offset_nm)}}},
      {"classes", run.classes},
      {"foreground", run.foreground},
      {"core_ratio", run.core_ratio},
      {"reference_ratio", run.reference_ratio},
      {"count", table.size()},
      {"pictures",
       {{"chosen", ids}, {"how", to_string(chosen.how)}, {"why", chosen.why}, {"sections", run.sections}}},
      {"surfaces", run.surfaces},
      {"surfaces_why", run.surfaces_why},
      {"review", {{"sample", chosen.is_fair_sample}}}};
  std::string text = ascii(content);
  text.back() = ',';  // in the place of the closing brace
  return load_call("table", text + "\"columns\":" + columns_of(table) + "}");
}

std::string object_script(const PageObject& object, const VoxelSize& voxel_size,
                          const PerAxis<double>& offset_nm) {
  nlohmann::ordered_json views = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < object.sprite.views.size(); ++i)
    views.push_back(json_of(object.sprite.views[i], object.outlines.at(i), voxel_size, offset_nm));
  const nlohmann::ordered_json content{{"id", object.id},
                                       {"surface", json_of(object)},
                                       {"picture",
                                        {{"file", "pictures/" + std::to_string(object.id) + ".jpg"},
                                         {"width", object.sprite.width},
                                         {"height", object.sprite.height},
                                         {"nm_per_pixel", object.sprite.nm_per_pixel},
                                         {"views", views}}}};
  return load_call("object", ascii(content));
}

std::string scene_script(const Scene& scene, const PerAxis<double>& box_begin_nm,
                         const PerAxis<double>& box_end_nm) {
  return load_call("scene", scene.json(box_begin_nm, box_end_nm));
}

}  // namespace cleft
