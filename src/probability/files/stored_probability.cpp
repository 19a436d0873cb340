#include "probability/files/stored_probability.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "blocks/files/manifest.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "probability/files/stored_blocks.hpp"

namespace cleft {
namespace {

h5::Dataset open_dataset(const std::filesystem::path& file) {
  return h5::File::open_read(file).dataset(probability_dataset);
}

}  // namespace

std::vector<std::string> stored_classes(const std::filesystem::path& file) {
  return open_dataset(file).attribute<std::string>(classes_attribute);
}

VolumeReader open_probability(const std::filesystem::path& file, const std::string& name) {
  const auto stored = stored_classes(file);
  const auto found = std::find(stored.begin(), stored.end(), name);
  if (found == stored.end())
    throw InputError({file.string(), fmt::format("has no probability of the class '{}'", name),
                      fmt::format("one of: {}", fmt::join(stored, ", "))});
  return {{file, probability_dataset}, to_size(found - stored.begin())};
}

nlohmann::json read_probability_recipe(const std::filesystem::path& file) {
  return read_recipe(open_dataset(file));
}

std::optional<Extent> block_of_unfinished(const std::filesystem::path& path) {
  const auto unfinished = unfinished_name(path);
  if (!std::filesystem::exists(unfinished)) return std::nullopt;
  return stored_block(open_dataset(unfinished));
}

BlocksDone count_blocks_done(const std::filesystem::path& file) {
  const auto marks = Manifest::read_marks(h5::File::open_read(file));
  const auto done = std::count_if(marks.begin(), marks.end(), [](auto mark) {
    return mark != static_cast<std::uint8_t>(Manifest::Mark::pending);
  });
  return {.done = done, .all = narrow<std::int64_t>(marks.size())};
}

}  // namespace cleft
