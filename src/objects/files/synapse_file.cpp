#include "objects/files/synapse_file.hpp"

#include "base/narrow.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "objects/files/object_table.hpp"

namespace cleft {

void complete_synapse_file(const std::filesystem::path& file, const nlohmann::json& recipe,
                           const std::vector<Synapse>& synapses) {
  h5::File opened = h5::File::open_own(file);
  write_recipe(opened, recipe);
  write_object_table(opened, synapses);
  opened.close();
}

nlohmann::json read_synapse_recipe(const std::filesystem::path& file) {
  return read_recipe(h5::File::open_read(file));
}

std::int64_t read_synapse_count(const std::filesystem::path& file) {
  return narrow<std::int64_t>(h5::File::open_read(file).dataset(objects_dataset).element_count());
}

}  // namespace cleft
