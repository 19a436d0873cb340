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

void check_holds(const std::filesystem::path& file, const Extent& volume, ElementType type,
                 std::size_t class_count) {
  const h5::Dataset dataset = open_dataset(file);
  StoredBlocks expected = stored_blocks(dataset, type);
  expected.grid = BlockGrid(volume, stored_block(dataset), {0, 0, 0});
  expected.class_count = class_count;
  check_stored_as(dataset, expected);
}

BlocksDone count_blocks_done(const std::filesystem::path& file) {
  const auto marks = Manifest::read_marks(h5::File::open_read(file));
  const auto done = std::count_if(marks.begin(), marks.end(), [](auto mark) {
    return mark != static_cast<std::uint8_t>(Manifest::Mark::pending);
  });
  return {.done = done, .all = narrow<std::int64_t>(marks.size())};
}

BlocksDone count_sound_blocks(const std::filesystem::path& file) {
  // VolumeReader validates the dataset's shape and type before they are used.
  const VolumeReader reader({file, probability_dataset}, 0);
  const auto opened = h5::File::open_read(file);
  const auto dataset = opened.dataset(probability_dataset);
  const StoredBlocks blocks = stored_blocks(dataset, reader.type());
  const Manifest manifest = Manifest::open(opened, blocks.grid.count());
  BlocksDone sound{.done = 0, .all = blocks.grid.count()};
  for (std::int64_t n = 0; n < sound.all; ++n)
    if (is_stored(dataset, blocks, manifest, n)) ++sound.done;
  return sound;
}

}  // namespace cleft
