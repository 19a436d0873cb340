#include "report/page.hpp"

#include <string>

#include <gtest/gtest.h>

#include "report/overview.hpp"

namespace cleft {
namespace {

const std::string nasty = "<img src=x onerror='alert(\"1\")'>&\x01";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<Synapse> some_table() {
  std::vector<Synapse> table;
  for (std::uint64_t id = 1; id <= 300; ++id) {
    Synapse row;
    row.id = id;
    row.size = static_cast<std::int64_t>(id % 50 + 1);
    row.bounds = {{1, 2, 3}, {4, 5, 6}};
    row.decisive_ratio = 8;
    row.mean_probability = 0.7;
    row.normal = {1, 0, 0};
    table.push_back(row);
  }
  return table;
}

OverviewFacts some_facts() {
  OverviewFacts facts{.run_name = nasty, .extent = {100, 200, 300}, .voxel_size = VoxelSize{10, 10, 10}};
  facts.searched_voxels = 3'000'000;
  facts.core_ratio = 7;
  facts.dropped = {{nasty, nasty}};
  facts.provenance = {{"volume", nasty}};
  facts.configuration = "volume: {path: " + nasty + "}\nclasses: [a]\n";
  facts.stages = {{.name = nasty, .peak_memory_of_ranks = {1 << 20}, .finished = nasty}};
  facts.seams = seam_statistic({{{1, 2, 3}, {4, 5, 6}}}, facts.extent, {50, 50, 50});
  facts.block = {50, 50, 50};
  return facts;
}

PageRun some_run() {
  return {.name = nasty,
          .table_checksum = "",
          .model_fingerprint = "",
          .extent = {100, 200, 300},
          .voxel_size = VoxelSize{10, 10, 10},
          .offset_nm = {},
          .classes = {nasty},
          .foreground = nasty};
}

TEST(Overview, says_how_many_and_how_dense) {
  const std::string html = overview_html(some_facts(), some_table(), {.rows = {}, .why = nasty});
  EXPECT_TRUE(has(html, "<strong>300</strong> synapses"));
  EXPECT_TRUE(has(html, "<strong>100</strong> per µm³ searched")) << "300 in 3 um3";
  EXPECT_TRUE(has(html, "searched, 50 % of the volume"));
  for (const auto* chart : {"Size", "Decisive ratio", "Mean probability", "Orientation", "seen along z",
                            "seen along y", "seen along x"})
    EXPECT_TRUE(has(html, std::string("aria-label=\"") + chart) || has(html, chart)) << chart;
  EXPECT_TRUE(has(html, "cross a face between blocks"));
}

TEST(Overview, escapes_what_comes_from_outside) {
  const std::string html = overview_html(some_facts(), some_table(), {.rows = {}, .why = nasty});
  EXPECT_FALSE(has(html, "<img src=x"));
  EXPECT_FALSE(has(html, "style="));
  EXPECT_FALSE(has(html, "\x01"));
}

TEST(Overview, of_no_objects_is_drawn) {
  EXPECT_TRUE(
      has(overview_html(some_facts(), {}, {.rows = {}, .why = "all 0 synapses"}), "nothing to count"));
}

/// The files of the page where cleft was built without Node.
std::vector<PageAsset> without_node() {
  std::vector<PageAsset> assets;
  for (const PageAsset& asset : page_assets())
    if (asset.name == "report.html" || asset.name == "report.css") assets.push_back(asset);
  return assets;
}

TEST(Page, without_node_says_so_and_has_the_first_rows_and_pictures) {
  const auto table = some_table();
  const std::string html =
      index_html(some_run(), "<p>all</p>", table, {"<figure>1</figure>"}, without_node());
  EXPECT_TRUE(has(html, "built without Node: no surfaces, no judging"));
  EXPECT_TRUE(has(html, "<h1>&lt;img src=x"));
  EXPECT_TRUE(has(html, "<figure>1</figure>"));
  EXPECT_TRUE(has(html, "The 200 largest of 300 rows"));
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_FALSE(has(html, "<img src=x"));
  EXPECT_TRUE(has(html, "default-src 'none'"));
  EXPECT_FALSE(has(html, "unsafe"));
}

TEST(Page, with_the_front_end_fills_its_frame) {
  const std::vector<PageAsset> assets{
      {"report.html", "<t>@TITLE@</t>@OVERVIEW@|@FIRST_ROWS@|@SCRIPT@@OTHER@"},
      {"report.js", "1"},
      {"report.css", ".mine {}"}};
  const std::string html = index_html(some_run(), "@SCRIPT@", some_table(), {"<figure>1</figure>"}, assets);
  EXPECT_TRUE(html.starts_with("<t>&lt;img src=x"));
  EXPECT_TRUE(has(html, "</t>@SCRIPT@|")) << "what is put in is not looked at again";
  EXPECT_TRUE(html.ends_with("|<script src=\"report.js\"></script>@OTHER@"));
  EXPECT_FALSE(has(html, "without Node"));
  EXPECT_FALSE(has(html, "<figure>"));
  EXPECT_TRUE(page_style(assets).starts_with(".mine {}"));
  EXPECT_TRUE(has(page_style(assets), "#overview"));
}

TEST(Page, first_rows_are_the_largest) {
  auto table = some_table();
  const auto rows = first_rows({0, 1, 2, 48, 49, 98}, table, 3);
  EXPECT_EQ(rows, (std::vector<std::size_t>{48, 98, 2})) << "sizes 50, 50 and 4";
}

TEST(Page, a_figure_has_the_picture_and_its_outlines) {
  PageObject object;
  object.id = 5;
  object.sprite =
      plan_sprite({{1, 2, 3}, {4, 5, 6}}, {2, 3, 4}, {100, 200, 300}, {10, 10, 10}, {.sections = 2});
  object.outlines = {"M1 1Z", "M2 2Z", "M3 3Z", "M4 4Z"};
  const std::string html = object_figure(object, some_table()[4]);
  EXPECT_TRUE(has(html, "href=\"pictures/5.jpg\""));
  for (const auto& outline : object.outlines) EXPECT_TRUE(has(html, "d=\"" + outline + "\"")) << outline;
}

}  // namespace
}  // namespace cleft
