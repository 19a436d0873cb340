#pragma once

#include <cstdint>

#include "base/enum_words.hpp"

namespace cleft {

/// Which objects get pictures and surfaces where there are more than ReportOptions::max_objects.
enum class ChooseBy {
  largest,  ///< synapses with the most voxels; of equals the lower id
  sample,   ///< a random sample of the synapses: what a precision can be estimated from
  all,      ///< every synapse, whatever max_objects says
};

template <>
struct EnumWords<ChooseBy> {
  static constexpr auto list = std::to_array<EnumWord<ChooseBy>>(
      {{ChooseBy::largest, "largest"}, {ChooseBy::sample, "sample"}, {ChooseBy::all, "all"}});
};

/// The `report` section. None of it changes a result.
struct ReportOptions {
  bool make = false;                ///< write the report at the end of detect
  std::int64_t max_objects = 1000;  ///< so many objects have pictures
  ChooseBy choose = ChooseBy::largest;
  std::uint64_t seed = 1;    ///< of the sample
  int sections = 5;          ///< XY pictures of an object
  double margin_nm = 250;    ///< around an object's bounding box
  int picture_quality = 85;  ///< of JPEG, 1 ... 100
  bool surfaces = true;
  int triangles = 800;  ///< of a small object's surface; large ones have up to five times as many

  friend bool operator==(const ReportOptions&, const ReportOptions&) = default;
};

}  // namespace cleft
