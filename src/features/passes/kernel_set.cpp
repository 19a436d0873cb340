#include "features/passes/kernel_set.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {

KernelSet KernelSet::gaussian(double sigma, double window) {
  KernelSet set;
  if (!(sigma > 0.0)) return set;
  set.radius = narrow<int>(kernel_radius(sigma, window));
  if (set.radius > largest_radius) throw InternalError("a filter's kernel is wider than its passes");
  for (int order = 0; order < order_count; ++order) {
    const Kernel kernel = gaussian_kernel(order, sigma, window);
    std::copy(kernel.taps.begin(), kernel.taps.end(), set.taps[to_size(order)].begin());
  }
  return set;
}

}  // namespace cleft
