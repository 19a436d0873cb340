#include "io/volume/axes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/narrow.hpp"
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
double tidy(double value) {
  return std::stod(fmt::format("{:.7g}", value));
}

/// Whether a voxel can be so many nm long; the bounds only keep out what is no measurement.
bool is_size(double nm) {
  return nm >= 1e-6 && nm <= 1e12;
}

/// nm per unit; 0 for what is not a length ("pixel", "").
double nm_per_unit(std::string_view unit) {
  struct Unit {
    std::string_view name;
    double nm;
  };
  static constexpr std::array<Unit, 17> units{{{"nm", 1},
                                               {"nanometer", 1},
                                               {"nanometre", 1},
                                               {"um", 1e3},
                                               {"\u00b5m", 1e3},
                                               {"\u03bcm", 1e3},
                                               {"micron", 1e3},
                                               {"microns", 1e3},
                                               {"micrometer", 1e3},
                                               {"micrometre", 1e3},
                                               {"mm", 1e6},
                                               {"millimeter", 1e6},
                                               {"millimetre", 1e6},
                                               {"cm", 1e7},
                                               {"m", 1e9},
                                               {"meter", 1e9},
                                               {"metre", 1e9}}};
  const auto* const known =
      std::find_if(units.begin(), units.end(), [&](const Unit& candidate) { return candidate.name == unit; });
  return known == units.end() ? 0 : known->nm;
}

std::optional<NamedSize> size_from_numbers(const h5::Dataset& dataset, const std::string& attribute,
                                           double nm) {
  if (!dataset.has_attribute(attribute)) return std::nullopt;
  const auto values = dataset.attribute<double>(attribute);
  const bool usable = values.size() == 3 && std::all_of(values.begin(), values.end(),
                                                        [&](double value) { return is_size(value * nm); });
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
    if (!is_size(nm)) return std::nullopt;
    size.nm[axis] = tidy(nm);
  }
  return size;
}

/// The letter of each axis; '?' for an axis of length 1 that was not named and is set aside.
std::string axis_letters(const h5::Dataset& dataset, const h5::Shape& shape) {
  if (dataset.has_attribute("axistags")) {
    const std::string subject = dataset.name() + " attribute axistags";
    std::string letters;
    for (const AxisTag& tag : parse_axistags(dataset.scalar_attribute<std::string>("axistags"), subject))
      letters += tag.key;
    return letters;
  }
  if (dataset.has_attribute("axes")) return dataset.scalar_attribute<std::string>("axes");
  std::string letters(shape.size(), '?');
  std::size_t first = 0, last = shape.size();
  while (last - first > 3 && shape[last - 1] == 1) --last;
  while (last - first > 3 && shape[first] == 1) ++first;
  if (last - first == 3) letters.replace(first, 3, zyx);
  // Fiji's z, c, y, x with a single channel.
  if (last - first == 4 && shape[first + 1] == 1) letters.replace(first, 4, "z?yx");
  return letters;
}

std::string describe(const std::string& letters, const h5::Shape& shape) {
  if (letters.find_first_not_of('?') == std::string::npos)
    return fmt::format("has shape {}", fmt::join(shape, " x "));
  return fmt::format("has axes {} and shape {}", fmt::join(letters, ", "), fmt::join(shape, " x "));
}

/// Whether a dataset says of itself that it is a single section: axes y and x, but no z.
bool is_single_section(const std::string& letters) {
  return letters.find('z') == std::string::npos && letters.find('y') < letters.find('x') &&
         letters.find('x') != std::string::npos;
}

