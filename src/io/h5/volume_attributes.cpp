#include "io/h5/volume_attributes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/numbers.hpp"
#include "base/voxel_size.hpp"

namespace cleft {
namespace {

using nlohmann::json;

constexpr std::string_view zyx = "zyx";

struct NamedSize {
  std::string source;
  VoxelSize nm;
};

/// 4.5999999 (from single precision) is 4.6; nobody measures a voxel to 7 digits.
double tidy(double value, int digits = 7) {
  return number_from<double>(fmt::format("{:.{}g}", value, digits)).value_or(value);
}

/// nm per unit; 0 for what is not a length ("pixel", "").
double nm_per_unit(std::string_view unit) {
  struct Unit {
    std::string_view name;
    double nm;
  };
  static constexpr std::array<Unit, 20> units{
      {{"nm", 1},           {"angstrom", 0.1},   {"Angstrom", 0.1},   {"\u00c5", 0.1},  {"nanometer", 1},
       {"nanometre", 1},    {"um", 1e3},         {"\u00b5m", 1e3},    {"\u03bcm", 1e3}, {"micron", 1e3},
       {"microns", 1e3},    {"micrometer", 1e3}, {"micrometre", 1e3}, {"mm", 1e6},      {"millimeter", 1e6},
       {"millimetre", 1e6}, {"cm", 1e7},         {"m", 1e9},          {"meter", 1e9},   {"metre", 1e9}}};
  const auto* const known =
      std::find_if(units.begin(), units.end(), [&](const Unit& candidate) { return candidate.name == unit; });
  return known == units.end() ? 0 : known->nm;
}

std::optional<NamedSize> size_from_numbers(const h5::Dataset& dataset, const std::string& attribute,
                                           double nm) {
  if (!dataset.has_attribute(attribute)) return std::nullopt;
  const auto values = dataset.attribute<double>(attribute);
  const bool usable = values.size() == 3 && std::all_of(values.begin(), values.end(), [&](double value) {
                        return is_voxel_length(value * nm);
                      });
  if (!usable)
    throw InputError({dataset.name() + " attribute " + attribute,
                      fmt::format("is [{}]", fmt::join(values, ", ")), "three lengths (z, y, x)"});
  return NamedSize{attribute, {tidy(values[0] * nm), tidy(values[1] * nm), tidy(values[2] * nm)}};
}

/// ilastik keeps the numbers in `axistags` and their units, by axis, in `axis_units`. A number without a unit
/// of length says nothing.
std::optional<NamedSize> size_from_axistags(const h5::Dataset& dataset) {
  if (!dataset.has_attribute("axistags") || !dataset.has_attribute("axis_units")) return std::nullopt;
  const auto tags = parse_axistags(dataset.scalar_attribute<std::string>("axistags"),
                                   dataset.name() + " attribute axistags");
  const json units = json::parse(dataset.scalar_attribute<std::string>("axis_units"), nullptr, false);
  if (!units.is_object())
    throw InputError(
        {dataset.name() + " attribute axis_units", "is not a JSON object", "a unit for each axis"});
  NamedSize size{"axistags", {}};
  for (int axis = 0; axis < 3; ++axis) {
    const char key = zyx[to_size(axis)];
    const auto tag = std::find_if(tags.begin(), tags.end(), [&](const AxisTag& t) { return t.key == key; });
    const auto unit = units.find(std::string(1, key));
    if (tag == tags.end() || unit == units.end() || !unit->is_string()) return std::nullopt;
    const double nm = tag->resolution * nm_per_unit(unit->get<std::string>());
    if (!is_voxel_length(nm)) return std::nullopt;
    size.nm[axis] = tidy(nm);
  }
  return size;
}

/// "zyx" of "ZYX" or "z, y, x".
std::string letters_in(const std::string& text) {
  std::string letters;
  for (const char c : text)
    if (c != ' ' && c != ',') letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return letters;
}

/// HDF5's own names of dimensions (H5DSset_label), where each is the letter of an axis.
std::optional<AxesInFile> axes_of_dimension_labels(const h5::Dataset& dataset) {
  constexpr auto attribute = "DIMENSION_LABELS";
  if (!dataset.has_attribute(attribute)) return std::nullopt;
  AxesInFile axes{"", dataset.name() + " attribute " + attribute};
  for (const auto& text : dataset.attribute<std::string>(attribute)) {
    const std::string letter = letters_in(text);
    if (letter.size() != 1 || std::string_view("zyxct").find(letter) == std::string_view::npos)
      return std::nullopt;
    axes.letters += letter;
  }
  return axes;
}

/// nm per unit of `resolution`: CREMI's nm, unless a unit of length stands beside it.
double unit_of_resolution(const h5::Dataset& dataset) {
  for (const auto* name : {"unit", "units"}) {
    if (!dataset.has_attribute(name)) continue;
    try {
      const auto texts = dataset.attribute<std::string>(name);
      const double nm = texts.size() == 1 ? nm_per_unit(texts.front()) : 0;
      if (nm > 0) return nm;
    } catch (const InputError&) {  // a number, which is no unit
      continue;
    }
  }
  return 1;
}

}  // namespace

std::optional<AxesInFile> stored_axes(const h5::Dataset& dataset) {
  const std::string tags = dataset.name() + " attribute axistags";
  if (dataset.has_attribute("axistags"))
    return AxesInFile{axis_letters(parse_axistags(dataset.scalar_attribute<std::string>("axistags"), tags)),
                      tags};
  if (!dataset.has_attribute("axes")) return axes_of_dimension_labels(dataset);
  AxesInFile axes{"", dataset.name() + " attribute axes"};
  for (const auto& text : dataset.attribute<std::string>("axes")) axes.letters += letters_in(text);
  return axes;
}

std::optional<VoxelSize> stored_voxel_size(const h5::Dataset& dataset) {
  std::optional<NamedSize> first;
  for (const auto& size :
       {size_from_numbers(dataset, "element_size_um", 1e3),
        size_from_numbers(dataset, "resolution", unit_of_resolution(dataset)), size_from_axistags(dataset)}) {
    if (!size) continue;
    if (first && !same_voxel_size(first->nm, size->nm))
      throw InputError({dataset.name(),
                        fmt::format("has two voxel sizes: {} by {}, {} by {}", to_string(first->nm),
                                    first->source, to_string(size->nm), size->source),
                        "one"});
    if (!first) first = size;
  }
  return first ? std::optional(first->nm) : std::nullopt;
}

bool states_voxel_size_by_axis(const h5::Dataset& dataset) {
  return size_from_axistags(dataset).has_value();
}

std::optional<PerAxis<double>> stored_offset(const h5::Dataset& dataset) {
  constexpr auto name = "offset";
  if (!dataset.has_attribute(name)) return std::nullopt;
  std::vector<double> values;
  try {
    values = dataset.attribute<double>(name);
  } catch (const InputError&) {  // a text
    return std::nullopt;
  }
  if (values.size() <= 1) return std::nullopt;
  constexpr double farthest = 1e15;  // nm
  if (values.size() != 3 ||
      std::any_of(values.begin(), values.end(), [](double v) { return !(std::abs(v) <= farthest); }))
    throw InputError({dataset.name() + " attribute " + name, fmt::format("is [{}]", fmt::join(values, ", ")),
                      "three positions in nm (z, y, x)"});
  constexpr int digits = 9;
  return PerAxis<double>{tidy(values[0], digits), tidy(values[1], digits), tidy(values[2], digits)};
}

std::optional<h5::Shape> stored_image_lengths(const h5::File& file, const std::string& dataset,
                                              const h5::Shape& shape) {
  const std::size_t end = dataset.find_last_of('/');
  if (end == std::string::npos || end == 0 || shape.size() != zyx.size()) return std::nullopt;
  const h5::Group group = file.group(dataset.substr(0, end));
  h5::Shape lengths;
  for (const char* const name : {"ImageSizeZ", "ImageSizeY", "ImageSizeX"}) {
    if (!group.has_attribute(name)) return std::nullopt;
    const auto letters = group.attribute<std::string>(name);
    const std::string digits = fmt::format("{}", fmt::join(letters, ""));
    const auto length = number_from<std::uint64_t>(digits);
    const hsize_t longest = shape[lengths.size()];
    if (!length || *length == 0 || *length > longest)
      throw InputError({fmt::format("{}:{} attribute {}", file.path(), dataset.substr(0, end), name),
                        fmt::format("is '{}'", digits),
                        fmt::format("a length of 1 to {}, which the dataset has", longest)});
    lengths.push_back(*length);
  }
  return lengths;
}

void write_axes(h5::Dataset& dataset, const std::optional<VoxelSize>& voxel_size, bool channels,
                const std::optional<PerAxis<double>>& offset) {
  constexpr int channel = 1, space = 2;  // VIGRA's flags for kinds of axes
  json tags{{"axes", json::array()}};
  for (int axis = 0; axis < 3; ++axis)
    tags["axes"].push_back({{"key", std::string(1, zyx[to_size(axis)])},
                            {"typeFlags", space},
                            {"resolution", voxel_size ? (*voxel_size)[axis] : 0.0},
                            {"description", ""}});
  if (channels)
    tags["axes"].push_back({{"key", "c"}, {"typeFlags", channel}, {"resolution", 0.0}, {"description", ""}});
  dataset.set_text_for_python("axistags", tags.dump());
  if (offset) dataset.set_attribute("offset", std::vector<double>{offset->z, offset->y, offset->x});
  if (!voxel_size) return;
  const std::vector<double> nm{voxel_size->z, voxel_size->y, voxel_size->x};
  dataset.set_attribute("element_size_um",
                        std::vector<double>{tidy(nm[0] / 1e3), tidy(nm[1] / 1e3), tidy(nm[2] / 1e3)});
  dataset.set_attribute("resolution", nm);
  dataset.set_text_for_python("axis_units", json{{"x", "nm"}, {"y", "nm"}, {"z", "nm"}}.dump());
}

}  // namespace cleft
