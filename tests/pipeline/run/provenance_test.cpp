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

TEST(FileFingerprint, tells_files_apart_by_name_size_and_time) {
  const TempDirectory temp;
  test::write_bytes(temp / "a", "123");
  const json before = file_fingerprint(temp / "a");
  EXPECT_EQ(before["path"], (temp / "a").string());
  EXPECT_EQ(before["bytes"], 3);
  EXPECT_EQ(file_fingerprint(temp / "a"), before);
  std::filesystem::last_write_time(temp / "a",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_NE(file_fingerprint(temp / "a"), before);
}

TEST(FileFingerprint, tells_files_apart_that_were_written_within_a_second) {
  const TempDirectory temp;
  test::write_bytes(temp / "a", "123");
  const auto second = std::filesystem::file_time_type(std::chrono::seconds(1'700'000'000));
  std::filesystem::last_write_time(temp / "a", second);
  const json before = file_fingerprint(temp / "a");
  std::filesystem::last_write_time(temp / "a", second + std::chrono::milliseconds(3));
  EXPECT_NE(file_fingerprint(temp / "a"), before);
}

TEST(FileFingerprint, of_a_missing_file_is_an_error_that_names_it) {
  EXPECT_THROW(file_fingerprint("/no/such/file"), InputError);
  EXPECT_THROW(file_fingerprint("/dev/null/file"), IoError);
}

}  // namespace
}  // namespace cleft
