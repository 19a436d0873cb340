#include "io/volume/label_csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text/numbers.hpp"
#include "io/volume/label_table.hpp"

namespace cleft {
namespace {

struct Row {
  LabelledVoxel labelled;
  std::size_t line;
};

/// The voxel along one axis. A voxel's centre is at its whole number: it reaches half a voxel to either side.
/// \param rounds  Whether fractions of a voxel are the voxel that they lie in.
std::optional<std::int64_t> voxel_from(std::string_view text, bool rounds) {
  constexpr double most = 0x1p53;
  std::optional<std::int64_t> value = whole_number_of_table(text);
  if (const auto fraction = rounds && !value ? number_from<double>(text) : std::nullopt;
      fraction && std::abs(*fraction) <= most)
    value = static_cast<std::int64_t>(std::floor(*fraction + 0.5));
  return value && std::abs(static_cast<double>(*value)) <= most ? value : std::nullopt;
}

LabelledVoxel parse_row(const LabelRow& row, bool rounds, const Extent& volume,
                        const std::vector<std::string>& classes, const Extent& begin,
                        const std::string& subject) {
  constexpr std::array<char, 3> names{'z', 'y', 'x'};
  std::array<std::int64_t, 3> place{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::string& text = row.place[axis];
    const auto value = voxel_from(text, rounds);
    if (!value)
      throw InputError({subject, fmt::format("{} is {}", names[axis], number_in_table(text)),
                        rounds ? "a number" : "a whole number"});
    place[axis] = *value;
  }
  const GlobalVoxel voxel = GlobalVoxel{place[0], place[1], place[2]} + begin;
  if (!whole_box(volume).contains(voxel))
    throw InputError({subject,
                      fmt::format("z {}, y {}, x {} is outside the volume", voxel.z, voxel.y, voxel.x),
                      "a voxel of " + to_string(volume)});
  return {voxel, class_in_table(row.of_class, classes, subject)};
}

/// Sorts, drops repetitions, and refuses a voxel with two classes.
std::vector<LabelledVoxel> unique_voxels(std::vector<Row> rows, const std::filesystem::path& path,
                                         const std::vector<std::string>& classes) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.labelled.voxel < b.labelled.voxel; });
  std::vector<LabelledVoxel> voxels;
  const Row* previous = nullptr;
  for (const Row& row : rows) {
    const bool again = previous != nullptr && previous->labelled.voxel == row.labelled.voxel;
    if (again && previous->labelled.label != row.labelled.label)
      throw InputError({fmt::format("{}:{}", path.string(), row.line),
                        fmt::format("gives class {} to a voxel that line {} gave class {}",
                                    classes[row.labelled.label - 1U], previous->line,
                                    classes[previous->labelled.label - 1U]),
                        "one class for each voxel"});
    if (!again) voxels.push_back(row.labelled);
    previous = &row;
  }
  return voxels;
}

}  // namespace

std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes, const Extent& begin) {
  LabelTable table(path);
  std::vector<Row> rows;
  while (const auto row = table.next())
    rows.push_back(
        {parse_row(*row, table.is_of_napari(), volume, classes, begin, table.subject(row->line)), row->line});
  return unique_voxels(std::move(rows), path, classes);
}

}  // namespace cleft
