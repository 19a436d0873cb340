#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "io/labels.hpp"

namespace cleft {
namespace {

constexpr std::array<std::string_view, 4> column_names{"z", "y", "x", "class"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\"";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto comma = line.find(',');
    fields.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// One table while it is read; knows which line it is at, for messages.
class LabelTable {
 public:
  LabelTable(const std::filesystem::path& path, const Extent& volume, const std::vector<std::string>& classes)
      : path_(path), volume_(volume), classes_(classes) {}

  struct Row {
    LabelledVoxel label;
    std::int64_t line = 0;
  };

  std::vector<Row> read() {
    if (!std::filesystem::exists(path_)) throw InputError({path_.string(), "there is no such file", ""});
    errno = 0;
    std::ifstream in(path_);
    std::vector<Row> rows;
    for (std::string text; std::getline(in, text);) {
      ++line_;
      if (trimmed(text).empty()) continue;
      if (width_ == 0)
        read_header(text);
      else
        rows.push_back({read_row(text), line_});
    }
    if (!in.eof())
      throw IoError({path_.string(), std::string("cannot be read: ") + std::strerror(errno), ""});
    if (width_ == 0) throw InputError({path_.string(), "is empty", "a line with the columns z, y, x, class"});
    return rows;
  }

  [[noreturn]] void refuse(std::int64_t line, const std::string& found, const std::string& expected) const {
    throw InputError({fmt::format("{}:{}", path_.string(), line), found, expected});
  }

 private:
  void read_header(std::string_view text) {
    const auto names = fields_of(text);
    width_ = names.size();
    for (std::size_t c = 0; c < column_names.size(); ++c) {
      const auto found = std::find(names.begin(), names.end(), column_names[c]);
      if (found == names.end())
        refuse(line_, fmt::format("no column '{}'", column_names[c]),
               "a first line with the columns z, y, x, class");
      columns_[c] = static_cast<std::size_t>(found - names.begin());
    }
  }

  LabelledVoxel read_row(std::string_view text) const {
    const auto fields = fields_of(text);
    if (fields.size() != width_)
      refuse(line_, fmt::format("{} fields", fields.size()), fmt::format("{}, as in the first line", width_));
    std::array<std::int64_t, 3> at{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto number = whole_number(fields[columns_[axis]]);
      if (!number)
        refuse(line_, fmt::format("{} is '{}'", column_names[axis], fields[columns_[axis]]),
               "a whole number");
      at[axis] = *number;
    }
    const GlobalVoxel voxel{at[0], at[1], at[2]};
    if (!whole_box(volume_).contains(voxel))
      refuse(line_, fmt::format("voxel z {}, y {}, x {} is outside the volume", voxel.z, voxel.y, voxel.x),
             "inside " + to_string(volume_));
    return {voxel, class_of(fields[columns_[3]])};
  }

  std::uint8_t class_of(std::string_view field) const {
    const auto named = std::find(classes_.begin(), classes_.end(), field);
    if (named != classes_.end()) return static_cast<std::uint8_t>(named - classes_.begin() + 1);
    const auto number = whole_number(field);
    if (!number || *number < 1 || *number > static_cast<std::int64_t>(classes_.size()))
      refuse(line_, fmt::format("class is '{}'", field),
             fmt::format("one of {}, or its number from 1", fmt::join(classes_, ", ")));
    return static_cast<std::uint8_t>(*number);
  }

  const std::filesystem::path& path_;
  const Extent volume_;
  const std::vector<std::string>& classes_;
  std::array<std::size_t, 4> columns_{};  // where z, y, x and class stand
  std::size_t width_ = 0;                 // fields in a line; 0 until the first line is read
  std::int64_t line_ = 0;
};

}  // namespace

std::vector<LabelledVoxel> read_label_csv(const std::filesystem::path& path, const Extent& volume,
                                          const std::vector<std::string>& classes) {
  LabelTable table(path, volume, classes);
  auto rows = table.read();
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.label.voxel < b.label.voxel; });
  std::vector<LabelledVoxel> labels;
  for (const auto& [label, line] : rows) {
    if (labels.empty() || labels.back().voxel != label.voxel)
      labels.push_back(label);
    else if (labels.back().label != label.label)
      table.refuse(line,
                   fmt::format("class '{}' for a voxel that already has class '{}'",
                               classes[label.label - 1U], classes[labels.back().label - 1U]),
                   "one class for each voxel");
  }
  return labels;
}

}  // namespace cleft
