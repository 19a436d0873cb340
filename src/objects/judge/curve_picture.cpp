#include "objects/judge/curve_picture.hpp"

#include <iterator>

#include <fmt/format.h>

#include "base/narrow.hpp"
#include "base/text/counted.hpp"
#include "base/text/markup.hpp"

namespace cleft {
namespace {

// In pixels. The plot is a square.
constexpr double width = 720, height = 560, left = 80, top = 70, side = 420;

double x_of(double recall) {
  return left + recall * side;
}
double y_of(double precision) {
  return top + (1 - precision) * side;
}

std::string text_at(double x, double y, const std::string& attributes, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x, y, attributes, escaped(text));
}

std::string head(const RankedCurve& curve) {
  std::string svg = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" "
      "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
      curve_picture_mark, width, height, width, height);
  svg += text_at(left, 30, R"(font-size="17" font-weight="bold")", "Precision and recall of objects");
  const Agreement all = curve.points.empty() ? Agreement{} : curve.points.back().agreement;
  svg += text_at(
      left, 52, "",
      fmt::format("ranked by {}; {}, {}; average precision {}", curve.rank,
                  counted(curve.truths, "truth object"), counted(all.matched + all.false_found, "detection"),
                  curve.average_precision ? fmt::format("{:.3f}", *curve.average_precision) : "undefined"));
  return svg;
}

std::string axes() {
  std::string svg;
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double share = tenth / 10.0;
    const std::string label = fmt::format("{:.1f}", share);
    svg += fmt::format("<path d=\"M{0:.1f} {1:.1f}V{2:.1f}M{3:.1f} {4:.1f}H{5:.1f}\" stroke=\"#ddd\"/>\n",
                       x_of(share), y_of(0), y_of(1), x_of(0), y_of(share), x_of(1));
    svg += fmt::format("<path d=\"M{0:.1f} {1:.1f}v6M{2:.1f} {3:.1f}h-6\" stroke=\"#222\"/>\n", x_of(share),
                       y_of(0), x_of(0), y_of(share));
    svg += text_at(x_of(share), y_of(0) + 22, "text-anchor=\"middle\"", label);
    svg += text_at(x_of(0) - 11, y_of(share) + 4.5, "text-anchor=\"end\"", label);
  }
  svg += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#222\"/>\n",
                     left, top, side, side);
  svg += text_at(x_of(0.5), y_of(0) + 48, R"(text-anchor="middle" font-size="14")", "recall");
  const double middle = y_of(0.5);
  svg +=
      text_at(left - 52, middle,
              fmt::format("text-anchor=\"middle\" font-size=\"14\" transform=\"rotate(-90 {:.1f} {:.1f})\"",
                          left - 52, middle),
              "precision");
  return svg;
}

/// From each point's recall back to that of the point before, at its precision.
std::string steps(const RankedCurve& curve) {
  std::string line;
  auto out = std::back_inserter(line);
  double before = 0;
  for (const auto& [rank, agreement] : curve.points) {
    const auto precision = agreement.precision(), recall = agreement.recall();
    if (!precision || !recall) continue;
    fmt::format_to(out, "{}{:.2f} {:.2f}H{:.2f}", line.empty() ? "M" : "L", x_of(before), y_of(*precision),
                   x_of(*recall));
    before = *recall;
  }
  if (line.empty()) return "";
  return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"#0b62a4\" stroke-width=\"2\"/>\n", line);
}

/// A dot, and beside the plot's right edge what it is.
std::string marked(const RankedCurve::Point& point, const std::string& name, double text_y,
                   const char* fill) {
  const auto precision = point.agreement.precision(), recall = point.agreement.recall();
  if (!precision || !recall) return "";
  std::string svg = fmt::format(
      "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"5\" fill=\"{}\" stroke=\"#0b62a4\" stroke-width=\"2\"/>\n",
      x_of(*recall), y_of(*precision), fill);
  const double text_x = left + side + 14;
  svg += fmt::format(
      "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"{}\" stroke=\"#0b62a4\" stroke-width=\"2\"/>\n",
      text_x + 5, text_y - 4.5, fill);
  svg += text_at(text_x + 16, text_y, "", name);
  svg += text_at(text_x + 16, text_y + 18, "", fmt::format("F1 {:.3f}", point.agreement.f1().value_or(0)));
  svg += text_at(text_x + 16, text_y + 36, "", fmt::format("rank {:.4g}", point.rank));
  return svg;
}

}  // namespace

std::string curve_svg(const RankedCurve& curve) {
  std::string svg = head(curve) + axes() + steps(curve);
  if (!curve.points.empty()) svg += marked(curve.points.back(), "all", top + 20, "#fff");
  if (const auto* best = curve.best()) svg += marked(*best, "largest F1", top + 90, "#0b62a4");
  return svg + "</svg>\n";
}

}  // namespace cleft
