#include "io/length_unit.hpp"

#include <algorithm>
#include <array>

namespace cleft {

double nm_per_unit(std::string_view unit) {
  struct Unit {
    std::string_view name;
    double nm;
  };
  static constexpr std::array<Unit, 35> units{
      {{"nm", 1},           {"nanometer", 1},     {"nanometers", 1},
       {"nanometre", 1},    {"nanometres", 1},    {"um", 1e3},
       {"\u00b5m", 1e3},    {"\u03bcm", 1e3},     {"\\u00B5m", 1e3},
       {"\\u00b5m", 1e3},   {"\xb5m", 1e3},       {"micron", 1e3},
       {"microns", 1e3},    {"micrometer", 1e3},  {"micrometers", 1e3},
       {"micrometre", 1e3}, {"micrometres", 1e3}, {"pm", 1e-3},
       {"picometer", 1e-3}, {"\u00c5", 0.1},      {"\u212b", 0.1},
       {"\\u00C5", 0.1},    {"angstrom", 0.1},    {"Angstrom", 0.1},
       {"mm", 1e6},         {"millimeter", 1e6},  {"millimeters", 1e6},
       {"millimetre", 1e6}, {"cm", 1e7},          {"centimeter", 1e7},
       {"centimetre", 1e7}, {"dm", 1e8},          {"m", 1e9},
       {"meter", 1e9},      {"metre", 1e9}}};
  const auto* const known =
      std::find_if(units.begin(), units.end(), [&](const Unit& candidate) { return candidate.name == unit; });
  return known == units.end() ? 0 : known->nm;
}

}  // namespace cleft
