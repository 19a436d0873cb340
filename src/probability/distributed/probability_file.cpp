#include "probability/distributed/probability_file.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "base/checksum.hpp"
#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"
#include "base/progress.hpp"
#include "base/recipe.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "io/h5/recipe.hpp"
#include "io/h5/select.hpp"
#include "io/h5/volume_attributes.hpp"
#include "parallel/agree.hpp"
#include "probability/stored_byte.hpp"

namespace cleft {
namespace {

std::vector<std::int64_t> as_list(const Extent& e) {
  return {e.z, e.y, e.x};
}

void store(float p, float& stored) {
  stored = p;
}
void store(float p, std::uint8_t& stored) {
  stored = stored_probability_byte(p);
}

/// The voxels of `part` as they stand in the file, classes fastest.
template <class Stored>
std::vector<Stored> interleaved(const std::vector<Array3<float>>& probabilities, const Box& owned,
                                const Box& part) {
  const std::size_t classes = probabilities.size();
  std::vector<Stored> values(to_size(voxel_count(part.extent())) * classes);
  const LocalVoxel begin = owned.local(part.begin);
  for (std::size_t c = 0; c < classes; ++c) {
    auto* out = values.data() + c;
    const auto view = probabilities[c].view().part(begin, part.extent());
    for (std::int64_t z = 0; z < part.extent().z; ++z)
      for (std::int64_t y = 0; y < part.extent().y; ++y)
        for (std::int64_t x = 0; x < part.extent().x; ++x, out += classes) store(view(z, y, x), *out);
  }
  return values;
}

StoredBlocks blocks_of(const ProbabilityLayout& layout) {
  const BlockGrid grid(layout.volume, layout.block, {0, 0, 0});
  return {.grid = grid,
          .chunk = stored_chunk(grid.volume(), grid.block()),
          .type = layout.type,
          .class_count = layout.classes.size()};
}

}  // namespace

ProbabilityCheck check_probability(const Communicator& comm, const std::filesystem::path& path) {
  std::optional<StoredBlocks> blocks;
  std::vector<std::int64_t> numbers;  // of damaged blocks, on this rank
  all_or_throw(comm, [&] {
    // VolumeReader validates the dataset's shape and type before they are used.
    const VolumeReader reader({path, probability_dataset}, 0);
    const auto file = h5::File::open_read(path);
    const auto dataset = file.dataset(probability_dataset);
    blocks.emplace(stored_blocks(dataset, reader.type()));
    const BlockGrid& grid = blocks->grid;
    const Manifest manifest = Manifest::open(file, grid.count());
    const NumberRange mine = owned_range(grid.count(), comm.rank(), comm.size());
    Progress progress("check probability", voxel_count(grid.volume()), comm.is_root());
    for (std::int64_t n = mine.begin; n < mine.end; ++n) {
      if (!is_stored(dataset, *blocks, manifest, n)) numbers.push_back(n);
      progress.update(voxel_count(grid.volume()) / mine.size() * (n + 1 - mine.begin));
    }
  });
  ProbabilityCheck check{.blocks = blocks->grid.count(), .damaged = {}};
  // Ranks own consecutive blocks, so in the order of ranks they are in the order of blocks.
  for (const auto n : comm.broadcast(comm.gather(std::span<const std::int64_t>(numbers))))
    check.damaged.push_back(blocks->grid.owned(n));
  return check;
}

ProbabilityFile::ProbabilityFile(const Communicator& comm, const std::filesystem::path& path,
                                 const ProbabilityLayout& layout)
    : comm_(comm), blocks_(blocks_of(layout)), writer_(begin_or_go_on(path, layout)) {
  writer_.flush();
  open_datasets();
  find_pending();
}

/// Makes the unfinished file with everything in it but values. While it is made it stands under a temporary
/// name: where a job is killed on the way there is no unfinished file to go on with.
void ProbabilityFile::begin(const std::filesystem::path& unfinished, const ProbabilityLayout& layout) const {
  const h5::Layout in_chunks{.chunks = stored_shape(blocks_.chunk, blocks_.class_count), .reserve = true};
  const auto shape = stored_shape(grid().volume(), blocks_.class_count);
  const auto block = as_list(grid().block());
  // HDF5 asks that all ranks write the same attribute, whatever layout they were given.
  const auto recipe = nlohmann::json::parse(comm_.broadcast(recipe_text(layout.recipe)));
  const hid_t type =
      blocks_.type == ElementType::uint8 ? h5::memory_type<std::uint8_t>() : h5::memory_type<float>();

  VolumeWriter writer = VolumeWriter::create(comm_, unfinished);
  writer.plan(chunked_bytes(grid().volume(), blocks_.chunk,
                            narrow<std::int64_t>(size_of(blocks_.type) * blocks_.class_count)) +
              Manifest::stored_bytes(grid().count()));
  run_collectively(comm_, [&] {
    auto dataset = writer.file().create_dataset(probability_dataset, type, shape, in_chunks);
    dataset.set_attribute(block_attribute, block);
    write_recipe(dataset, recipe);
    dataset.set_attribute(classes_attribute, layout.classes);
    write_axes(dataset, layout.voxel_size, blocks_.class_count > 1, layout.offset);
    Manifest::create(writer.file(), grid().count());
  });
  writer.finish();
}

/// Whether there is an unfinished file, and it is one that this object can work on. Collective.
bool ProbabilityFile::can_go_on(const std::filesystem::path& unfinished) const {
  bool there = false;
  all_or_throw(comm_, [&] {
    if (!comm_.is_root()) return;
    const auto status = std::filesystem::symlink_status(unfinished);
    there = std::filesystem::exists(status);
    // A link or a folder is refused when it is opened for writing.
    if (std::filesystem::is_regular_file(status))
      check_stored_as(h5::File::open_read(unfinished).dataset(probability_dataset), blocks_);
  });
  return comm_.broadcast(there);
}

VolumeWriter ProbabilityFile::begin_or_go_on(const std::filesystem::path& path,
                                             const ProbabilityLayout& layout) const {
  const auto unfinished = unfinished_name(path);
  if (!can_go_on(unfinished)) begin(unfinished, layout);
  return VolumeWriter::resume(comm_, path);
}

void ProbabilityFile::open_datasets() {
  all_or_throw(comm_, [&] {
    dataset_ = writer_.file().dataset(probability_dataset);
    manifest_ = Manifest::open(writer_.file(), grid().count());
  });
}

void ProbabilityFile::find_pending() {
  std::vector<std::int64_t> pending(to_size(grid().count()));
  all_or_throw(comm_, [&] {
    const NumberRange mine = owned_range(grid().count(), comm_.rank(), comm_.size());
    for (std::int64_t n = mine.begin; n < mine.end; ++n)
      pending[to_size(n)] = is_stored(*dataset_, blocks_, *manifest_, n) ? 0 : 1;
  });
  comm_.sum(std::span(pending));
  for (std::size_t i = 0; i < pending.size(); ++i)
    if (pending[i] != 0) pending_.push_back(narrow<std::int64_t>(i));
}

template <class Stored>
std::uint64_t ProbabilityFile::write_chunks(const Box& owned,
                                            const std::vector<Array3<float>>& probabilities) {
  Checksum sum;
  for_each_chunk(owned, blocks_.chunk, [&](const Box& part) {
    const auto values = interleaved<Stored>(probabilities, owned, part);
    dataset_->write_part<Stored>(stored_begin(part, blocks_.class_count),
                                 stored_shape(part.extent(), blocks_.class_count), values);
    sum.add(std::as_bytes(std::span(values)));
  });
  return sum.value();
}

void ProbabilityFile::write_block(std::int64_t number, const std::vector<Array3<float>>& probabilities) {
  const Box owned = grid().owned(number);
  const auto sum = blocks_.type == ElementType::uint8 ? write_chunks<std::uint8_t>(owned, probabilities)
                                                      : write_chunks<float>(owned, probabilities);
  manifest_->mark_done(number, sum);
}

void ProbabilityFile::finish() {
  manifest_.reset();
  dataset_.reset();
  writer_.finish();
}

}  // namespace cleft
