#include "features/filter_dialect.hpp"

#include "base/error.hpp"

namespace cleft {

const char* to_string(FilterDialect dialect) {
  switch (dialect) {
    case FilterDialect::ilastik:
      return "ilastik";
    case FilterDialect::ilastik_1_2:
      return "ilastik-1.2";
  }
  throw InternalError("filter dialect out of range");
}

std::optional<FilterDialect> parse_filter_dialect(std::string_view text) {
  for (const FilterDialect dialect : filter_dialects)
    if (text == to_string(dialect)) return dialect;
  return std::nullopt;
}

}  // namespace cleft
