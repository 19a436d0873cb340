#include "pipeline/run/provenance.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/version.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using nlohmann::json;
using test::TempDirectory;

json content_of(const std::filesystem::path& file) {
  return json::parse(test::file_bytes(file));
}

TEST(Provenance, begins_with_what_made_it) {
  const TempDirectory temp;
  Provenance(temp / "run.json").set("predict", {{"seconds", 2.5}});
  const json content = content_of(temp / "run.json");
  EXPECT_EQ(content["cleft"]["version"], version());
  EXPECT_EQ(content["cleft"]["revision"], source_revision());
  EXPECT_EQ(content["predict"]["seconds"], 2.5);
  EXPECT_EQ(content["predict"]["finished"].get<std::string>().size(),
            std::string("2024-01-01T00:00:00Z").size());
}

TEST(Provenance, keeps_the_stages_that_an_earlier_run_did) {
  const TempDirectory temp;
  Provenance(temp / "run.json").set("predict", {{"blocks", 8}});
  Provenance again(temp / "run.json");
  again.set("segment", {{"synapses", 3}});
  again.set("segment", {{"synapses", 4}});
  const json content = content_of(temp / "run.json");
  EXPECT_EQ(content["predict"]["blocks"], 8);
  EXPECT_EQ(content["segment"]["synapses"], 4);
}

TEST(Provenance, replaces_a_file_that_is_not_its_own) {
  const TempDirectory temp;
  for (const std::string other : {"", "{\"predict\": ", "[1, 2]"}) {
    test::write_bytes(temp / "run.json", other);
    Provenance(temp / "run.json").set("run", {{"ranks", 4}});
    EXPECT_EQ(content_of(temp / "run.json")["run"]["ranks"], 4);
  }
}

}  // namespace
}  // namespace cleft
