#pragma once

#include <cstdint>
#include <vector>

namespace cleft {

/// How grey values become the grey of a picture: `black` and below is 0, `white` and above 255, linear in
/// between.
struct Contrast {
  float black = 0, white = 255;

  std::uint8_t operator()(float value) const;
};

/// The contrast of all of a run's pictures: of some of the volume's grey values the share 0.003 that is
/// darkest becomes black, the share 0.003 that is lightest white. Values that are not finite do not count.
/// \param values  In any order, which is lost. Where all are equal, or none is there: that grey is 127.
Contrast contrast_of(std::vector<float> values);

}  // namespace cleft
