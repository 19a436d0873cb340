#include "report/page_assets.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace cleft {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const PageAsset& asset : page_assets()) {
    found.emplace_back(asset.name);
  }
  return found;
}

TEST(PageAssets, AreFrameAndStyleAndWithNodeTheScriptAndItsLicences) {
  const std::vector<std::string> without{"report.html", "report.css"};
  const std::vector<std::string> with{"report.html", "report.css", "report.js", "LICENCES.txt"};
  EXPECT_TRUE(names() == without || names() == with);
}

TEST(PageAssets, AreByteForByteTheFilesThatTheyWereMadeOf) {
  const std::filesystem::path sources = std::filesystem::path(CLEFT_SOURCE_DIR) / "src/web";
  const std::filesystem::path made = std::filesystem::path(CLEFT_EXECUTABLE).parent_path() / "web";
  for (const PageAsset& asset : page_assets()) {
    const std::filesystem::path in_sources = sources / asset.name;
    const bool written_by_hand = std::filesystem::exists(in_sources);
    EXPECT_TRUE(asset.bytes == bytes_of(written_by_hand ? in_sources : made / asset.name)) << asset.name;
  }
}

TEST(PageAssets, AScriptMayStandInAPageAsItIs) {
  for (const PageAsset& asset : page_assets()) {
    if (asset.name == "report.js") {
      EXPECT_TRUE(std::ranges::all_of(asset.bytes, [](char byte) {
        return byte == '\n' || byte == '\t' || (byte >= ' ' && byte <= '~');
      }));
    }
  }
}

}  // namespace
}  // namespace cleft
