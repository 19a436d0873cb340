#include <cmath>

#include "base/narrow.hpp"
#include "features/convolve.hpp"

namespace cleft::reference {

void convolve(View3<const float> in, const LocalVoxel& first, View3<float> out, int axis,
              const Kernel& kernel) {
  const auto value = [&](std::int64_t z, std::int64_t y, std::int64_t x, std::int64_t shift) {
    PerAxis<std::int64_t> at{first.z + z, first.y + y, first.x + x};
    at[axis] = reflected(at[axis] + shift, in.extent()[axis]);
    return in(at.z, at.y, at.x);
  };
  for (std::int64_t z = 0; z < out.extent().z; ++z)
    for (std::int64_t y = 0; y < out.extent().y; ++y)
      for (std::int64_t x = 0; x < out.extent().x; ++x) {
        float sum = kernel.taps[0] * value(z, y, x, 0);
        for (std::int64_t k = 1; k <= kernel.radius(); ++k) {
          const float right = value(z, y, x, k), left = value(z, y, x, -k);
          const float pair = kernel.order == 1 ? right - left : right + left;
          sum = std::fma(pair, kernel.taps[to_size(k)], sum);
        }
        out(z, y, x) = sum;
      }
}

}  // namespace cleft::reference
