#include "io/volume/axis_order.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr std::string_view zyx = "zyx";

std::int64_t count(std::string_view text, char letter) {
  return std::count(text.begin(), text.end(), letter);
}

/// The order of a dataset that nobody says anything of.
std::string usual_order(const Lengths& shape) {
  std::string letters(shape.size(), '?');
  std::size_t first = 0, last = shape.size();
  while (last - first > 3 && shape[last - 1] == 1) --last;
  while (last - first > 3 && shape[first] == 1) ++first;
  if (last - first == 3) letters.replace(first, 3, zyx);
  // Fiji's z, c, y, x with a single channel.
  if (last - first == 4 && shape[first + 1] == 1) letters.replace(first, 4, "z?yx");
  return letters;
}

/// "volume.axes" of "run.yaml:3: volume.axes".
std::string key_name(const std::string& axes_key) {
  return axes_key.substr(axes_key.rfind(' ') + 1);
}

/// What to add to a list of what was expected, where the axes could be stated.
std::string way_out(const std::string& axes_key) {
  return axes_key.empty()
             ? ""
             : fmt::format(", or a letter for each axis as {} (such as zyxc)", key_name(axes_key));
}

std::string without(std::string letters, char axis) {
  std::erase(letters, axis);
  return letters;
}

/// Whether a dataset of this shape may have this order: one moment only.
bool fits(const std::string& letters, const Lengths& shape) {
  if (letters.size() != shape.size() || !is_axis_order(letters)) return false;
  const std::size_t time = letters.find('t');
  return time == std::string::npos || shape[time] == 1;
}

/// A recorded order without the axes that the dataset has not; empty where it does not fit the dataset even
/// so.
std::string recorded_order(const std::string& subject, const Lengths& shape, const ReadOptions& options) {
  const std::string& all = options.recorded_axes;
  if (all.size() == shape.size()) return is_axis_order(all) ? all : "";
  std::string no_channel = without(all, 'c'), no_time = without(all, 't');
  const bool either = fits(no_channel, shape), other = fits(no_time, shape);
  if (either && other && no_channel != no_time)
    throw InputError({subject,
                      fmt::format("has shape {}, which may be {} or {} of the recorded axes {}",
                                  fmt::join(shape, " x "), no_channel, no_time, all),
                      "axes that are stated" + way_out(options.axes_key)});
  if (either) return no_channel;
  if (other) return no_time;
  std::string neither = without(no_channel, 't');
  return fits(neither, shape) ? neither : "";
}

std::string stated_order(const std::string& subject, const Lengths& shape,
                         const std::optional<AxesInFile>& in_file, const ReadOptions& options) {
  if (options.axes.size() != shape.size())
    throw InputError({options.axes_key,
                      fmt::format("'{}' names {} axes, but {} has {} ({})", options.axes, options.axes.size(),
                                  subject, shape.size(), fmt::join(shape, " x ")),
                      "a letter for each axis, slowest first"});
  if (in_file && in_file->letters != options.axes)
    throw InputError(
        {options.axes_key,
         fmt::format("is '{}', but {} says '{}'", options.axes, in_file->source, in_file->letters),
         "the same order, or none"});
  return options.axes;
}

}  // namespace

bool is_axis_order(std::string_view text) {
  const bool known = text.find_first_not_of("zyxct") == std::string_view::npos;
  const auto once = [&](char letter) { return count(text, letter) == 1; };
  return known && once('y') && once('x') && count(text, 'z') <= 1 && count(text, 'c') <= 1 &&
         count(text, 't') <= 1;
}

std::string axis_order(const std::string& subject, const Lengths& shape,
                       const std::optional<AxesInFile>& in_file, const ReadOptions& options) {
  if (!options.axes.empty()) return stated_order(subject, shape, in_file, options);
  if (in_file && in_file->letters.size() != shape.size())
    throw InputError(
        {subject, fmt::format("names {} axes but has {}", in_file->letters.size(), shape.size()), ""});
  if (in_file) return in_file->letters;
  const std::string recorded = recorded_order(subject, shape, options);
  return recorded.empty() ? usual_order(shape) : recorded;
}

AxisPositions axis_positions(const std::string& subject, const std::string& order, const Lengths& shape,
                             const std::string& axes_key) {
  const AxisPositions found{{order.find('z'), order.find('y'), order.find('x')}, order.find('c')};
  const bool has_section = found.space.y != AxisPositions::none && found.space.x != AxisPositions::none;
  if (shape.size() < 3 && !has_section)
    throw InputError({subject, fmt::format("has {} ax{}s", shape.size(), shape.size() == 1 ? "i" : "e"),
                      "3 (z, y, x)" + way_out(axes_key)});
  const std::string has = "has " + describe_axes(order, shape);
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (zyx.find(order[i]) == std::string_view::npos && order[i] != 'c' && shape[i] != 1)
      throw InputError({subject, has, "3 axes (z, y, x), any other but c of length 1" + way_out(axes_key)});
  if (!has_section || count(order, 'z') > 1 || count(order, 'y') > 1 || count(order, 'x') > 1)
    throw InputError({subject, has, "the axes y and x once each, and z at most once"});
  if (count(order, 'c') > 1) throw InputError({subject, has, "one axis c"});
  return found;
}

std::string describe_axes(const std::string& order, const Lengths& shape) {
  if (order.find_first_not_of('?') == std::string::npos)
    return fmt::format("shape {}", fmt::join(shape, " x "));
  return fmt::format("axes {} and shape {}", fmt::join(order, ", "), fmt::join(shape, " x "));
}

}  // namespace cleft
