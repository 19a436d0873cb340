#include "report/charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/markup.hpp"

namespace cleft {
namespace {

// In pixels of the chart's own frame.
constexpr double width = 380, height = 258, left = 52, right = 14, top = 42, bottom = 46;
constexpr double plot_width = width - left - right, plot_height = height - top - bottom;
// Told apart with any colour vision (Okabe and Ito 2008).
constexpr auto blue = "#0072B2", orange = "#D55E00", grey = "#888888";

std::string text_at(double x, double y, const char* anchor, const std::string& text, double size = 12) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{}\" fill=\"currentColor\">{}</text>\n",
      x, y, anchor, size, escaped(text));
}

/// 1, 2 or 5 times a power of ten: about `count` of them fit into the length.
double round_step(double length, int count) {
  const double raw = length / count, power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw * 0.999) return factor * power;
  return 10 * power;
}

/// The values that ticks of an axis stand at.
std::vector<double> ticks(double low, double high, bool logarithmic) {
  std::vector<double> at;
  // Within less than a decade round steps are more, and more even, than 1, 2 and 5.
  if (!logarithmic || high < 6 * low) {
    const double step = round_step(high - low, 6);
    for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) at.push_back(k * step);
    return at;
  }
  // Labels of more than eight decades would touch each other.
  const double decades = std::log10(high / low), step = std::ceil(decades / 8);
  const bool few_decades = decades < 2.2;
  for (double power = step * std::floor(std::log10(low) / step); power <= std::log10(high); power += step)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10, power);
      if (value >= low * 0.999 && value <= high * 1.001 && (factor == 1 || few_decades)) at.push_back(value);
    }
  return at;
}

/// "200", "2k", "0.5", "3M", "2e9".
std::string short_number(double value) {
  const double size = std::abs(value);
  if (size >= 1e9) {
    const double power = std::floor(std::log10(size));
    return fmt::format("{:.3g}e{:.0f}", value / std::pow(10, power), power);
  }
  if (size >= 1e6) return fmt::format("{:.4g}M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:.4g}k", value / 1e3);
  return fmt::format("{:.4g}", size < 1e-9 ? 0.0 : value);
}

/// An axis's range, and where a value lies on it.
struct Axis {
  double low, high;
  bool logarithmic;

  double share(double value) const {
    return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  }
};

