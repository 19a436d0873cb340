#include "io/sections/section_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fnmatch.h>

#include "base/narrow.hpp"
#include "base/text/numbers.hpp"

namespace cleft {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// The digits or the other characters that `text` begins with.
/// \pre Not empty.
std::string_view first_part(std::string_view text) {
  const bool digits = is_digit(text.front());
  const auto* const end =
      std::find_if(text.begin(), text.end(), [&](char c) { return is_digit(c) != digits; });
  return text.substr(0, to_size(end - text.begin()));
}

std::string_view without_leading_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

/// -1, 0 or 1; numbers of any length.
int compare_parts(std::string_view a, std::string_view b) {
  if (is_digit(a.front()) && is_digit(b.front())) {
    a = without_leading_zeros(a);
    b = without_leading_zeros(b);
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  }
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

constexpr std::size_t most_digits = 17;

std::string_view digits_of(const NameParts& name, std::size_t place) {
  const NameNumber& number = name.numbers[place];
  return std::string_view(name.text).substr(number.begin, number.end - number.begin);
}

bool all_have_width(const std::vector<NameParts>& names, std::size_t place, std::size_t width) {
  return std::all_of(names.begin(), names.end(),
                     [&](const NameParts& name) { return digits_of(name, place).size() == width; });
}

/// What stands between a number and the one before it, a sign included.
std::string_view before(const NameParts& name, std::size_t place) {
  const std::size_t begin = place == 0 ? 0 : name.numbers[place - 1].end;
  return std::string_view(name.text).substr(begin, name.numbers[place].begin - begin);
}

std::optional<std::int64_t> value_of(std::string_view digits) {
  if (digits.size() > most_digits) digits = without_leading_zeros(digits);
  return digits.size() > most_digits ? std::nullopt : number_from<std::int64_t>(digits);
}

using ValueOf = std::function<std::optional<std::int64_t>(const NameParts&)>;

/// The values of all names, or nothing when one of them has none.
std::vector<std::int64_t> values_of(const std::vector<NameParts>& names, const ValueOf& value) {
  std::vector<std::int64_t> values;
  for (const NameParts& name : names) {
    const auto one = value(name);
    if (!one) return {};
    values.push_back(*one);
  }
  return values;
}

/// Days since 1970 of a date of these years, months and days; nothing when there is no such day.
std::optional<std::int64_t> day_of(std::string_view year, std::string_view month, std::string_view day) {
  const auto y = number_from<int>(year).value_or(0),
             m = number_from<int>(month.substr(month[0] == '0')).value_or(0),
             d = number_from<int>(day.substr(day[0] == '0')).value_or(0);
  const std::chrono::year_month_day date{std::chrono::year(y), std::chrono::month(narrow<unsigned>(m)),
                                         std::chrono::day(narrow<unsigned>(d))};
  if (y < 1900 || y > 2199 || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<std::int64_t> second_of(std::string_view hour, std::string_view minute,
                                      std::string_view second) {
  const auto two = [](std::string_view digits) { return (digits[0] - '0') * 10 + (digits[1] - '0'); };
  const int h = two(hour), m = two(minute), s = two(second);
  if (h > 23 || m > 59 || s > 60) return std::nullopt;
  return (h * 60 + m) * 60 + s;
}

/// Three places of these widths with one character between them, or one place with all digits.
struct Triple {
  std::size_t places = 0;  // 3 or 1
  std::array<std::pair<std::size_t, std::size_t>, 3> digits{};
};

std::optional<Triple> triple_at(const std::vector<NameParts>& names, std::size_t place,
                                const std::array<std::size_t, 3>& widths) {
  if (all_have_width(names, place, widths[0] + widths[1] + widths[2])) return Triple{1, {}};
  if (place + 3 > names.front().numbers.size()) return std::nullopt;
  for (std::size_t i = 0; i < 3; ++i)
    if (!all_have_width(names, place + i, widths[i])) return std::nullopt;
  for (const NameParts& name : names)
    if (before(name, place + 1).size() != 1 || before(name, place + 2).size() != 1) return std::nullopt;
  return Triple{3, {}};
}

std::array<std::string_view, 3> digits_at(const NameParts& name, std::size_t place, const Triple& triple,
                                          const std::array<std::size_t, 3>& widths) {
  if (triple.places == 3)
    return {digits_of(name, place), digits_of(name, place + 1), digits_of(name, place + 2)};
  const std::string_view all = digits_of(name, place);
  return {all.substr(0, widths[0]), all.substr(widths[0], widths[1]), all.substr(widths[0] + widths[1])};
}

/// A date, and the time of day behind it if there is one.
std::optional<NameCounter> date_at(const std::vector<NameParts>& names, std::size_t place) {
  constexpr std::array<std::size_t, 3> date_widths{4, 2, 2}, time_widths{2, 2, 2};
  const auto date = triple_at(names, place, date_widths);
  if (!date) return std::nullopt;
  NameCounter counter;
  counter.kind = CounterKind::date;
  counter.first = place;
  counter.last = place + date->places - 1;
  counter.values = values_of(names, [&](const NameParts& name) {
    const auto [year, month, day] = digits_at(name, place, *date, date_widths);
    return day_of(year, month, day);
  });
  if (counter.values.empty()) return std::nullopt;
  const std::size_t next = counter.last + 1;
  const auto time = next < names.front().numbers.size() ? triple_at(names, next, time_widths) : std::nullopt;
  if (!time) return counter;
  const auto seconds = values_of(names, [&](const NameParts& name) {
    const auto [hour, minute, second] = digits_at(name, next, *time, time_widths);
    return second_of(hour, minute, second);
  });
  if (seconds.empty()) return counter;
  constexpr std::int64_t day_seconds = 86400;
  for (std::size_t i = 0; i < seconds.size(); ++i)
    counter.values[i] = counter.values[i] * day_seconds + seconds[i];
  counter.last = next + time->places - 1;
  return counter;
}

/// A decimal fraction that has as many digits behind the point in all names: 0.1555, but not 1.9 and 1.10.
std::optional<NameCounter> decimal_at(const std::vector<NameParts>& names, std::size_t place) {
  const std::size_t count = names.front().numbers.size();
  const auto point_before = [&](std::size_t at) { return at < count && before(names.front(), at) == "."; };
  if (!point_before(place + 1) || point_before(place + 2) || point_before(place)) return std::nullopt;
  const std::size_t width = digits_of(names.front(), place + 1).size();
  if (!all_have_width(names, place + 1, width)) return std::nullopt;
  NameCounter counter;
  counter.kind = CounterKind::decimal;
  counter.first = place;
  counter.last = place + 1;
  counter.values = values_of(names, [&](const NameParts& name) {
    return value_of(std::string(digits_of(name, place)) + std::string(digits_of(name, place + 1)));
  });
  return counter;
}

std::string label_of(const NameParts& name, std::size_t place) {
  const std::string_view text = before(name, place);
  std::size_t begin = text.size();
  while (begin > 0 && (text[begin - 1] == '_' || text[begin - 1] == '-' || text[begin - 1] == '+' ||
                       text[begin - 1] == '='))
    --begin;
  const std::size_t end = begin;
  while (begin > 0 && std::isalpha(static_cast<unsigned char>(text[begin - 1])) != 0) --begin;
  return begin == end ? fmt::format("number {}", place + 1) : std::string(text.substr(begin, end - begin));
}

std::string escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[')
      pattern.append({'[', c, ']'});
    else
      pattern.append(c == '\\' ? 2 : 1, c);
  }
  return pattern;
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::string_view rest_a = a, rest_b = b;
  while (!rest_a.empty() && !rest_b.empty()) {
    const std::string_view part_a = first_part(rest_a), part_b = first_part(rest_b);
    if (const int order = compare_parts(part_a, part_b); order != 0) return order < 0;
    rest_a.remove_prefix(part_a.size());
    rest_b.remove_prefix(part_b.size());
  }
  if (rest_a.empty() != rest_b.empty()) return rest_a.empty();
  return a < b;
}

NameParts parts_of(std::string text) {
  NameParts name{std::move(text), {}, {}};
  const std::string& all = name.text;
  for (std::size_t at = 0; at < all.size();) {
    const bool sign = (all[at] == '-' || all[at] == '+') && at + 1 < all.size() && is_digit(all[at + 1]);
    if (!sign && !is_digit(all[at])) {
      name.kind += static_cast<char>(std::tolower(static_cast<unsigned char>(all[at++])));
      continue;
    }
    NameNumber number{sign ? at + 1 : at, 0, sign ? all[at] : '\0'};
    number.end = number.begin;
    while (number.end < all.size() && is_digit(all[number.end])) ++number.end;
    name.kind += '\0';
    at = number.end;
    name.numbers.push_back(number);
  }
  return name;
}

bool NameCounter::varies() const {
  return values.empty() ||
         std::any_of(values.begin(), values.end(), [&](std::int64_t v) { return v != values.front(); });
}

std::vector<NameCounter> counters_of(const std::vector<NameParts>& names) {
  std::vector<NameCounter> counters;
  if (names.empty()) return counters;
  for (std::size_t place = 0; place < names.front().numbers.size(); place = counters.back().last + 1) {
    auto counter = date_at(names, place);
    if (!counter) counter = decimal_at(names, place);
    if (!counter) {
      counter.emplace();
      counter->first = counter->last = place;
      counter->values =
          values_of(names, [&](const NameParts& name) { return value_of(digits_of(name, place)); });
      const auto same = [&](const NameParts& name) {
        return digits_of(name, place) == digits_of(names.front(), place);
      };
      if (counter->values.empty() && std::all_of(names.begin(), names.end(), same))
        counter->values.assign(names.size(), 0);
    }
    const auto minus = std::count_if(names.begin(), names.end(),
                                     [&](const NameParts& name) { return name.numbers[place].sign == '-'; });
    const bool signs = minus > 0 && to_size(minus) < names.size() && counter->kind != CounterKind::date;
    for (std::size_t i = 0; signs && i < counter->values.size(); ++i)
      if (names[i].numbers[place].sign == '-') counter->values[i] = -counter->values[i];
    counter->label = label_of(names.front(), place);
    counters.push_back(*std::move(counter));
  }
  return counters;
}

std::string pattern_for(const std::vector<NameParts>& names, const std::vector<NameParts>& others,
                        const std::vector<const NameCounter*>& counted) {
  const NameParts& first = names.front();
  const auto is_counted = [&](std::size_t place) {
    return std::any_of(counted.begin(), counted.end(), [&](const NameCounter* counter) {
      return place >= counter->first && place <= counter->last;
    });
  };
  const auto fits = [](const std::string& pattern, const NameParts& name) {
    return ::fnmatch(pattern.c_str(), name.text.c_str(), FNM_PATHNAME) == 0;
  };
  for (const int form : {0, 1, 2, 3}) {
    std::string pattern;
    std::size_t at = 0;
    for (std::size_t place = 0; place < first.numbers.size(); ++place) {
      const NameNumber& number = first.numbers[place];
      if (!is_counted(place)) continue;
      const std::size_t begin = number.begin - (number.sign == 0 || form == 3 ? 0 : 1);
      pattern += escaped(std::string_view(first.text).substr(at, begin - at));
      if (form < 3) pattern += form == 0 ? "*" : form == 1 ? "[0-9]*" : "*[0-9]";
      for (std::size_t digit = number.begin; form == 3 && digit < number.end; ++digit) pattern += "[0-9]";
      at = number.end;
    }
    pattern += escaped(std::string_view(first.text).substr(at));
    if (std::all_of(names.begin(), names.end(), [&](const NameParts& name) { return fits(pattern, name); }) &&
        std::none_of(others.begin(), others.end(),
                     [&](const NameParts& name) { return fits(pattern, name); }))
      return pattern;
  }
  return {};
}

}  // namespace cleft
