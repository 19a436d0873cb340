#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/volume/csv_reader.hpp"

namespace cleft {

// Tables of places that people have given a class: labelled voxels (label_csv.hpp), points (point_csv.hpp).

/// One row of such a table, as text.
struct LabelRow {
  std::array<std::string, 3> place;  ///< z, y, x
  std::string of_class;
  std::string more;      ///< of the column that may be there; empty where it is not
  std::size_t line = 0;  ///< from 1
};

/// Reads a table (io/volume/csv_reader.hpp: separators , ; or tab) row by row: z, y, x and class. A first row
/// with these four names, in capitals or not, may give them in another order and beside other columns, which
/// count for nothing; so may a comment, as NumPy writes it. Other lines that begin with '#' are skipped. A
/// table that napari has made of a points layer is taken too, where it has a column (a property) `class`: its
/// axis-0, axis-1, axis-2 are z, y, x. Not collective.
class LabelTable {
 public:
  /// \param more  A column that a header may name besides, its quantity before its unit ("radius_nm");
  ///              empty: none. A header that names the quantity otherwise ("radius") is refused.
  /// \throws as CsvReader
  explicit LabelTable(const std::filesystem::path& path, std::string_view more = {});

  /// The next row; nothing at the end of the file.
  /// \throws InputError naming file and line when the header lacks a column or names one twice, when a row
  ///         has another number of fields, or when a comment names the axes in another order than they are
  ///         read; as CsvReader.
  std::optional<LabelRow> next();

  /// Whether it is of napari's points, whose places are where the mouse was. Known once there is a row.
  bool is_of_napari() const { return is_of_napari_; }
  /// "l.csv:12": a row, for messages.
  std::string subject(std::size_t line) const;

 private:
  void read_header(const CsvRow& row);
  void check_comment(const CsvRow& row) const;

  std::filesystem::path path_;
  CsvReader reader_;
  std::string more_;
  std::array<std::size_t, 4> columns_{0, 1, 2, 3};  // of z, y, x, class
  std::optional<std::size_t> more_column_;
  std::size_t fields_ = 4;  // of a row
  bool has_header_ = false, has_rows_ = false, is_of_napari_ = false;
};

/// A whole number, also as programs write it that know only fractions: "12.0", "1.2e1".
std::optional<std::int64_t> whole_number_of_table(std::string_view text);

/// A number of a table, as a message has it: in quotes, and with what is wrong with a comma in it.
std::string number_in_table(std::string_view text);

/// The number of a class, from 1, that a table gives as its name or its number.
/// \param subject  The row, for messages.
/// \throws InputError when it is neither; of a name it names the nearest one.
/// \pre    classes.size() <= 255
std::uint8_t class_in_table(std::string_view text, const std::vector<std::string>& classes,
                            const std::string& subject);

}  // namespace cleft