/// The letter of every axis, once it is certain that z, y and x are among them in this order and that all
/// others have length 1. In an image, c may have any length and z may be missing.
std::string named_axes(const h5::Dataset& dataset, bool image) {
  const h5::Shape shape = dataset.shape();
  const bool says = dataset.has_attribute("axistags") || dataset.has_attribute("axes");
  const bool flat = image && says && is_single_section(axis_letters(dataset, shape));
  if (shape.size() < 3 && !flat)
    throw InputError({dataset.name(),
                      fmt::format("has {} ax{}s", shape.size(), shape.size() == 1 ? "i" : "e"),
                      "3 (z, y, x)"});
  std::string letters = axis_letters(dataset, shape);
  if (letters.size() != shape.size())
    throw InputError(
        {dataset.name(), fmt::format("names {} axes but has {}", letters.size(), shape.size()), ""});
  std::string spatial;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_space = zyx.find(letters[i]) != std::string::npos;
    if (is_space) spatial += letters[i];
    if (!is_space && shape[i] != 1 && !(image && letters[i] == 'c'))
      throw InputError({dataset.name(), describe(letters, shape), "3 axes (z, y, x), any other of length 1"});
  }
  if (spatial != (flat ? "yx" : zyx))
    throw InputError({dataset.name(), describe(letters, shape), "the axes z, y, x in this order"});
  if (std::count(letters.begin(), letters.end(), 'c') > 1)
    throw InputError({dataset.name(), describe(letters, shape), "one axis c"});
  return letters;
}

static_assert(std::string::npos == ChannelledAxes::none);

PerAxis<std::size_t> positions(const std::string& letters) {
  return {letters.find('z'), letters.find('y'), letters.find('x')};
}

}  // namespace

std::vector<AxisTag> parse_axistags(const std::string& json_text, const std::string& subject) {
  const InputError unusable({subject, "is not a list of axes", R"(JSON like {"axes": [{"key": "z"}, ...]})"});
  const json parsed = json::parse(json_text, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("axes") || !parsed["axes"].is_array()) throw unusable;
  std::vector<AxisTag> tags;
  for (const json& axis : parsed["axes"]) {
    if (!axis.is_object() || !axis.contains("key") || !axis["key"].is_string()) throw unusable;
    const auto key = axis["key"].get<std::string>();
    if (key.size() != 1) throw InputError({subject, "has an axis \"" + key + "\"", "z, y, x, c or t"});
    const auto resolution = axis.find("resolution");
    tags.push_back(
        {key.front(), resolution != axis.end() && resolution->is_number() ? resolution->get<double>() : 0.0});
  }
  return tags;
}

ChannelledAxes channelled_volume_axes(const h5::Dataset& dataset) {
  const std::string letters = named_axes(dataset, true);
  const auto channel = letters.find('c');
  return {positions(letters), channel == std::string::npos ? std::nullopt : std::optional(channel)};
}

PerAxis<std::size_t> volume_axes(const h5::Dataset& dataset) {
  return positions(named_axes(dataset, false));
}

std::optional<VoxelSize> stored_voxel_size(const h5::Dataset& dataset) {
  std::optional<NamedSize> first;
  for (const auto& size : {size_from_numbers(dataset, "element_size_um", 1e3),
                           size_from_numbers(dataset, "resolution", 1.0), size_from_axistags(dataset)}) {
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

void write_axes(h5::Dataset& dataset, const std::optional<VoxelSize>& voxel_size, bool channels) {
  constexpr int channel = 1, space = 2;  // VIGRA's flags for kinds of axes
  json tags{{"axes", json::array()}};
  for (int axis = 0; axis < 3; ++axis)
    tags["axes"].push_back({{"key", std::string(1, zyx[to_size(axis)])},
                            {"typeFlags", space},
                            {"resolution", voxel_size ? (*voxel_size)[axis] : 0.0},
                            {"description", ""}});
  if (channels)
    tags["axes"].push_back({{"key", "c"}, {"typeFlags", channel}, {"resolution", 0.0}, {"description", ""}});
  dataset.set_attribute("axistags", tags.dump());
  if (!voxel_size) return;
  const std::vector<double> nm{voxel_size->z, voxel_size->y, voxel_size->x};
  dataset.set_attribute("element_size_um",
                        std::vector<double>{tidy(nm[0] / 1e3), tidy(nm[1] / 1e3), tidy(nm[2] / 1e3)});
  dataset.set_attribute("resolution", nm);
  dataset.set_attribute("offset", std::vector<double>{0, 0, 0});
  dataset.set_attribute("axis_units", json{{"x", "nm"}, {"y", "nm"}, {"z", "nm"}}.dump());
}

}  // namespace cleft
