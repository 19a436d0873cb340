#include "objects/judge/evaluation.hpp"

#include <istream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/narrow.hpp"
#include "base/text/counted.hpp"

namespace cleft {
namespace {

using Json = nlohmann::ordered_json;

std::string criterion_text(const MatchOptions& match) {
  switch (match.criterion) {
    case MatchOptions::Criterion::overlap:
      return "an overlap of at least " + counted(match.overlap_voxels, "voxel");
    case MatchOptions::Criterion::iou:
      return fmt::format("intersection over union of at least {}", match.iou);
    case MatchOptions::Criterion::centroid_distance:
      return fmt::format("centroids at most {} nm apart", match.distance_nm);
    case MatchOptions::Criterion::point_distance:
      return fmt::format("a nearest voxel at most {} nm away", match.distance_nm);
    case MatchOptions::Criterion::verdict:
      return "what people have said of them";
  }
  return {};
}

std::string share_text(const std::optional<double>& share) {
  return share ? fmt::format("{:.4f}", *share) : "undefined";
}

std::string agreement_text(const Agreement& a) {
  return fmt::format("precision {}  recall {}  F1 {}", share_text(a.precision()), share_text(a.recall()),
                     share_text(a.f1()));
}

std::string interval_text(const std::optional<Interval>& interval) {
  return interval ? fmt::format("{:.3f}-{:.3f}", interval->low, interval->high) : "undefined";
}

/// A line; empty where no intervals were asked for.
std::string intervals_text(const Evaluation& e) {
  if (e.bootstrap.resamplings == 0) return "";
  const AgreementIntervals& i = e.intervals;
  return fmt::format("intervals    precision {}  recall {}  F1 {}  (95 %, {} resamplings)\n",
                     interval_text(i.precision), interval_text(i.recall), interval_text(i.f1),
                     e.bootstrap.resamplings);
}

std::string nm_text(const std::optional<double>& nm) {
  return nm ? fmt::format("{:.1f} nm", *nm) : "undefined";
}

/// A line; empty where distances were not asked for.
std::string distances_text(const Evaluation& e) {
  if (!e.distances) return "";
  const VoxelDistances& d = *e.distances;
  return fmt::format("distances    ADGT {}  ADF {}  CREMI score {}\n", nm_text(d.detected_to_truth),
                     nm_text(d.truth_to_detected), nm_text(d.cremi_score()));
}

/// A line; empty where objects have no ranks.
std::string curve_text(const Evaluation& e) {
  if (!e.curve) return "";
  const auto* best = e.curve->best();
  const std::string at_best =
      best == nullptr ? "" : fmt::format("  best F1 {:.4f} at {:.4g}", *best->agreement.f1(), best->rank);
  return fmt::format("ranked       average precision {}{}  (by {})\n", share_text(e.curve->average_precision),
                     at_best, e.curve->rank);
}

std::string probability_text(const std::optional<ProbabilityScore>& p) {
  if (!p) return "average precision undefined  best F1 undefined";
  return fmt::format("average precision {:.4f}  best F1 {:.4f} at {:.4f}", p->average_precision, p->best_f1,
                     p->best_threshold);
}

void append_objects(std::string& text, const std::vector<RunObject>& objects,
                    const std::vector<std::size_t>& indices) {
  auto out = std::back_inserter(text);
  for (const std::size_t i : indices) {
    const RunObject& object = objects[i];
    fmt::format_to(out, "  {:>8}  at z {:.1f}, y {:.1f}, x {:.1f}  {}\n", object.id, object.centroid.z,
                   object.centroid.y, object.centroid.x, counted(object.size, "voxel"));
  }
}

/// What the id of a missed site is of: the line of a table, the number of a mark, or a candidate.
const char* id_of_site(const Evaluation& e, const RunObject& site) {
  return e.points ? "line" : site.size > 0 ? "candidate" : "mark";
}

void append_points(std::string& text, const Evaluation& e) {
  auto out = std::back_inserter(text);
  for (const std::size_t i : e.objects.missed_truths) {
    const auto& c = e.truths[i].centroid;
    fmt::format_to(out, "  {} {:>5}  at z {:.1f}, y {:.1f}, x {:.1f}\n", id_of_site(e, e.truths[i]),
                   e.truths[i].id, c.z, c.y, c.x);
  }
}

/// What is judged, and its voxels; of verdicts, which know neither, what they are.
std::string head_text(const Evaluation& e) {
  if (e.review) return to_text(*e.review);
  std::string text = e.part ? fmt::format("part         {}\n", to_string(*e.part))
                            : fmt::format("sections     {}:{}\n", e.sections.begin, e.sections.end);
  if (e.voxels_not_judged > 0)
    text += fmt::format("not judged   {} outside the mask or invalid in the truth\n",
                        counted(e.voxels_not_judged, "voxel"));
  if (!e.points) text += fmt::format("voxels       {}\n", agreement_text(e.voxels));
  return text;
}

/// Detections without a partner that are not false either, since they come near a point that does not count.
std::vector<std::size_t> only_near_ignored(const Evaluation& e) {
  std::vector<bool> matched(e.detections.size());
  for (const Candidate& match : e.objects.matches) matched[match.detection] = true;
  std::vector<std::size_t> indices;
  for (std::size_t d = 0; d < e.objects.excused.size(); ++d)
    if (e.objects.excused[d] && !matched[d]) indices.push_back(d);
  return indices;
}

/// "31 points of class synapse (4 of class ignore, 2 not judged)".
std::string points_text(const Evaluation& e, std::int64_t count) {
  return fmt::format("{} of class {} ({} of class ignore, {} not judged)", counted(count, "point"),
                     e.points->of_class, e.points->ignored, e.points->outside);
}

/// "31 truth objects (4 more too small to judge)".
std::string truths_text(const Evaluation& e, std::int64_t count) {
  if (e.points) return points_text(e, count);
  if (e.review) {
    const std::int64_t accepted = e.review->accepted + e.review->candidates_accepted;
    return fmt::format("{} and {}", counted(accepted, "accepted object"),
                       counted(count - accepted, "missed place"));
  }
  const std::string ignored = e.objects.ignored_truths == 0
                                  ? ""
                                  : fmt::format(" ({} more too small to judge)", e.objects.ignored_truths);
  return counted(count, "truth object") + ignored;
}

/// "not judged" and a list of what is neither right nor wrong; nothing where there is nothing.
void append_not_judged(std::string& text, const std::string& what, const std::vector<RunObject>& objects,
                       const std::vector<std::size_t>& indices, const std::vector<Reach>& reach) {
  if (indices.empty()) return;
  text += fmt::format("not judged   {}, unmatched and mostly outside what is judged\n",
                      counted(narrow<std::int64_t>(indices.size()), what));
  auto out = std::back_inserter(text);
  for (const std::size_t i : indices) {
    const RunObject& object = objects[i];
    fmt::format_to(out, "  {:>8}  at z {:.1f}, y {:.1f}, x {:.1f}  {} of {} judged\n", object.id,
                   object.centroid.z, object.centroid.y, object.centroid.x, reach[i].judged,
                   counted(reach[i].whole, "voxel"));
  }
}

Json per_axis(const PerAxis<double>& v) {
  return {v.z, v.y, v.x};
}

/// Where something lies in the world.
/// \pre The voxel size is known.
Json place_nm(const PerAxis<double>& place, const Evaluation& e) {
  PerAxis<double> nm;
  for (int axis = 0; axis < 3; ++axis) nm[axis] = e.offset[axis] + place[axis] * (*e.voxel_size)[axis];
  return per_axis(nm);
}

Json object_json(const RunObject& object, const Evaluation& e) {
  Json json{{"id", object.id}, {"size_voxels", object.size}, {"centroid_voxels", per_axis(object.centroid)}};
  if (e.voxel_size) json["centroid_nm"] = place_nm(object.centroid, e);
  return json;
}

Json points_json(const Evaluation& e, const std::vector<std::size_t>& indices) {
  Json list = Json::array();
  for (const std::size_t i : indices) {
    const RunObject& point = e.truths[i];
    list.push_back({{id_of_site(e, point), point.id}, {"place_voxels", per_axis(point.centroid)}});
    if (e.voxel_size) list.back()["place_nm"] = place_nm(point.centroid, e);
  }
  return list;
}

Json objects_json(const std::vector<RunObject>& objects, const std::vector<std::size_t>& indices,
                  const Evaluation& e) {
  Json list = Json::array();
  for (const std::size_t i : indices) list.push_back(object_json(objects[i], e));
  return list;
}

Json not_judged_json(const std::vector<RunObject>& objects, const std::vector<std::size_t>& indices,
                     const std::vector<Reach>& reach, const Evaluation& e) {
  Json list = Json::array();
  for (const std::size_t i : indices) {
    list.push_back(object_json(objects[i], e));
    list.back()["whole_voxels"] = reach[i].whole;
    list.back()["judged_voxels"] = reach[i].judged;
  }
  return list;
}

/// Those that are judged, or belong to truth objects that are not.
std::size_t detection_count(const Evaluation& e) {
  return e.detections.size() - e.objects.not_judged_detections.size();
}

Json share_json(const std::optional<double>& share) {
  return share ? Json(*share) : Json(nullptr);
}

Json agreement_json(const Agreement& a) {
  return {{"matched", a.matched},
          {"false", a.false_found},
          {"missed", a.missed},
          {"precision", share_json(a.precision())},
          {"recall", share_json(a.recall())},
          {"f1", share_json(a.f1())}};
}

Json interval_json(const std::optional<Interval>& i) {
  return i ? Json{i->low, i->high} : Json(nullptr);
}

Json review_json(const ReviewTruth& r) {
  const ReviewTruth::Precision& p = r.precision;
  return {{"accepted", r.accepted},
          {"rejected", r.rejected},
          {"unsure", r.unsure},
          {"unjudged", r.unjudged},
          {"candidates_accepted", r.candidates_accepted},
          {"candidates_rejected", r.candidates_rejected},
          {"marks_in_objects", r.marks_in_objects},
          {"recall_is", r.knows_all_synapses() ? "at most this" : "of the decided objects"},
          {"precision",
           {{"precision", share_json(p.precision)},
            {"interval", interval_json(p.interval)},
            {"sample", p.sample},
            {"synapses", p.synapses},
            {"text", p.text}}}};
}

Json intervals_json(const Evaluation& e) {
  if (e.bootstrap.resamplings == 0) return nullptr;
  return {{"level", 0.95},
          {"resamplings", e.bootstrap.resamplings},
          {"seed", e.bootstrap.seed},
          {"precision", interval_json(e.intervals.precision)},
          {"recall", interval_json(e.intervals.recall)},
          {"f1", interval_json(e.intervals.f1)}};
}

Json distances_json(const Evaluation& e) {
  if (!e.distances) return nullptr;
  const VoxelDistances& d = *e.distances;
  return {{"detected_to_truth_nm", share_json(d.detected_to_truth)},
          {"truth_to_detected_nm", share_json(d.truth_to_detected)},
          {"cremi_score_nm", share_json(d.cremi_score())},
          {"false_to_truth_nm", share_json(d.false_to_truth)},
          {"missed_to_detected_nm", share_json(d.missed_to_detected)}};
}

Json curve_json(const Evaluation& e) {
  if (!e.curve) return nullptr;
  const auto* best = e.curve->best();
  return {{"rank", e.curve->rank},
          {"average_precision", share_json(e.curve->average_precision)},
          {"best_f1", best == nullptr ? Json(nullptr) : share_json(best->agreement.f1())},
          {"best_threshold", best == nullptr ? Json(nullptr) : Json(best->rank)}};
}

Json matches_json(const Evaluation& e) {
  Json list = Json::array();
  for (const Candidate& match : e.objects.matches) {
    const RunObject& detection = e.detections[match.detection];
    const RunObject& truth = e.truths[match.truth];
    if (e.review) {
      list.push_back({{"detection", detection.id}, {"truth", truth.id}});
      continue;
    }
    if (e.points) {
      list.push_back({{"detection", detection.id}, {"line", truth.id}, {"distance_nm", match.distance_nm}});
      continue;
    }
    const auto all = narrow<double>(detection.size + truth.size - match.overlap);
    list.push_back({{"detection", detection.id},
                    {"truth", truth.id},
                    {"overlap_voxels", match.overlap},
                    {"iou", narrow<double>(match.overlap) / all}});
  }
  return list;
}

Json probability_json(const Evaluation& e) {
  if (!e.judges_probability) return nullptr;
  const auto value = [&](double ProbabilityScore::*member) {
    return e.probability ? Json((*e.probability).*member) : Json(nullptr);
  };
  return {{"average_precision", value(&ProbabilityScore::average_precision)},
          {"best_f1", value(&ProbabilityScore::best_f1)},
          {"best_threshold", value(&ProbabilityScore::best_threshold)},
          {"precision_at_best", value(&ProbabilityScore::precision)},
          {"recall_at_best", value(&ProbabilityScore::recall)}};
}

}  // namespace

std::string to_text(const Evaluation& e) {
  const Agreement objects = e.objects.agreement();
  std::string text = head_text(e) + distances_text(e);
  if (e.judges_probability) text += fmt::format("probability  {}\n", probability_text(e.probability));
  text += fmt::format("{:<13}{}\n", e.review ? "decided" : "objects", agreement_text(objects));
  text += intervals_text(e) + curve_text(e);
  text +=
      fmt::format("             {}, {}, {} matched by {}\n", truths_text(e, objects.matched + objects.missed),
                  counted(narrow<std::int64_t>(detection_count(e)), "detection"), objects.matched,
                  criterion_text(e.match));
  text += fmt::format("missed       {}\n", objects.missed);
  if (e.points || e.review)
    append_points(text, e);
  else
    append_objects(text, e.truths, e.objects.missed_truths);
  text += fmt::format("false        {}\n", objects.false_found);
  append_objects(text, e.detections, e.objects.false_detections);
  append_not_judged(text, "detection", e.detections, e.objects.not_judged_detections, e.detection_reach);
  if (const auto near = only_near_ignored(e); e.points && !near.empty()) {
    text += fmt::format("not judged   {}, only near points that are not judged\n",
                        counted(narrow<std::int64_t>(near.size()), "detection"));
    append_objects(text, e.detections, near);
  }
  append_not_judged(text, "truth object", e.truths, e.objects.not_judged_truths, e.truth_reach);
  return text;
}

std::string to_json(const Evaluation& e) {
  Json objects = agreement_json(e.objects.agreement());
  objects["intervals"] = intervals_json(e);
  objects["ranked"] = curve_json(e);
  objects["criterion"] = criterion_text(e.match);
  objects["truth_count"] = objects["matched"].get<std::int64_t>() + objects["missed"].get<std::int64_t>();
  objects["ignored_truth_count"] = e.objects.ignored_truths;
  objects["detection_count"] = detection_count(e);
  objects["matched_truths_mostly_outside"] = e.objects.matched_truths_outside;
  objects["matches"] = matches_json(e);
  objects["missed_objects"] = e.points || e.review ? points_json(e, e.objects.missed_truths)
                                                   : objects_json(e.truths, e.objects.missed_truths, e);
  objects["false_objects"] = objects_json(e.detections, e.objects.false_detections, e);
  objects["not_judged_detections"] =
      not_judged_json(e.detections, e.objects.not_judged_detections, e.detection_reach, e);
  objects["not_judged_truths"] = not_judged_json(e.truths, e.objects.not_judged_truths, e.truth_reach, e);
  if (e.points) {
    objects["points"] = {
        {"class", e.points->of_class}, {"ignored", e.points->ignored}, {"not_judged", e.points->outside}};
    objects["detections_near_points_not_judged"] = objects_json(e.detections, only_near_ignored(e), e);
  }
  if (e.review) objects["review"] = review_json(*e.review);
  const Box box = e.part.value_or(Box{});
  Json json{
      {"sections", {e.sections.begin, e.sections.end}},
      {"part", e.part ? Json{{box.begin.z, box.end.z}, {box.begin.y, box.end.y}, {box.begin.x, box.end.x}}
                      : Json(nullptr)},
      {"voxels_judged", e.voxels_judged},
      {"voxels_not_judged", e.voxels_not_judged},
      {"voxel_size_nm", e.voxel_size ? per_axis(*e.voxel_size) : Json(nullptr)},
      {"voxels", e.points || e.review ? Json(nullptr) : agreement_json(e.voxels)},
      {"distances", distances_json(e)},
      {"probability", probability_json(e)},
      {"objects", std::move(objects)}};
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

bool is_report(std::istream& text) {
  const Json json = Json::parse(text, nullptr, false);
  return json.is_object() && json.contains("sections") && json.contains("voxels") && json.contains("objects");
}

}  // namespace cleft
