#include "report/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "objects/files/object_table.hpp"
#include "objects/table_columns.hpp"
#include "report/column_text.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// The JSON of a script that is one call of cleft.load(kind, json);
json content_of(const std::string& script, const std::string& kind) {
  const std::string start = "cleft.load(\"" + kind + "\",", end = ");\n";
  EXPECT_TRUE(script.starts_with(start)) << script.substr(0, 60);
  EXPECT_TRUE(script.ends_with(end));
  return json::parse(script.substr(start.size(), script.size() - start.size() - end.size()));
}

PageRun some_run() {
  return {.name = "re</script><img onerror=1>sults\xe2\x80\xa8",
          .table_checksum = "0123456789abcdef",
          .model_fingerprint = "fedcba9876543210",
          .extent = {10, 20, 30},
          .voxel_size = VoxelSize{40, 4, 5},
          .offset_nm = {1, 2, 3},
          .classes = {"membrane", "<img onerror=alert(1)>", "rest"},
          .foreground = "<img onerror=alert(1)>",
          .core_ratio = 7,
          .reference_ratio = 1,
          .sections = 5,
          .surfaces = true};
}

std::vector<Synapse> some_table() {
  Synapse row;
  row.id = 1;
  row.size = 1234;
  row.volume_nm3 = std::numeric_limits<double>::quiet_NaN();
  row.mean_probability = 0.123456789;
  row.decisive_ratio = std::numeric_limits<double>::infinity();
  Synapse candidate = row;
  candidate.id = 2;
  candidate.accepted = 0;
  candidate.core_size = candidate.core_count = candidate.largest_core = unknown_core;
  return {row, candidate};
}

TEST(PageData, nothing_in_a_script_can_end_it) {
  const std::string script = table_script(some_run(), some_table(), {});
  EXPECT_EQ(script.find('<'), std::string::npos);
  EXPECT_TRUE(std::all_of(script.begin(), script.end(), [](char c) { return c >= ' ' || c == '\n'; }));
  const json content = content_of(script, "table");
  EXPECT_EQ(content["run"]["name"], some_run().name);
  EXPECT_EQ(content["foreground"], "<img onerror=alert(1)>");
}

TEST(PageData, the_table_has_every_column_and_row) {
  Chosen chosen{.rows = {1}, .how = ChooseBy::largest, .why = "because", .is_fair_sample = true};
  const auto table = some_table();
  const json content = content_of(table_script(some_run(), table, chosen), "table");
  EXPECT_EQ(content["format"], "cleft report");
  EXPECT_EQ(content["version"], 1);
  EXPECT_EQ(content["count"], 2);
  EXPECT_EQ(content["pictures"],
            (json{{"chosen", {2}}, {"how", "largest"}, {"why", "because"}, {"sections", 5}}));
  EXPECT_EQ(content["volume"]["voxel_size_nm"], (json{40.0, 4.0, 5.0}));
  EXPECT_TRUE(content["review"]["sample"]);
  std::string header;
  for (const auto& column : content["columns"]) {
    header += (header.empty() ? "" : ",") + column["name"].get<std::string>();
    EXPECT_EQ(column["values"].size(), 2U) << column["name"];
    EXPECT_FALSE(column["help"].get<std::string>().empty()) << column["name"];
  }
  const std::string csv = object_table_csv({});
  EXPECT_EQ(header + "\n", csv) << "the columns of synapses.csv, in their order";
  const auto values = [&](const std::string& name) {
    for (const auto& column : content["columns"])
      if (column["name"] == name) return column["values"];
    return json();
  };
  EXPECT_EQ(values("size_voxels"), (json{1234, 1234}));
  EXPECT_EQ(values("volume_nm3"), (json{nullptr, nullptr}));
  EXPECT_EQ(values("decisive_ratio"), (json{nullptr, nullptr}));
  EXPECT_EQ(values("core_count"), (json{0, nullptr}));
  EXPECT_EQ(values("mean_probability")[0], 0.123456789);
  EXPECT_EQ(values("accepted"), (json{1, 0}));
}

TEST(PageData, an_empty_table_has_empty_columns) {
  const json content = content_of(table_script(some_run(), {}, {}), "table");
  EXPECT_EQ(content["columns"][0]["values"], json::array());
  EXPECT_EQ(content["columns"].size(), table_columns().size());
}

TEST(PageData, an_object_says_where_its_views_are) {
  PageObject object;
  object.id = 17;
  object.sprite = plan_sprite({{4, 10, 12}, {6, 14, 20}}, {5, 11, 13}, {10, 20, 30}, {40, 4, 4},
                              {.sections = 1, .margin_nm = 8});
  object.outlines = {"M0 0Z", "M1 0Z", "M2 0Z"};
  object.normal = {1, 0, 0};
  object.surface = PackedSurface{{1, 2, 3}, 0.5, {1, 2, 3}, {0, 0, 0}};
  const json content = content_of(object_script(object, {40, 4, 4}, {100, 0, 0}), "object");
  EXPECT_EQ(content["id"], 17);
  EXPECT_EQ(content["surface"]["normal"], (json{1.0, 0.0, 0.0}));
  const json& views = content["picture"]["views"];
  ASSERT_EQ(views.size(), 3U);
  EXPECT_EQ(views[0]["kind"], "xy");
  EXPECT_EQ(views[0]["section"], 5);
  EXPECT_EQ(views[0]["z_nm"], 300.0);
  EXPECT_EQ(views[0]["first_voxel"], (json{5.0, 8.0, 10.0}));
  EXPECT_EQ(views[0]["voxel_per_pixel"], (json{1.0, 1.0}));
  EXPECT_EQ(views[0]["width"], 12);
  EXPECT_EQ(views[0]["height"], 8);
  EXPECT_EQ(views[1]["kind"], "xz");
  EXPECT_EQ(views[1]["row"], 11);
  EXPECT_EQ(views[1]["axes"], (json{"z", "x"}));
  EXPECT_EQ(views[1]["voxel_per_pixel"], (json{0.1, 1.0})) << "ten pixels along z for each voxel";
  EXPECT_EQ(views[1]["first_voxel"], (json{4 - 0.45, 11.0, 10.0}));
  EXPECT_EQ(views[2]["column"], 13);
  EXPECT_EQ(views[2]["axes"], (json{"y", "z"})) << "beside XY";
  EXPECT_EQ(views[2]["outline"], "M2 0Z");
  object.surface.reset();
  EXPECT_TRUE(content_of(object_script(object, {40, 4, 4}, {}), "object")["surface"].is_null());
}

TEST(PageData, every_column_has_words) {
  for (const TableColumn& column : table_columns()) {
    EXPECT_FALSE(column_text(column.name).help.empty()) << column.name;
    EXPECT_NE(column_text(column.name).title, "") << column.name;
  }
}

}  // namespace
}  // namespace cleft
