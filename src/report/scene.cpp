#include "report/scene.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include <nlohmann/json.hpp>

#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr double largest_step = 65535;

std::string base64_of(std::span<const std::uint8_t> bytes) {
  constexpr auto digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8U | (k < count ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? digits[bits >> (18 - 6 * k) & 63U] : '=';
  }
  return text;
}

/// Each number's bytes, the lowest first, whatever machine this is.
template <class T>
std::string base64_numbers(const std::vector<T>& numbers) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(numbers.size() * sizeof(T));
  for (const T number : numbers)
    for (std::size_t byte = 0; byte < sizeof(T); ++byte)
      bytes.push_back(narrow<std::uint8_t>(number >> (8 * byte) & 0xffU));
  return base64_of(bytes);
}

std::uint16_t step_number(double nm, double origin, double step) {
  return narrow<std::uint16_t>(std::lround(std::clamp((nm - origin) / step, 0.0, largest_step)));
}

nlohmann::ordered_json in_order(const PerAxis<double>& nm) {
  return {nm.z, nm.y, nm.x};
}

}  // namespace

PackedFrame frame_of(const PerAxis<double>& begin_nm, const PerAxis<double>& end_nm) {
  const double longest = std::max({end_nm.z - begin_nm.z, end_nm.y - begin_nm.y, end_nm.x - begin_nm.x});
  return {begin_nm, longest > 0 ? longest / largest_step : 1};
}

PackedFrame frame_of(const Surface& surface, const PerAxis<double>& offset_nm) {
  if (surface.points.empty()) return {offset_nm, 1};
  SurfacePoint low = surface.points.front(), high = low;
  for (const SurfacePoint& p : surface.points) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
  }
  const auto moved = [&](const SurfacePoint& p) {
    return PerAxis<double>{p.z + offset_nm.z, p.y + offset_nm.y, p.x + offset_nm.x};
  };
  return frame_of(moved(low), moved(high));
}

PackedSurface packed(const Surface& surface, const PerAxis<double>& offset_nm, const PackedFrame& frame) {
  PackedSurface out{frame.origin_nm, frame.step_nm, {}, {}};
  const auto& origin = frame.origin_nm;
  for (const SurfacePoint& p : surface.points) {
    out.positions.push_back(step_number(p.x + offset_nm.x, origin.x, frame.step_nm));
    out.positions.push_back(step_number(p.y + offset_nm.y, origin.y, frame.step_nm));
    out.positions.push_back(step_number(p.z + offset_nm.z, origin.z, frame.step_nm));
  }
  const auto together = [&](std::uint32_t a, std::uint32_t b) {
    return std::equal(out.positions.begin() + 3 * std::ptrdiff_t{a},
                      out.positions.begin() + 3 * std::ptrdiff_t{a} + 3,
                      out.positions.begin() + 3 * std::ptrdiff_t{b});
  };
  for (std::size_t i = 0; i < surface.indices.size(); i += 3) {
    const auto a = surface.indices[i], b = surface.indices[i + 1], c = surface.indices[i + 2];
    if (!together(a, b) && !together(b, c) && !together(c, a))
      out.indices.insert(out.indices.end(), {a, b, c});
  }
  return out;
}

std::string base64(const std::vector<std::uint16_t>& little_endian) {
  return base64_numbers(little_endian);
}
std::string base64(const std::vector<std::uint32_t>& little_endian) {
  return base64_numbers(little_endian);
}

void Scene::add(std::uint64_t id, const std::vector<std::uint16_t>& positions,
                const std::vector<std::uint32_t>& indices) {
  const auto first_point = narrow<std::uint32_t>(positions_.size() / 3);
  ids_.push_back(id);
  first_index_.push_back(indices_.size());
  positions_.insert(positions_.end(), positions.begin(), positions.end());
  for (const auto index : indices) indices_.push_back(first_point + index);
}

std::string Scene::json(const PerAxis<double>& box_begin_nm, const PerAxis<double>& box_end_nm) const {
  auto first_index = first_index_;
  first_index.push_back(indices_.size());
  const nlohmann::ordered_json content{{"origin_nm", in_order(frame_.origin_nm)},
                                       {"step_nm", frame_.step_nm},
                                       {"box_nm", {in_order(box_begin_nm), in_order(box_end_nm)}},
                                       {"ids", ids_},
                                       {"first_index", first_index},
                                       {"positions", base64(positions_)},
                                       {"indices", base64(indices_)}};
  return content.dump(-1, ' ', true);
}

}  // namespace cleft
