#pragma once

#include <span>
#include <string_view>

namespace cleft {

/// A file of the report's page, as it is written beside `index.html`.
struct PageAsset {
  std::string_view name;   ///< file name without folder: "report.css"
  std::string_view bytes;  ///< its content; lives as long as the program
};

/// The files of the page that the program carries with it; they are put into it when it is built
/// (src/web/web.cmake). No errors; not collective.
///
/// \returns "report.html" (the frame of index.html, with @NAMES@ to be replaced) and "report.css" always;
///          "report.js" and "LICENCES.txt" only where cleft was built with Node.
std::span<const PageAsset> page_assets();

}  // namespace cleft
