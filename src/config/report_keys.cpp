#include "config/key_sections.hpp"

namespace cleft {

void add_report_keys(std::vector<Key>& keys) {
  constexpr std::int64_t most_objects = 1'000'000;
  constexpr int most_sections = 100, best_quality = 100, fewest_triangles = 60, most_triangles = 20'000;
  constexpr double widest_margin_nm = 1e5;
  keys.push_back(field_key(
      "report.make", Affects::nothing, [](auto& c) -> auto& { return c.report.make; }, true_or_false(),
      "write the report, RUN/report/index.html, at the end of detect; cleft report writes it at any time"));
  keys.push_back(field_key(
      "report.max_objects", Affects::nothing, [](auto& c) -> auto& { return c.report.max_objects; },
      whole_number<std::int64_t>(0, most_objects),
      "how many objects have pictures and surfaces; the table has all of them"));
  keys.push_back(field_key(
      "report.choose", Affects::nothing, [](auto& c) -> auto& { return c.report.choose; }, one_of<ChooseBy>(),
      "which these are: the largest synapses and behind them the likeliest candidates, a random sample of "
      "the synapses, or all whatever max_objects says"));
  keys.push_back(field_key(
      "report.seed", Affects::nothing, [](auto& c) -> auto& { return c.report.seed; },
      whole_number<std::uint64_t>(0), "where the random draws of choose: sample start"));
  keys.push_back(field_key(
      "report.sections", Affects::nothing, [](auto& c) -> auto& { return c.report.sections; },
      whole_number<int>(1, most_sections),
      "XY sections of each object that are shown, spread evenly over it; beside them XZ and YZ"));
  keys.push_back(field_key(
      "report.margin_nm", Affects::nothing, [](auto& c) -> auto& { return c.report.margin_nm; },
      number_within(0, widest_margin_nm), "how far pictures reach beyond an object's bounding box"));
  keys.push_back(field_key(
      "report.picture_quality", Affects::nothing, [](auto& c) -> auto& { return c.report.picture_quality; },
      whole_number<int>(1, best_quality), "of the pictures' JPEG: higher is finer and larger"));
  keys.push_back(field_key(
      "report.surfaces", Affects::nothing, [](auto& c) -> auto& { return c.report.surfaces; },
      true_or_false(), "make surfaces to turn with the mouse"));
  keys.push_back(field_key(
      "report.triangles", Affects::nothing, [](auto& c) -> auto& { return c.report.triangles; },
      whole_number<int>(fewest_triangles, most_triangles),
      "of a small object's surface; those of large objects have up to five times as many"));
}

}  // namespace cleft
