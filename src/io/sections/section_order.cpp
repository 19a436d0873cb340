#include "io/sections/section_order.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "io/sections/section_names.hpp"

namespace cleft {
namespace {

namespace fs = std::filesystem;

constexpr const char* take_sorted = "--names sorted to take all as they sort";

/// Whether all files are in one folder: then the folder's name does not count.
bool in_one_folder(const std::vector<fs::path>& files) {
  return std::all_of(files.begin(), files.end(),
                     [&](const fs::path& file) { return file.parent_path() == files.front().parent_path(); });
}

/// How a counter goes from file to file.
struct Steps {
  bool rising = true;       ///< each value above the one before
  bool not_falling = true;  ///< none below the one before
  bool regular = false;     ///< most steps are the same, and all are multiples of it
  std::int64_t step = 0;
  std::vector<std::int64_t> missing;  ///< steps left out before each file; where regular
  bool complete() const {
    return std::all_of(missing.begin(), missing.end(), [](std::int64_t n) { return n == 0; });
  }
};

Steps steps_of(const NameCounter& counter) {
  Steps steps;
  const auto& values = counter.values;
  std::vector<std::int64_t> differences;
  for (std::size_t i = 1; i < values.size(); ++i) differences.push_back(values[i] - values[i - 1]);
  if (differences.empty()) return steps;
  std::vector<std::int64_t> sorted = differences;
  std::sort(sorted.begin(), sorted.end());
  steps.rising = sorted.front() > 0;
  steps.not_falling = sorted.front() >= 0;
  if (!steps.rising) return steps;
  // A depth is rounded to its last digit: its usual step is the middle one, and others are about that.
  const bool rounded = counter.kind == CounterKind::decimal;
  steps.step = rounded ? sorted[(sorted.size() - 1) / 2] : sorted.front();
  steps.missing.assign(values.size(), 0);
  std::size_t usual = 0;
  bool fits = true;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    const double times = static_cast<double>(differences[i]) / static_cast<double>(steps.step);
    const double tolerance = rounded ? 0.25 : 0;
    fits = fits && std::abs(times - std::round(times)) <= tolerance && std::round(times) >= 1;
    steps.missing[i + 1] = static_cast<std::int64_t>(std::round(times)) - 1;
    if (steps.missing[i + 1] == 0) ++usual;
  }
  steps.regular = fits && 2 * usual >= differences.size();
  return steps;
}

/// Files whose names are of one kind.
class Series {
 public:
  Series(std::vector<fs::path> files, std::vector<NameParts> names);
  void check(bool allow_missing, OrderedFiles& ordered) const;
  std::vector<fs::path> files() const { return files_; }

 private:
  std::string subject() const;
  void refuse_same_number() const;
  [[noreturn]] void refuse_several_series() const;
  void take_holes(const NameCounter& counter, const Steps& steps, bool allow_missing,
                  OrderedFiles& ordered) const;
  void check_one(const NameCounter& counter, bool allow_missing, OrderedFiles& ordered) const;
  void check_several(bool allow_missing, OrderedFiles& ordered) const;

  std::vector<fs::path> files_;
  std::vector<NameParts> names_;
  std::vector<NameCounter> counters_;
  std::vector<const NameCounter*> varying_;
};

Series::Series(std::vector<fs::path> files, std::vector<NameParts> names) {
  const auto counters = counters_of(names);
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (const NameCounter& counter : counters) {
      if (counter.values.empty()) break;  // too long to be known: as text
      if (counter.values[a] != counter.values[b]) return counter.values[a] < counter.values[b];
    }
    return natural_less(names[a].text, names[b].text);
  });
  for (const std::size_t i : order) {
    files_.push_back(std::move(files[i]));
    names_.push_back(std::move(names[i]));
  }
  counters_ = counters_of(names_);
  for (const NameCounter& counter : counters_)
    if (counter.varies()) varying_.push_back(&counter);
}

std::string Series::subject() const {
  const std::string folder = files_.front().parent_path().string();
  return folder.empty() ? "the names of the files" : folder;
}

void Series::refuse_same_number() const {
  for (std::size_t i = 1; i < names_.size(); ++i)
    if (std::all_of(varying_.begin(), varying_.end(), [&](const NameCounter* counter) {
          return !counter->values.empty() && counter->values[i] == counter->values[i - 1];
        }))
      throw InputError({files_[i].string(), "has the same number as " + files_[i - 1].filename().string(),
                        "one file for each section"});
}

