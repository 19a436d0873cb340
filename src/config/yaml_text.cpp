#include "config/yaml_text.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "config/raw_bytes.hpp"

namespace cleft {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t max_depth = 20;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Names the line that a fault is in.
class TextPlace {
 public:
  TextPlace(std::string name, bool line_numbers) : name_(std::move(name)), line_numbers_(line_numbers) {}
  const std::string& name() const { return name_; }
  /// \param line  From 1.
  std::string at(std::size_t line) const { return line_numbers_ ? fmt::format("{}:{}", name_, line) : name_; }
  [[noreturn]] void fail(std::size_t line, const std::string& found, const std::string& expected) const {
    throw ConfigError({.subject = at(line), .found = found, .expected = expected});
  }

 private:
  std::string name_;
  bool line_numbers_;
};

/// Goes over a text line by line and refuses what parse_yaml does not take, before yaml-cpp makes something
/// else of it.
class LineCheck {
 public:
  explicit LineCheck(const TextPlace& place) : place_(place) {}

  void add(std::string_view line) {
    ++number_;
    line_ = line;
    at_ = line.find_first_not_of(" \t");
    if (at_ == std::string_view::npos || line[at_] == '#') return;
    if (line.substr(0, at_).find('\t') != std::string_view::npos) fail_tab();
    if (open_.empty() && (line.starts_with("---") || line.starts_with("...") || line.starts_with("%")))
      return;
    check_begin();
    awaits_value_ = true;
    while (at_ < line_.size() && line_[at_] != '#') take();
    first_ = false;
  }
  void finish() const {
    if (!open_.empty()) fail_open();
  }

 private:
  struct Open {
    char bracket;
    std::size_t line;
    bool at_margin;  // it is the first character of its line
  };

  [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
    place_.fail(number_, found, expected);
  }
  [[noreturn]] void fail_tab() const { fail("a tab, which YAML does not allow here", "spaces"); }
  [[noreturn]] void fail_open() const {
    place_.fail(open_.back().line, fmt::format("a '{}' that is never closed", open_.back().bracket),
                open_.back().bracket == '[' ? "']'" : "'}'");
  }

  /// Whether the line is a key: "threshold: ...", "run:".
  bool begins_with_key() const {
    std::size_t end = at_;
    while (end < line_.size() &&
           (std::isalnum(static_cast<unsigned char>(line_[end])) != 0 || line_[end] == '_'))
      ++end;
    return end > at_ && end < line_.size() && line_[end] == ':' &&
           (end + 1 == line_.size() || is_blank(line_[end + 1]));
  }

  /// Whether there is a colon after a word, quoted or not, or the dash of a list.
  bool has_own_value() const {
    const char c = line_[at_];
    if (c == '"' || c == '\'' || c == '[' || c == '{' || c == '?') return true;
    if (c == '-' && (at_ + 1 == line_.size() || is_blank(line_[at_ + 1]))) return true;
    for (std::size_t i = at_; i < line_.size(); ++i) {
      if (line_[i] == '#' && is_blank(line_[i - 1])) return false;
      if (line_[i] == ':' && (i + 1 == line_.size() || is_blank(line_[i + 1]))) return true;
    }
    return false;
  }

  /// Refuses a line that goes on with what stands on the one before.
  void check_begin() const {
    if (open_.empty()) {
      if (!first_ && !awaits_value_ && !has_own_value())
        fail("goes on with the value of the line before", "a key with its value, or a text on one line");
      return;
    }
    if (at_ == 0 && !open_.front().at_margin && begins_with_key()) fail_open();
    const bool closes = line_[at_] == ']' || line_[at_] == '}' || line_[at_] == ',';
    if (!awaits_value_ && !closes)
      fail(fmt::format("no comma before it, within the '{}' of line {}", open_.back().bracket,
                       open_.back().line),
           "a comma, or the bracket closed");
  }

  /// Takes what stands at at_.
  void take() {
    const char c = line_[at_];
    if (c == '\t') {
      const std::size_t next = line_.find_first_not_of(" \t", at_);
      if (next != std::string_view::npos && line_[next] != '#') fail_tab();
    }
    if (is_blank(c))
      skip_blanks();
    else if (awaits_value_ && (c == '"' || c == '\''))
      take_quoted();
    else if (c == '[' || c == '{')
      take_open();
    else if ((c == ']' || c == '}') && !open_.empty())
      take_close();
    else if ((c == ',' && !open_.empty()) || (awaits_value_ && (c == '-' || c == '?') && ends_a_sign()) ||
             (c == ':' && (ends_a_sign() || after_quote_)))
      take_sign();
    else
      take_plain();
  }

