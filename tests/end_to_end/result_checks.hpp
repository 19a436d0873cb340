#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "io/h5/file.hpp"
#include "support/run_cleft.hpp"

namespace cleft::test {

/// One line for the user, once, on any number of ranks.
inline void expect_one_error(const Outcome& outcome, int exit_code, const std::string& part) {
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
  ASSERT_EQ(outcome.errors().size(), 1U) << outcome.err;
  EXPECT_NE(outcome.errors().front().find(part), std::string::npos) << outcome.errors().front();
}

/// Turns the bits of the voxels of one row.
inline void flip_row(const std::string& file, const h5::Shape& row_begin, hsize_t voxels) {
  auto dataset = h5::File::open_write(file).dataset("/probability");
  const h5::Shape count{1, 1, voxels};
  std::vector<std::uint8_t> values(voxels);
  dataset.read_part<std::uint8_t>(row_begin, count, values);
  for (auto& value : values) value = static_cast<std::uint8_t>(~value);
  dataset.write_part<std::uint8_t>(row_begin, count, values);
}

}  // namespace cleft::test