void Series::refuse_several_series() const {
  std::vector<std::string> places;
  const NameCounter* sections = varying_.back();  // the one that counts on, as far as one can see
  std::size_t most = 0;
  for (const NameCounter* counter : varying_) {
    const std::size_t count = std::set<std::int64_t>(counter->values.begin(), counter->values.end()).size();
    places.push_back(fmt::format("{} ({} values)", counter->label, count));
    if (count >= most) {
      most = count;
      sections = counter;
    }
  }
  std::vector<NameParts> one, others;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const bool same = std::all_of(varying_.begin(), varying_.end(), [&](const NameCounter* counter) {
      return counter == sections || counter->values[i] == counter->values[0];
    });
    (same ? one : others).push_back(names_[i]);
  }
  const std::string pattern = pattern_for(one, others, {sections});
  const std::string shown = (files_.front().parent_path() / pattern).string();
  throw InputError(
      {subject(),
       fmt::format("has names that count in {} places: {}", varying_.size(), fmt::join(places, ", ")),
       fmt::format("one series of sections{}, or {}",
                   pattern.empty() ? "" : fmt::format(", such as the pattern '{}'", shown), take_sorted)});
}

void Series::take_holes(const NameCounter& counter, const Steps& steps, bool allow_missing,
                        OrderedFiles& ordered) const {
  if (steps.step != 1 && counter.kind == CounterKind::number)
    ordered.notes.push_back(fmt::format("the names are numbered in steps of {}, from {} to {}", steps.step,
                                        files_.front().filename().string(),
                                        files_.back().filename().string()));
  if (allow_missing) {
    ordered.missing_before = steps.missing;
    return;
  }
  for (std::size_t i = 1; i < files_.size(); ++i) {
    if (steps.missing[i] == 0) continue;
    const std::string next = files_[i].filename().string();
    if (counter.kind == CounterKind::number)
      throw InputError({files_[i - 1].string(), "is followed by " + next,
                        fmt::format("number {}: a section is missing; --missing repeat or blank to fill it",
                                    counter.values[i - 1] + steps.step)});
    throw InputError({files_[i - 1].string(), "is followed by " + next,
                      fmt::format("{} between them: --missing repeat or blank to fill in what is missing",
                                  counted(steps.missing[i], "section"))});
  }
}

/// Names that differ in one number.
void Series::check_one(const NameCounter& counter, bool allow_missing, OrderedFiles& ordered) const {
  const Steps steps = steps_of(counter);
  if (steps.regular) return take_holes(counter, steps, allow_missing, ordered);
  if (counter.kind != CounterKind::number) {
    ordered.warnings.push_back(
        fmt::format("{}: the {} in the names go on irregularly: whether sections are missing was not checked",
                    subject(), counter.kind == CounterKind::date ? "dates" : "decimals"));
    return;
  }
  // Numbers that count: what does not go on by the smallest step is a hole, however many there are.
  for (std::size_t i = 1; i < files_.size(); ++i)
    if (counter.values[i] - counter.values[i - 1] != steps.step) {
      const bool fills = allow_missing && (counter.values[i] - counter.values[i - 1]) % steps.step == 0;
      if (!fills)
        throw InputError({files_[i - 1].string(), "is followed by " + files_[i].filename().string(),
                          fmt::format("number {}: a section is missing{}", counter.values[i - 1] + steps.step,
                                      allow_missing ? "" : "; --missing repeat or blank to fill it")});
    }
  take_holes(counter, steps, allow_missing, ordered);
}