  /// Blanks; what begins with # behind them is a comment, which ends the line.
  void skip_blanks() {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
  }
  /// Whether a sign such as ':' is one here: something else may not stick to it.
  bool ends_a_sign() const {
    if (at_ + 1 == line_.size() || is_blank(line_[at_ + 1])) return true;
    return !open_.empty() && std::string_view(",[]{}").find(line_[at_ + 1]) != std::string_view::npos;
  }
  void take_sign() {
    if (line_[at_] == ',') check_comma();
    ++at_;
    awaits_value_ = true;
    after_quote_ = false;
  }
  /// Refuses "1,6" in a list whose other items have blanks between them, [1,6, 3,5]: a number with a decimal
  /// comma far more often than two numbers.
  void check_comma() const {
    constexpr std::string_view digits = "0123456789";
    const std::size_t before = line_.substr(0, at_).find_last_not_of(digits);
    const std::size_t after = std::min(line_.find_first_not_of(digits, at_ + 1), line_.size());
    if (open_.back().bracket != '[' || before == std::string_view::npos || before + 1 == at_ ||
        after == at_ + 1 || after == line_.size())
      return;
    const bool ends = line_[after] == ']', blank_before = is_blank(line_[before]);
    const bool blank_after = line_[after] == ',' && after + 1 < line_.size() && is_blank(line_[after + 1]);
    if (!(line_[before] == '[' && blank_after) && !(blank_before && (ends || blank_after))) return;
    const auto first = line_.substr(before + 1, at_ - before - 1);
    const auto second = line_.substr(at_ + 1, after - at_ - 1);
    fail(fmt::format("'{},{}' in a list, which may be one number or two", first, second),
         fmt::format("{0}.{1}, or {0}, {1} with a blank", first, second));
  }
  void take_open() {
    if (!awaits_value_) {  // within a plain text
      if (open_.empty()) return take_plain();
      if (line_[at_] == '{' && line_[at_ - 1] == '$')
        fail("a '${' within brackets", "the text in quotes, as in \"${SCRATCH}/raw.h5\"");
    }
    if (open_.size() == max_depth)
      fail(fmt::format("more than {} brackets within each other", max_depth), "fewer");
    const bool at_margin = at_ == 0;
    open_.push_back({line_[at_], number_, at_margin});
    take_sign();
  }
  void take_close() {
    open_.pop_back();
    ++at_;
    awaits_value_ = false;
    after_quote_ = true;  // a ':' may follow at once
  }
  void take_quoted() {
    const char quote = line_[at_];
    for (++at_; at_ < line_.size(); ++at_) {
      if (quote == '"' && line_[at_] == '\\') {
        ++at_;
      } else if (line_[at_] == quote) {
        const bool doubled = quote == '\'' && at_ + 1 < line_.size() && line_[at_ + 1] == quote;
        if (!doubled) break;
        ++at_;
      }
    }
    if (at_ >= line_.size())
      fail("a quote that is never closed", fmt::format("a {} on the same line", quote));
    ++at_;
    awaits_value_ = false;
    after_quote_ = true;
  }
  void take_plain() {
    if (awaits_value_) check_plain_begin();
    awaits_value_ = after_quote_ = false;
    ++at_;
    // A '#' is a part of the text that it sticks to.
    while (at_ < line_.size() && line_[at_] == '#') ++at_;
  }
  void check_plain_begin() const {
    const char c = line_[at_];
    const std::string in_quotes = "a value on its line; one that begins so stands in quotes";
    if (c == '|' || c == '>') fail(fmt::format("a text of several lines ('{}')", c), in_quotes);
    if (c == '&' || c == '*') fail(fmt::format("a reference of YAML ('{}')", c), in_quotes);
    if (c == '!') fail("a tag of YAML ('!')", in_quotes);
  }

  const TextPlace& place_;
  std::size_t number_ = 0, at_ = 0;
  std::string_view line_;
  std::vector<Open> open_;
  bool first_ = true;         // no line with content so far
  bool awaits_value_ = true;  // at_ is where a value or key may begin
  bool after_quote_ = false;  // at_ is right behind a closing quote or bracket
};

/// A text that is no UTF-8 at all, but a wider encoding, has zeros in it.
void check_encoding(std::string_view text, const TextPlace& place) {
  const auto begins = [&](std::string_view mark) {
    return text.starts_with(mark) || text.starts_with(characters_for_bytes(mark));
  };
  if (begins("\xff\xfe") || begins("\xfe\xff"))
    throw ConfigError({.subject = place.name(), .found = "is text in UTF-16", .expected = "text in UTF-8"});
}

/// Calls visit(line) for each, without its end.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\r\n");
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    const bool windows = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    text.remove_prefix(end + (windows ? 2 : 1));
  }
}

/// What yaml-cpp says, in other words where its own need to be known.
std::string reason_of(const YAML::Exception& e) {
  if (e.msg == "illegal map value")
    return "a second ':' on one line, where a text that ends in one needs quotes, or a line that is indented "
           "too far";
  return e.msg;
}

}  // namespace

YAML::Node parse_yaml(const std::string& text, const std::string& name, bool line_numbers) {
  const TextPlace place(name, line_numbers);
  check_encoding(text, place);
  LineCheck lines(place);
  std::size_t number = 0;
  const std::string_view content = text;
  for_each_line(content.substr(content.starts_with(byte_order_mark) ? byte_order_mark.size() : 0),
                [&](std::string_view line) {
                  ++number;
                  if (line.find('\0') != std::string_view::npos)
                    place.fail(number, "holds zero bytes", "text in UTF-8");
                  lines.add(line);
                });
  lines.finish();
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() > 1)
      throw ConfigError(
          {.subject = name, .found = fmt::format("{} YAML documents", documents.size()), .expected = "one"});
    return documents.empty() ? YAML::Node() : documents.front();
  } catch (const YAML::Exception& e) {
    const auto line = e.mark.is_null() ? std::size_t{1} : static_cast<std::size_t>(e.mark.line) + 1;
    place.fail(line, "not YAML (" + reason_of(e) + ")", "");
  }
}

}  // namespace cleft
