#pragma once

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "pipeline/evaluate/evaluate.hpp"
#include "pipeline/evaluate/label_volumes.hpp"
#include "support/temp_directory.hpp"

namespace cleft::test {

/// Labels and a truth of random boxes, and what follows from their voxels.
class EvaluateTest : public testing::Test {
 protected:
  static constexpr Extent extent{8, 30, 32};

  TempDirectory directory;
  Array3<std::uint64_t> labels = random_boxes(extent, 12, 5, 1);
  Array3<std::uint64_t> truth = random_boxes(extent, 10, 2, 2);

  EvaluateOptions options() const {
    EvaluateOptions result;
    result.labels = {directory / "labels.h5", "/labels"};
    result.truth = {directory / "truth.h5", "/truth"};
    return result;
  }
  static Array3<std::uint8_t> mask_of_all() {
    Array3<std::uint8_t> mask(extent);
    mask.fill(1);
    return mask;
  }
  void write_both() const {
    write_volume(directory / "labels.h5", "labels", labels);
    write_volume(directory / "truth.h5", "truth", truth);
  }
  /// Voxels with both, with a label only, with truth only.
  Agreement counted(const Sections& sections) const {
    Agreement counts;
    for (std::int64_t z = sections.begin; z < sections.end; ++z)
      for (std::int64_t y = 0; y < extent.y; ++y)
        for (std::int64_t x = 0; x < extent.x; ++x) {
          const bool found = labels(z, y, x) != 0, there = truth(z, y, x) != 0;
          counts.matched += found && there ? 1 : 0;
          counts.false_found += found && !there ? 1 : 0;
          counts.missed += !found && there ? 1 : 0;
        }
    return counts;
  }
  static void expect_equal(const Agreement& a, const Agreement& b) {
    EXPECT_EQ(a.matched, b.matched);
    EXPECT_EQ(a.false_found, b.false_found);
    EXPECT_EQ(a.missed, b.missed);
  }
  static std::string failure(const EvaluateOptions& options) {
    try {
      evaluate(options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
};

}  // namespace cleft::test
