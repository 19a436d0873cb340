#include "config/value_kind.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace cleft {
namespace {

const std::filesystem::path folder = "/data/run";

template <class T>
T parsed(const ValueKind<T>& kind, const std::string& yaml) {
  return kind.parse(YAML::Load(yaml), folder);
}

/// What is said to have been found where the value is refused.
template <class T>
std::string complaint(const ValueKind<T>& kind, const std::string& yaml) {
  try {
    parsed(kind, yaml);
  } catch (const BadValue& bad) {
    return bad.found;
  }
  return "accepted";
}

template <class T>
void expect_back(const ValueKind<T>& kind, const std::vector<T>& values) {
  for (const T& value : values) {
    const std::string shown = kind.show(value);
    EXPECT_EQ(shown.find('\n'), std::string::npos) << shown;
    EXPECT_TRUE(parsed(kind, shown) == value) << shown;
    EXPECT_EQ(parsed(list_of(kind), "[" + shown + "]").size(), 1U) << shown;  // also within a list
  }
}

TEST(ValueKinds, read_back_what_they_show) {
  expect_back(any_text(), {"membrane", "a b", "yes: no", "[x]", "'", "\"", "#5", "null", "~", "a, b", "µm",
                           "- x", "two\nlines", "{}", " spaces "});
  expect_back(true_or_false(), {true, false});
  expect_back(whole_number<int>(-5), {-5, 0, 7, std::numeric_limits<int>::max()});
  expect_back(whole_number<std::uint64_t>(0), {0, std::numeric_limits<std::uint64_t>::max()});
  expect_back(whole_number<std::int64_t>(1), {1, std::int64_t{1} << 62U});
  expect_back(number_at_least_zero(), {0, 0.1, 1.0 / 3, 1e-300, 4.6, 1e17, std::nextafter(1.0, 2.0)});
  expect_back(memory_size(), {1 << 20, (1 << 20) + 1, 1'000'000'000, 3'000'000, std::int64_t{5} << 40U,
                              std::int64_t{3} << 29U, std::int64_t{1} << 60U});
  expect_back(one_of<int>({{"six", 6}, {"eighteen", 18}}), {6, 18});
  expect_back(per_axis(number_above_zero()), {{45, 4.6, 4.6}, {1e-3, 1, 1e3}});
  expect_back(one_or_per_axis(number_above_zero()), {{5, 5, 5}, {1, 5, 5}, {5, 5, 1}});
  expect_back<std::filesystem::path>(any_path(),
                                     {"/data/raw.h5/volumes/raw", "/a b/c, d.h5", "/d: e/[f].h5"});
}

TEST(ValueKinds, truth_is_told_in_any_words_of_yaml) {
  for (const char* text : {"true", "True", "yes", "YES", "on", "On"})
    EXPECT_TRUE(parsed(true_or_false(), text)) << text;
  for (const char* text : {"false", "FALSE", "no", "No", "off", "OFF"})
    EXPECT_FALSE(parsed(true_or_false(), text)) << text;
  for (const char* text : {"1", "0", "y", "n", "maybe", "''", "~", "[true]"})
    EXPECT_NE(complaint(true_or_false(), text), "accepted") << text;
  EXPECT_EQ(true_or_false().show(true), "true");
}

TEST(ValueKinds, numbers_with_a_comma_are_told_of) {
  const std::string advice = " (numbers are written 4.6 or 1000, without a comma)";
  EXPECT_EQ(complaint(number_above_zero(), "4,6"), "'4,6'" + advice);
  EXPECT_EQ(complaint(whole_number<int>(0), "1,000"), "'1,000'" + advice);
  EXPECT_EQ(complaint(memory_size(), "1,5GiB"), "'1,5GiB'" + advice);
  EXPECT_EQ(complaint(memory_size(), "1,5 GiB"), "'1,5 GiB'" + advice);
  EXPECT_EQ(complaint(per_axis(number_above_zero()), "[45, 4,6, 4,6]"), "a list of 5" + advice);
  EXPECT_EQ(complaint(per_axis(number_above_zero()), "[45, 4.6, 4.6, 1]"), "a list of 4");
  EXPECT_EQ(complaint(number_above_zero(), "a,b"), "'a,b'");
}

TEST(ValueKinds, read_back_empty_lists_and_lists_of_odd_texts) {
  const auto kind = list_of(any_text());
  for (const std::vector<std::string>& values :
       {std::vector<std::string>{}, {"a"}, {"a, b", "c"}, {"]", "[", ": "}, {"true", "1", "~"}})
    EXPECT_EQ(parsed(kind, kind.show(values)), values) << kind.show(values);
}

TEST(WholeNumber, takes_its_bounds_and_nothing_beyond) {
  const auto kind = whole_number<int>(1, 100);
  EXPECT_EQ(kind.expected, "a whole number from 1 to 100");
  EXPECT_EQ(parsed(kind, "1"), 1);
  EXPECT_EQ(parsed(kind, "100"), 100);
  for (const char* outside : {"0", "101", "-1", "4294967297", "99999999999999999999"})
    EXPECT_EQ(complaint(kind, outside), "'" + std::string(outside) + "'");
  EXPECT_EQ(whole_number<std::int64_t>(0).expected, "a whole number >= 0");
}

TEST(WholeNumber, is_digits_only) {
  const auto kind = whole_number<std::uint64_t>(0);
  for (const char* other : {"1.0", "1e3", "0x10", "1_000", "five", "'5 '", "+5", "-0x1", "''", "1,000"})
    EXPECT_NE(complaint(kind, other), "accepted") << other;
  EXPECT_EQ(parsed(kind, "18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parsed(kind, "007"), 7U);
}

TEST(Number, is_finite_and_above_its_bound) {
  EXPECT_EQ(parsed(number_at_least_zero(), "0"), 0.0);
  EXPECT_EQ(parsed(number_at_least_zero(), "2.5e-3"), 0.0025);
  EXPECT_EQ(complaint(number_above_zero(), "0"), "'0'");
  for (const char* other : {"-1e-9", "nan", "inf", ".inf", "-.5", "1.5x", "1e999", "5 nm"}) {
    EXPECT_NE(complaint(number_at_least_zero(), other), "accepted") << other;
    EXPECT_NE(complaint(number_above_zero(), other), "accepted") << other;
  }
}

TEST(MemorySize, knows_binary_and_decimal_units) {
  const auto bytes = [](const std::string& text) { return parsed(memory_size(), text); };
  EXPECT_EQ(bytes("4GiB"), 4294967296);
  EXPECT_EQ(bytes("4GB"), 4000000000);
  EXPECT_EQ(bytes("256MiB"), 268435456);
  EXPECT_EQ(bytes("1.5GiB"), 1610612736);
  EXPECT_EQ(bytes("2 GiB"), 2147483648);
  EXPECT_EQ(bytes("2000kB"), 2000000);
  EXPECT_EQ(bytes("2048KiB"), 2097152);
  EXPECT_EQ(bytes("1048576"), 1048576);
}

TEST(MemorySize, shows_the_largest_unit_that_loses_nothing) {
  const auto kind = memory_size();
  EXPECT_EQ(kind.show(std::int64_t{4} << 30U), "4GiB");
  EXPECT_EQ(kind.show(std::int64_t{1536} << 20U), "1536MiB");
  EXPECT_EQ(kind.show(4'000'000'000), "3906250KiB");
  EXPECT_EQ(kind.show(5'000'001), "5000001");
}

TEST(MemorySize, refuses_what_no_rank_could_work_with) {
  for (const char* text :
       {"1048575", "0", "-4GiB", "GiB", "4XB", "4gib", "1e30", "nanGiB", "4GiBs", "4GiB 2"})
    EXPECT_NE(complaint(memory_size(), text), "accepted") << text;
}

TEST(OneOf, takes_its_words_as_they_are_written) {
  const auto kind = one_of<int>({{"2d", 2}, {"3d", 3}});
  EXPECT_EQ(kind.expected, "2d or 3d");
  EXPECT_EQ(parsed(kind, "3d"), 3);
  EXPECT_EQ(complaint(kind, "3D"), "'3D'");
  EXPECT_EQ(complaint(kind, "[3d]"), "a list of 1");
}

TEST(PerAxisValues, are_z_y_x) {
  const auto v = parsed(per_axis(number_above_zero()), "[45, 4.6, 5]");
  EXPECT_EQ(v, (PerAxis<double>{.z = 45, .y = 4.6, .x = 5}));
  EXPECT_EQ(complaint(per_axis(number_above_zero()), "[1, 2]"), "a list of 2");
  EXPECT_EQ(complaint(per_axis(number_above_zero()), "[1, 2, 3, a]"), "a list of 4");
  EXPECT_EQ(complaint(per_axis(number_above_zero()), "[1, 0, 3]"), "'0'");
  EXPECT_EQ(complaint(per_axis(number_above_zero()), "{z: 1, y: 2, x: 3}"), "a map");
}

TEST(OneOrPerAxis, is_the_same_on_all_axes_where_one_is_given) {
  const auto kind = one_or_per_axis(number_at_least_zero());
  EXPECT_EQ(parsed(kind, "5"), (PerAxis<double>{5, 5, 5}));
  EXPECT_EQ(parsed(kind, "[0, 5, 5]"), (PerAxis<double>{0, 5, 5}));
  EXPECT_EQ(kind.show({5, 5, 5}), "5");
  EXPECT_EQ(kind.show({0, 5, 5}), "[0, 5, 5]");
  EXPECT_EQ(complaint(kind, "{z: 1}"), "a map");
}

TEST(Path, begins_at_the_folder_of_the_file_that_names_it) {
  EXPECT_EQ(parsed(any_path(), "raw.h5"), "/data/run/raw.h5");
  EXPECT_EQ(parsed(any_path(), "../raw.h5"), "/data/raw.h5");
  EXPECT_EQ(parsed(any_path(), "./a/../b.h5"), "/data/run/b.h5");
  EXPECT_EQ(parsed(any_path(), "/elsewhere/raw.h5"), "/elsewhere/raw.h5");
  EXPECT_EQ(complaint(any_path(), "''"), "an empty text");
  EXPECT_EQ(complaint(any_path(), "[a.h5]"), "a list of 1");
}

TEST(Describe, says_what_stands_there) {
  EXPECT_EQ(describe(YAML::Load("abc")), "'abc'");
  EXPECT_EQ(describe(YAML::Load("[1, [2, 3]]")), "a list of 2");
  EXPECT_EQ(describe(YAML::Load("{a: 1}")), "a map");
  EXPECT_EQ(describe(YAML::Load("")), "no value");
}

}  // namespace
}  // namespace cleft
