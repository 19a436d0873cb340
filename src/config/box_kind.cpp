#include "config/box_kind.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/printable.hpp"
#include "base/text/numbers.hpp"
#include "io/volume/volume_path.hpp"

namespace cleft {
namespace {

/// Voxels along an axis, half-open.
struct VoxelRange {
  std::int64_t begin, end;
};

/// A node as it was written, where YAML may have made a map of one key of it: "4:", "4: 20", ":".
/// \throws BadValue when it is a list or a larger map.
std::string written(const YAML::Node& node) {
  if (node.IsNull()) return "";
  if (!node.IsMap() || node.size() != 1) return scalar_text(node);
  const auto entry = *node.begin();
  const YAML::Node key = entry.first, value = entry.second;
  return written(key) + ":" + written(value);
}

/// "4:20", "4:", ":20" or ":".
/// \returns Nothing when the text is no range, begins below 0 or holds no voxel.
std::optional<VoxelRange> parse_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view first = text.substr(0, colon), last = text.substr(colon + 1);
  const auto begin = first.empty() ? std::optional<std::int64_t>(0) : number_from<std::int64_t>(first);
  const auto end = last.empty() ? std::optional(end_of_axis) : number_from<std::int64_t>(last);
  if (!begin || !end || *begin < 0 || *end <= *begin) return std::nullopt;
  return VoxelRange{*begin, *end};
}

/// The texts of a list of ranges, or of one text such as "4:20, 8:, :", without blanks.
std::vector<std::string> range_texts(const YAML::Node& node) {
  std::vector<std::string> texts;
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) texts.push_back(written(item));
  } else {
    if (node.IsNull()) throw BadValue{describe(node)};
    const std::string all = written(node);
    for (std::size_t begin = 0; begin <= all.size();) {
      const std::size_t comma = std::min(all.find(',', begin), all.size());
      texts.push_back(all.substr(begin, comma - begin));
      begin = comma + 1;
    }
  }
  for (std::string& text : texts) std::erase(text, ' ');
  return texts;
}

}  // namespace

ValueKind<Box> box_of_ranges() {
  return {
      "[z0:z1, y0:y1, x0:x1] in voxels from 0, each end one beyond the last; 0 or the axis's end where it is "
      "left out, as in [10:20, ':', '64:']",
      [](const YAML::Node& node, const std::filesystem::path&) {
        const auto texts = range_texts(node);
        if (texts.size() != 3) throw BadValue{describe(node)};
        const auto along = [&](std::size_t axis) {
          const auto range = parse_range(texts[axis]);
          if (!range) throw BadValue{fmt::format("{} along {}", in_quotes(texts[axis]), "zyx"[axis])};
          return *range;
        };
        const VoxelRange z = along(0), y = along(1), x = along(2);
        return Box{{z.begin, y.begin, x.begin}, {z.end, y.end, x.end}};
      },
      [](const Box& box) {
        const auto range = [](std::int64_t begin, std::int64_t end) {
          return quoted(end == end_of_axis ? fmt::format("{}:", begin) : fmt::format("{}:{}", begin, end));
        };
        return fmt::format("[{}, {}, {}]", range(box.begin.z, box.end.z), range(box.begin.y, box.end.y),
                           range(box.begin.x, box.end.x));
      }};
}

}  // namespace cleft
