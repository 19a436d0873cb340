#pragma once

#include <string_view>

namespace cleft {

/// How a column of the object table is called on the page, in which unit it is, and what it means.
struct ColumnText {
  std::string_view title, unit, help;
};

/// \param name  Of a column; one that is not known is called by its name.
ColumnText column_text(std::string_view name);

}  // namespace cleft
