#include "io/sections/page_description.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/numbers.hpp"
#include "io/length_unit.hpp"
#include "io/sections/ome_statement.hpp"

namespace cleft {
namespace {

using Sizes = std::vector<std::int64_t>;

/// The lines "key=value" of a text.
std::map<std::string, std::string> values_in(std::string_view text) {
  std::map<std::string, std::string> values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos)
      values.emplace(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)));
  }
  return values;
}

class ImageJText {
 public:
  explicit ImageJText(std::string_view text) : values_(values_in(text)) {}

  /// A count that may be left out; 0 when it is no number that can be meant.
  std::int64_t count(const std::string& key, std::int64_t otherwise) const {
    const auto found = values_.find(key);
    if (found == values_.end()) return otherwise;
    const auto number = number_from<std::int64_t>(found->second);
    return number && is_page_count(*number) ? *number : 0;
  }
  std::string text(const std::string& key, const std::string& otherwise) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : found->second;
  }

 private:
  std::map<std::string, std::string> values_;
};

/// Pixels per unit as the length of one in nm.
std::optional<double> pixel_length(const std::optional<double>& resolution, double nm) {
  if (!resolution || !std::isfinite(*resolution) || !(*resolution > 0) || nm == 0) return std::nullopt;
  return nm / *resolution;
}

PartialVoxelSize imagej_voxel_size(const ImageJText& text, const DescribedFile& file) {
  const std::string unit = text.text("unit", "");
  const double x = nm_per_unit(unit), y = nm_per_unit(text.text("yunit", unit)),
               z = nm_per_unit(text.text("zunit", unit));
  PartialVoxelSize size{std::nullopt, pixel_length(file.y_resolution, y), pixel_length(file.x_resolution, x)};
  // ImageJ leaves the spacing out when it is 1: also where nobody ever stated one.
  const auto spacing = number_from<double>(text.text("spacing", ""));
  if (spacing && *spacing != 0 && z != 0) size.z = std::abs(*spacing) * z;
  return size;
}

std::optional<StackStatement> read_imagej(const std::string& description, const DescribedFile& file) {
  const bool scifio = description.starts_with("SCIFIO=");
  if (!description.starts_with("ImageJ=") && !scifio) return std::nullopt;
  const ImageJText text(description);
  StackStatement stack;
  stack.program = scifio ? "SCIFIO" : "ImageJ";
  stack.voxel_size = imagej_voxel_size(text, file);
  const std::int64_t images = text.count("images", 1);
  stack.channels = text.count("channels", 1);
  stack.frames = text.count("frames", 1);
  const bool others_known = stack.channels > 0 && stack.frames > 0;
  // Old versions state the images alone: they are the sections.
  stack.sections = text.count(
      "slices", others_known ? std::max<std::int64_t>(1, images / stack.channels / stack.frames) : 0);
  if (images == 0 || !others_known || stack.sections == 0 ||
      stack.sections * stack.channels > most_described_pages / stack.frames) {
    stack.unclear = "states numbers of images that cannot be";
    return stack;
  }
  if (stack.sections * stack.channels * stack.frames != images) {
    stack.unclear = fmt::format(
        "says that it holds {} images, and that they are {} sections of {} channels "
        "and {} frames",
        images, stack.sections, stack.channels, stack.frames);
    return stack;
  }
  stack.places = places_in_order(stack, "czt");
  return stack;
}

/// Removes the axes that lie within a page: y, x and the samples of a pixel behind or before them.
/// \returns False when the shape's end is not that of a page.
bool drop_page_axes(Sizes& shape, std::string& axes, const DescribedFile& file) {
  const auto ends_with = [&](const Sizes& end) {
    return shape.size() >= end.size() && std::equal(end.rbegin(), end.rend(), shape.rbegin());
  };
  for (const Sizes& page : {Sizes{file.height, file.width, file.samples},
                            Sizes{file.samples, file.height, file.width}, Sizes{file.height, file.width}}) {
    const bool plain = page.size() == 2;
    if ((file.samples == 1) != plain || !ends_with(page)) continue;
    shape.resize(shape.size() - page.size());
    if (!axes.empty()) axes.resize(shape.size());
    return true;
  }
  return false;
}

