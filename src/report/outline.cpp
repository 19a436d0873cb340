#include "report/outline.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/narrow.hpp"

namespace cleft {
namespace {

/// A corner of voxels; row and column of the voxel behind it.
struct Corner {
  std::int64_t row = 0, column = 0;
  friend bool operator==(const Corner&, const Corner&) = default;
};

enum Direction : unsigned { right, down, left, up };
constexpr std::array<Corner, 4> steps{{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}};

/// Walks along the borders, each of which is walked once with the inside on its right-hand side.
class Tracer {
 public:
  Tracer(std::span<const std::uint8_t> mask, std::int64_t rows, std::int64_t columns)
      : mask_(mask), rows_(rows), columns_(columns), walked_(to_size((rows + 1) * (columns + 1))) {}

  /// The corners at which each polygon turns.
  std::vector<std::vector<Corner>> polygons() {
    std::vector<std::vector<Corner>> found;
    for (std::int64_t row = 0; row < rows_; ++row)
      for (std::int64_t column = 0; column < columns_; ++column)
        if (inside(row, column) && !inside(row - 1, column) && !is_walked({row, column}, right))
          found.push_back(walk({row, column}));
    return found;
  }

 private:
  bool inside(std::int64_t row, std::int64_t column) const {
    return row >= 0 && column >= 0 && row < rows_ && column < columns_ &&
           mask_[to_size(row * columns_ + column)] != 0;
  }
  /// Whether a border leaves a corner in a direction: inside on its right, outside on its left.
  bool is_border(const Corner& at, Direction direction) const {
    const auto [row, column] = at;
    switch (direction) {
      case right:
        return inside(row, column) && !inside(row - 1, column);
      case down:
        return inside(row, column - 1) && !inside(row, column);
      case left:
        return inside(row - 1, column - 1) && !inside(row, column - 1);
      case up:
        return inside(row - 1, column) && !inside(row - 1, column - 1);
    }
    return false;
  }
  std::uint8_t& mark(const Corner& at) { return walked_[to_size(at.row * (columns_ + 1) + at.column)]; }
  bool is_walked(const Corner& at, Direction direction) { return (mark(at) >> direction & 1U) != 0; }

  std::vector<Corner> walk(const Corner& start) {
    std::vector<Corner> turns;
    Corner at = start;
    Direction direction = right;
    do {
      mark(at) = narrow<std::uint8_t>(mark(at) | 1U << direction);
      at = {at.row + steps.at(direction).row, at.column + steps.at(direction).column};
      const Direction before = direction;
      // Where two voxels meet by a corner alone the polygon stays with its own voxel: right comes first.
      for (const unsigned turn : {1U, 0U, 3U})
        if (const auto next = static_cast<Direction>((before + turn) % 4); is_border(at, next)) {
          direction = next;
          break;
        }
      if (direction != before) turns.push_back(at);
    } while (at != start || direction != right);
    return turns;
  }

  std::span<const std::uint8_t> mask_;
  std::int64_t rows_, columns_;
  std::vector<std::uint8_t> walked_;  // [corner] a bit for each direction
};

/// A number of hundredths as the shortest text: "12", "-.5", "3.25".
std::string shortest(std::int64_t hundredths) {
  const std::int64_t size = std::abs(hundredths), whole = size / 100, part = size % 100;
  std::string text = hundredths < 0 ? "-" : "";
  if (whole != 0 || part == 0) text += std::to_string(whole);
  if (part != 0) text += part % 10 == 0 ? fmt::format(".{}", part / 10) : fmt::format(".{:02}", part);
  return text;
}

std::int64_t in_hundredths(const PixelAxis& axis, std::int64_t corner) {
  return std::llround(100 * (axis.begin + axis.pixels_per_voxel * narrow<double>(corner)));
}

std::string shorter_command(char absolute, char relative, std::int64_t to, std::int64_t from) {
  const std::string there = shortest(to), way = shortest(to - from);
  return there.size() <= way.size() ? absolute + there : relative + way;
}

}  // namespace

std::string outline_path(std::span<const std::uint8_t> mask, std::int64_t rows, std::int64_t columns,
                         const PixelAxis& along_rows, const PixelAxis& along_columns) {
  std::string path;
  for (const auto& polygon : Tracer(mask, rows, columns).polygons()) {
    std::int64_t x = 0, y = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      const std::int64_t to_x = in_hundredths(along_columns, polygon[i].column);
      const std::int64_t to_y = in_hundredths(along_rows, polygon[i].row);
      if (i == 0)
        path += fmt::format("M{}{}{}", shortest(to_x), to_y < 0 ? "" : " ", shortest(to_y));
      else if (polygon[i].row == polygon[i - 1].row)
        path += shorter_command('H', 'h', to_x, x);
      else
        path += shorter_command('V', 'v', to_y, y);
      x = to_x;
      y = to_y;
    }
    path += 'Z';
  }
  return path;
}

}  // namespace cleft
