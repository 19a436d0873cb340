#include "report/page_assets.hpp"

// Compiled where the front end was not built (no Node): the page then has no script.

namespace cleft {

std::span<const PageAsset> page_assets() {
  return {};
}

}  // namespace cleft
