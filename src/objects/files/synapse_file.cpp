#include "objects/files/synapse_file.hpp"

#include <limits>
#include <span>

#include <fmt/format.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/files/is_there.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"
#include "io/h5/file.hpp"
#include "io/h5/recipe.hpp"
#include "io/sealed_file.hpp"
#include "objects/files/object_table.hpp"

namespace cleft {
namespace {

constexpr SealedFormat synapse_format{.name = "cleft synapses"};
constexpr auto measured_cores_dataset = "/measured_cores";
constexpr auto complete_from_attribute = "complete_from_ratio";
constexpr auto table_bytes = "table_bytes", table_checksum = "table_xxh64";

std::uint64_t checksum_of_text(std::string_view text) {
  return checksum(std::as_bytes(std::span(text.data(), text.size())));
}

/// Whether the file of a table has this length and checksum.
bool holds(const std::filesystem::path& table, std::uint64_t bytes, std::uint64_t sum) {
  RegularFile file(table, "a table of synapses");
  if (file.size() != bytes) return false;
  std::vector<char> piece(std::size_t{1} << 20U);
  Checksum found;
  while (const std::size_t got = file.read(piece.data(), piece.size()))
    found.add(std::as_bytes(std::span(piece.data(), got)));
  return found.value() == sum;
}

/// A file without a seal is of 0.1.0.
/// \throws InputError when it is somebody else's, or has lost its seal; IoError when it cannot be read.
void check_unsealed(const std::filesystem::path& file) {
  const h5::File opened = h5::File::open_read(file);
  try {
    read_recipe(opened);
    opened.dataset(labels_dataset);
    opened.dataset(objects_dataset);
  } catch (const InputError&) {
    throw InputError(
        {file.string(), "is not what cleft detect wrote: it lacks a recipe, /labels or /objects", ""});
  }
  if (opened.has_attribute(table_checksum)) throw InputError({file.string(), "has lost its first bytes", ""});
}

void write_measured_cores(h5::Group& file, const std::vector<CoreSums>& cores) {
  std::vector<std::int64_t> values;
  for (const CoreSums& core : cores) values.insert(values.end(), {core.voxels, core.count, core.largest});
  file.write(measured_cores_dataset, values, {cores.size(), 3});
}

}  // namespace

void complete_synapse_file(const std::filesystem::path& file, const SynapseFileContent& content,
                           std::string_view table) {
  h5::File opened = h5::File::open_own(file);
  write_recipe(opened, content.recipe);
  write_object_table(opened, content.rows, content.verdicts ? &*content.verdicts : nullptr);
  if (!content.measured_cores.empty()) write_measured_cores(opened, content.measured_cores);
  opened.set_attribute(complete_from_attribute, content.complete_from);
  opened.set_attribute(table_bytes, std::uint64_t{table.size()});
  opened.set_attribute(table_checksum, checksum_of_text(table));
  opened.close();
  seal_file(file, synapse_format);
}

nlohmann::json read_synapse_recipe(const std::filesystem::path& file) {
  return read_recipe(h5::File::open_read(file));
}

double read_complete_from(const std::filesystem::path& file) {
  const h5::File opened = h5::File::open_read(file);
  return opened.has_attribute(complete_from_attribute)
             ? opened.scalar_attribute<double>(complete_from_attribute)
             : std::numeric_limits<double>::infinity();
}

std::vector<Synapse> read_objects(const std::filesystem::path& file) {
  return read_object_table(h5::File::open_read(file));
}

std::optional<std::vector<std::string>> read_object_verdicts(const std::filesystem::path& file) {
  return read_verdicts(h5::File::open_read(file));
}

std::vector<CoreSums> read_measured_cores(const std::filesystem::path& file) {
  const h5::File opened = h5::File::open_read(file);
  if (!opened.has_dataset(measured_cores_dataset)) return {};
  const h5::Dataset stored = opened.dataset(measured_cores_dataset);
  const auto values = stored.read<std::int64_t>();
  const std::size_t rows = opened.dataset(objects_dataset).element_count();
  if (values.size() != 3 * rows)
    throw InputError({stored.name(), fmt::format("holds {} numbers", values.size()),
                      fmt::format("3 for each of {} objects", rows)});
  std::vector<CoreSums> cores;
  for (std::size_t i = 0; i < values.size(); i += 3)
    cores.push_back({.count = values[i + 1], .voxels = values[i], .largest = values[i + 2]});
  return cores;
}

ObjectCounts count_objects(const std::filesystem::path& file) {
  ObjectCounts counts;
  for (const Synapse& object : read_objects(file))
    ++(object.accepted != 0 ? counts.synapses : counts.candidates);
  return counts;
}

std::optional<std::string> table_of(const std::filesystem::path& file) {
  const h5::File opened = h5::File::open_read(file);
  if (!opened.has_attribute(table_checksum)) return std::nullopt;
  try {
    const auto verdicts = read_verdicts(opened);
    std::string table = object_table_csv(read_object_table(opened), verdicts ? &*verdicts : nullptr);
    if (checksum_of_text(table) == opened.scalar_attribute<std::uint64_t>(table_checksum)) return table;
  } catch (const InputError&) {  // another version's columns
    return std::nullopt;
  }
  return std::nullopt;
}

bool begins_as_synapse_file(const std::filesystem::path& file) {
  return begins_as_sealed(file, synapse_format);
}

Soundness check_synapse_file(const std::filesystem::path& file, std::string* why) {
  if (!is_there(file)) return Soundness::missing;
  try {
    if (!begins_as_sealed(file, synapse_format)) {
      check_unsealed(file);
      return Soundness::unknown;
    }
    check_sealed(file, synapse_format);
    return Soundness::sound;
  } catch (const Error& error) {
    // What HDF5 cannot make sense of is damaged, too: it only knows that reading failed.
    if (why != nullptr) *why = error.what();
    return Soundness::damaged;
  }
}

Soundness check_table(const std::filesystem::path& table, const std::filesystem::path& file) {
  if (!is_there(table)) return Soundness::missing;
  check_regular_file(table, "a table of synapses");
  const h5::File opened = h5::File::open_read(file);
  if (!opened.has_attribute(table_checksum)) return Soundness::unknown;
  return holds(table, opened.scalar_attribute<std::uint64_t>(table_bytes),
               opened.scalar_attribute<std::uint64_t>(table_checksum))
             ? Soundness::sound
             : Soundness::damaged;
}

}  // namespace cleft
