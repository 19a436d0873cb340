#include "features/filter_dialect.hpp"

#include <gtest/gtest.h>

namespace cleft {
namespace {

TEST(FilterDialect, HasOneTextEverywhere) {
  EXPECT_EQ(to_string(FilterDialect::ilastik), "ilastik");
  EXPECT_EQ(to_string(FilterDialect::ilastik_1_2), "ilastik-1.2");
}

TEST(FilterDialect, IsFoundByItsTextAlone) {
  for (const FilterDialect dialect : {FilterDialect::ilastik, FilterDialect::ilastik_1_2})
    EXPECT_EQ(parse_enum<FilterDialect>(to_string(dialect)), dialect);
  for (const char* other : {"", "Ilastik", "ilastik-1.3", "ilastik_1_2", "ilastik "})
    EXPECT_EQ(parse_enum<FilterDialect>(other), std::nullopt) << other;
}

}  // namespace
}  // namespace cleft
