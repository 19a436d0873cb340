#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cleft {

/// Turns a section's grey values into pixels of another size, row after row, so that no more than some rows
/// are in memory. A pixel is the mean of the voxels under it, each counted by the area that it shares with
/// the pixel: larger voxels than pixels stay sharp squares, smaller ones are averaged.
class Resampler {
 public:
  /// \param rows, columns     Of the section.
  /// \param height, width     Of the picture, which shows all of the section.
  Resampler(std::int64_t rows, std::int64_t columns, std::int64_t height, std::int64_t width);

  /// Adds the section's next row. NaN counts as 0.
  /// \pre Not more rows than there are; values.size() is the number of columns.
  void add_row(std::span<const float> values);
  /// The picture, row by row.
  /// \pre Every row was added.
  std::vector<float> picture() const;

 private:
  std::int64_t rows_, columns_, height_, width_, next_ = 0;
  std::vector<double> sums_;  // [picture row][picture column]
  std::vector<double> line_;  // a row of the section, at the picture's width
};

}  // namespace cleft