/// Names that differ in several numbers: one series when all of them rise together.
void Series::check_several(bool allow_missing, OrderedFiles& ordered) const {
  std::vector<Steps> all;
  bool rising = false, falling = false;
  for (const NameCounter* counter : varying_) {
    all.push_back(steps_of(*counter));
    rising = rising || all.back().rising;
    falling = falling || !all.back().not_falling;
  }
  if (!rising || falling) refuse_several_series();
  const auto regular_at = [&](bool dates) {
    return std::find_if(all.begin(), all.end(), [&](const Steps& steps) {
      return steps.regular && (varying_[to_size(&steps - all.data())]->kind == CounterKind::date) == dates;
    });
  };
  auto counted = regular_at(false);
  if (counted == all.end()) counted = regular_at(true);
  if (counted == all.end()) {
    ordered.warnings.push_back(
        fmt::format("{}: the numbers in the names go on irregularly: whether sections "
                    "are missing was not checked",
                    subject()));
    return;
  }
  const NameCounter& counter = *varying_[to_size(counted - all.begin())];
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].regular && varying_[i]->kind != CounterKind::date && all[i].missing != counted->missing)
      ordered.warnings.push_back(
          fmt::format("{}: {} and {} in the names go on in different steps; {} is what counted when sections "
                      "missing were "
                      "looked for",
                      subject(), counter.label, varying_[i]->label, counter.label));
  take_holes(counter, *counted, allow_missing, ordered);
}

void Series::check(bool allow_missing, OrderedFiles& ordered) const {
  if (files_.size() < 2) return;
  if (std::any_of(varying_.begin(), varying_.end(),
                  [](const NameCounter* counter) { return counter->values.empty(); })) {
    ordered.warnings.push_back(
        fmt::format("{}: the numbers in the names are too long: whether sections are missing was not checked",
                    subject()));
    return;
  }
  refuse_same_number();
  if (varying_.size() == 1)
    check_one(*varying_.front(), allow_missing, ordered);
  else
    check_several(allow_missing, ordered);
}

/// Names of several kinds.
[[noreturn]] void refuse_kinds(const std::map<std::string, std::vector<NameParts>>& kinds,
                               const std::vector<fs::path>& files) {
  constexpr std::size_t shown = 3;
  std::vector<std::string> texts;
  const auto largest = std::max_element(kinds.begin(), kinds.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  std::vector<NameParts> others;
  for (const auto& [kind, names] : kinds) {
    if (texts.size() < shown)
      texts.push_back(fmt::format("{} ({})", in_quotes(names.front().text),
                                  counted(narrow<std::int64_t>(names.size()), "file")));
    if (kind != largest->first) others.insert(others.end(), names.begin(), names.end());
  }
  if (kinds.size() > shown) texts.emplace_back("...");
  const auto counters = counters_of(largest->second);
  std::vector<const NameCounter*> varying;
  for (const NameCounter& counter : counters)
    if (counter.varies()) varying.push_back(&counter);
  const std::string pattern = pattern_for(largest->second, others, varying);
  const fs::path folder = in_one_folder(files) ? files.front().parent_path() : fs::path();
  throw InputError(
      {folder.empty() ? "the names of the files" : folder.string(),
       fmt::format("has names of {} kinds: {}", kinds.size(), fmt::join(texts, ", ")),
       fmt::format(
           "one series of sections{}, or {}",
           pattern.empty() ? "" : fmt::format(", such as the pattern '{}'", (folder / pattern).string()),
           take_sorted)});
}

}  // namespace

OrderedFiles order_files(std::vector<fs::path> files, NameUse use, bool allow_missing) {
  OrderedFiles ordered;
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
  ordered.files = files;
  ordered.missing_before.assign(files.size(), 0);
  if (use == NameUse::sorted || files.size() < 2) return ordered;
  const bool folders_count = !in_one_folder(files);
  std::map<std::string, std::vector<NameParts>> kinds;
  std::vector<NameParts> names;
  bool any_number = false;
  for (const fs::path& file : files) {
    names.push_back(parts_of(folders_count ? file.string() : file.filename().string()));
    std::string& kind = names.back().kind;
    if (kind.ends_with(".tiff")) kind.pop_back();  // two spellings of one
    kinds[kind].push_back(names.back());
    any_number = any_number || !names.back().numbers.empty();
  }
  if (!any_number) {
    ordered.warnings.push_back(fmt::format(
        "{}: the names have no numbers: taken in alphabetical order, from {} to {}; whether sections "
        "are missing was not checked",
        files.front().parent_path().string(), files.front().filename().string(),
        files.back().filename().string()));
    return ordered;
  }
  if (kinds.size() > 1) refuse_kinds(kinds, files);
  const Series series(std::move(files), std::move(names));
  ordered.files = series.files();
  series.check(allow_missing, ordered);
  return ordered;
}

}  // namespace cleft