/// The places of pages whose axes the file names, slowest first; nothing is left over.
void place_by_axes(const Sizes& shape, const std::string& axes, StackStatement& stack) {
  std::string order;
  Sizes others;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(axes[axis])));
    std::int64_t* const size = letter == 'z'   ? &stack.sections
                               : letter == 'c' ? &stack.channels
                               : letter == 't' ? &stack.frames
                                               : nullptr;
    if (size != nullptr && order.find(letter) == std::string::npos) {
      *size = shape[axis];
      order += letter;
    } else if (shape[axis] != 1) {
      others.push_back(shape[axis]);
    }
  }
  // One axis that counts, of whatever name (tifffile calls a plain sequence of images I or Q), is the stack.
  if (others.size() == 1 && stack.sections == 1 && stack.channels == 1 && stack.frames == 1) {
    stack.sections = others.front();
    others.clear();
  }
  if (!others.empty()) {
    stack.unclear =
        fmt::format("says that its pages have the axes {} of {}", in_quotes(axes), fmt::join(shape, " x "));
    return;
  }
  for (const char letter : std::string("zct"))
    if (order.find(letter) == std::string::npos) order += letter;
  stack.places = places_in_order(stack, order);
}

std::optional<Sizes> shape_in(const std::string& description, std::string& axes) {
  Sizes shape;
  if (description.starts_with("shape=(")) {  // as older versions of tifffile write it
    std::string_view rest(description);
    rest.remove_prefix(std::string_view("shape=(").size());
    while (const auto size = take_number<std::int64_t>(rest)) {
      shape.push_back(*size);
      rest.remove_prefix(std::min(rest.find_first_not_of(", "), rest.size()));
    }
    return shape;
  }
  if (!description.starts_with('{')) return std::nullopt;
  const auto json = nlohmann::json::parse(description, nullptr, false);
  if (!json.is_object() || !json.contains("shape") || !json["shape"].is_array()) return std::nullopt;
  for (const auto& size : json["shape"])
    shape.push_back(size.is_number_integer() ? size.get<std::int64_t>() : 0);
  if (json.contains("axes") && json["axes"].is_string()) axes = json["axes"].get<std::string>();
  return shape;
}

std::optional<StackStatement> read_shape(const std::string& description, const DescribedFile& file) {
  std::string axes;
  auto shape = shape_in(description, axes);
  if (!shape) return std::nullopt;
  StackStatement stack;
  stack.program = "tifffile";
  if (axes.size() != shape->size()) axes.clear();
  const std::string stated = fmt::format("{}", fmt::join(*shape, " x "));
  std::int64_t images = 1;
  for (const std::int64_t size : *shape) {
    if (!is_page_count(size)) {
      stack.unclear = "says that its shape is " + stated;
      return stack;
    }
  }
  if (!drop_page_axes(*shape, axes, file)) {
    stack.unclear = fmt::format("says that its shape is {}, which {} x {} pixels do not make", stated,
                                file.height, file.width);
    return stack;
  }
  Sizes counting;
  for (const std::int64_t size : *shape) {
    if (size > most_described_pages / images) {
      stack.unclear = "says that its shape is " + stated;
      return stack;
    }
    images *= size;
    if (size > 1) counting.push_back(size);
  }
  if (!axes.empty()) {
    place_by_axes(*shape, axes, stack);
  } else if (counting.size() > 1) {
    stack.unclear = fmt::format("says that it holds {} images, and not which of them are sections",
                                fmt::join(counting, " x "));
  } else {
    stack.sections = images;
    stack.places = places_in_order(stack, "zct");
  }
  return stack;
}

}  // namespace

std::optional<StackStatement> read_description(const std::string& text, const DescribedFile& file) {
  if (auto stack = read_imagej(text, file)) return stack;
  if (auto stack = read_shape(text, file)) return stack;
  return read_ome_xml(text, file);
}

}  // namespace cleft
