#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "objects/synapse.hpp"
#include "report/chosen.hpp"
#include "report/page_assets.hpp"
#include "report/page_data.hpp"

namespace cleft {

/// The content of report.css: the page's own rules and those of the overview.
/// \param assets  page_assets().
std::string page_style(std::span<const PageAsset> assets);

/// How many rows, and pictures of objects, the page has where no script makes them.
inline constexpr std::size_t rows_without_script = 200, pictures_without_script = 48;

/// An object's pictures with its outlines, as a `<figure>` of the page without a script.
std::string object_figure(const PageObject& object, const Synapse& row);

/// The rows of the page without a script: the largest objects first, of equals the lower id.
/// \param rows  Numbers of rows of the table, which are put in that order and cut to `count`.
std::vector<std::size_t> first_rows(std::vector<std::size_t> rows, const std::vector<Synapse>& table,
                                    std::size_t count);

/// index.html: the frame (report.html among the assets) with @TITLE@, @OVERVIEW@, @FIRST_ROWS@ and @SCRIPT@
/// replaced. Where the script is missing it has the first pictures too, and says what is missing.
/// \param overview  overview_html.
/// \param figures   object_figure of each of the first pictures.
/// \param assets    page_assets().
std::string index_html(const PageRun& run, const std::string& overview, const std::vector<Synapse>& table,
                       const std::vector<std::string>& figures, std::span<const PageAsset> assets);

}  // namespace cleft