/// The range that the options state, or else that of the values, with room for a single one.
std::optional<Axis> range_of(const std::vector<double>& values, const HistogramOptions& options) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const double value : values) {
    if (!std::isfinite(value) || (options.logarithmic && value <= 0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return std::nullopt;
  low = options.low.value_or(low);
  high = options.high.value_or(high);
  if (options.mark && (!options.logarithmic || *options.mark > 0)) {
    low = std::min(low, *options.mark);
    high = std::max(high, *options.mark);
  }
  if (low < high) return Axis{low, high, options.logarithmic};
  return options.logarithmic ? Axis{low / 2, low * 2, true} : Axis{low - 0.5, low + 0.5, false};
}

std::string frame(const Axis& axis, double most, const HistogramOptions& options) {
  std::string svg = text_at(left, 18, "start", options.title, 14);
  const double base = top + plot_height;
  for (const double value : ticks(0, most, false)) {
    if (value != std::floor(value)) continue;  // counts are whole
    const double y = base - plot_height * value / most;
    svg += fmt::format("<path d=\"M{:.1f} {:.1f}h{:.1f}\" stroke=\"{}\" stroke-opacity=\".3\"/>\n", left, y,
                       plot_width, grey);
    svg += text_at(left - 6, y + 4, "end", short_number(value));
  }
  for (const double value : ticks(axis.low, axis.high, axis.logarithmic)) {
    const double x = left + plot_width * axis.share(value);
    svg += fmt::format("<path d=\"M{:.1f} {:.1f}v5\" stroke=\"currentColor\"/>\n", x, base);
    svg += text_at(x, base + 18, "middle", short_number(value));
  }
  svg += fmt::format("<path d=\"M{:.1f} {:.1f}h{:.1f}\" stroke=\"currentColor\"/>\n", left, base, plot_width);
  return svg + text_at(left + plot_width / 2, height - 8, "middle", options.axis);
}

std::string expected_line(const std::vector<double>& expected, double most) {
  if (expected.empty()) return "";
  std::string path;
  const double bin = plot_width / narrow<double>(expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double y = top + plot_height * (1 - expected[i] / most);
    path += fmt::format("{}{:.1f} {:.1f}h{:.1f}", i == 0 ? "M" : "L", left + bin * narrow<double>(i), y, bin);
  }
  return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n", path, orange);
}

std::string mark_line(const Axis& axis, const HistogramOptions& options) {
  if (!options.mark) return "";
  const double share = axis.share(*options.mark), x = left + plot_width * share;
  std::string svg = fmt::format(
      "<path d=\"M{:.1f} {:.1f}v{:.1f}\" stroke=\"{}\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"/>\n", x,
      top - 4, plot_height + 4, orange);
  // Above the plot, where no bar is.
  const char* anchor = share < 0.3 ? "start" : share < 0.7 ? "middle" : "end";
  return svg + text_at(x, top - 7, anchor, options.mark_text, 11);
}

/// The element around a chart, of which a screen reader reads the name.
std::string svg_element(double w, double h, const std::string& name, const std::string& content) {
  return fmt::format(
      "<svg class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" role=\"img\" "
      "aria-label=\"{}\">\n{}</svg>\n",
      w, h, w, h, escaped(name), content);
}

}  // namespace

std::vector<std::int64_t> count_in_bins(const std::vector<double>& values, double low, double high, int bins,
                                        bool logarithmic) {
  const Axis axis{low, high, logarithmic};
  std::vector<std::int64_t> counts(to_size(bins));
  for (const double value : values) {
    if (!(value >= low && value <= high)) continue;
    const auto bin = static_cast<int>(std::floor(axis.share(value) * bins + 1e-12));
    ++counts[to_size(std::clamp(bin, 0, bins - 1))];
  }
  return counts;
}

std::string histogram_svg(const std::vector<double>& values, const HistogramOptions& options) {
  const auto axis = range_of(values, options);
  if (!axis)
    return svg_element(width, height, options.title,
                       text_at(left, 18, "start", options.title, 14) +
                           text_at(width / 2, height / 2, "middle", "nothing to count"));
  const auto counts = count_in_bins(values, axis->low, axis->high, options.bins, axis->logarithmic);
  double most = 1;
  for (const auto count : counts) most = std::max(most, narrow<double>(count));
  for (const double count : options.expected) most = std::max(most, count);
  std::string svg = frame(*axis, most, options);
  const double bin = plot_width / options.bins;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const double bar = plot_height * narrow<double>(counts[i]) / most;
    svg += fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\"/>\n",
                       left + bin * narrow<double>(i) + 0.5, top + plot_height - bar, bin - 1, bar, blue);
  }
  svg += expected_line(options.expected, most) + mark_line(*axis, options);
  return svg_element(width, height, options.title, svg);
}

std::string projection_svg(const std::vector<ProjectedObject>& objects, const Extent& extent,
                           const VoxelSize& voxel_size, int fixed) {
  constexpr std::array names{"z", "y", "x"};
  const int rows = fixed == 0 ? 1 : 0, columns = fixed == 2 ? 1 : 2;
  const double wide = narrow<double>(extent[columns]) * voxel_size[columns];
  const double high = narrow<double>(extent[rows]) * voxel_size[rows];
  constexpr double room = 300, edge = 30;
  const double scale = room / std::max(wide, high);
  const double w = std::max(2.0, wide * scale), h = std::max(2.0, high * scale);
  std::string svg = text_at(edge, 16, "start", fmt::format("seen along {}", names.at(to_size(fixed))), 14);
  svg += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" fill-opacity=\".12\" "
      "stroke=\"{}\"/>\n",
      edge, edge, w, h, grey, grey);
  const double radius = objects.size() > 2000 ? 1.2 : objects.size() > 200 ? 2 : 3;
  for (const ProjectedObject& object : objects) {
    const double x = edge + (object.at[columns] + 0.5) * voxel_size[columns] * scale;
    const double y = edge + (object.at[rows] + 0.5) * voxel_size[rows] * scale;
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\" fill-opacity=\".7\"/>\n", x,
                       y, radius, object.accepted ? blue : grey);
  }
  svg += text_at(edge + w / 2, edge + h + 17, "middle", std::string(names.at(to_size(columns))) + " →");
  svg += text_at(edge - 12, edge + 12, "middle", names.at(to_size(rows)));
  svg += text_at(edge - 12, edge + 26, "middle", "↓");
  return svg_element(w + 2 * edge, h + 2 * edge,
                     "positions " + std::string("seen along ") + names.at(to_size(fixed)), svg);
}

}  // namespace cleft
