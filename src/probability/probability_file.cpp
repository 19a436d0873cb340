#include "probability/probability_file.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "base/atomic_file.hpp"
#include "base/checksum.hpp"
#include "base/log.hpp"
#include "blocks/block_plan.hpp"
#include "blocks/ownership.hpp"
#include "io/axes.hpp"
#include "io/h5_select.hpp"
#include "io/origin.hpp"
#include "parallel/agree.hpp"
#include "probability/classify_block.hpp"

namespace cleft {
namespace {

constexpr auto block_attribute = "block";
constexpr Extent chunk_target{64, 64, 64};

std::vector<std::int64_t> as_list(const Extent& e) {
  return {e.z, e.y, e.x};
}

/// An extent, or where a box begins, with the axis of classes behind it where there is one.
h5::Shape stored_shape(const Extent& extent, std::size_t classes) {
  h5::Shape shape = shape_of(extent);
  if (classes > 1) shape.push_back(classes);
  return shape;
}

h5::Shape stored_begin(const Box& box, std::size_t classes) {
  h5::Shape begin = begin_of(box);
  if (classes > 1) begin.push_back(0);
  return begin;
}

/// Calls visit(box) for each chunk's part of a block, in the order of the grid of chunks.
template <class Visit>
void for_each_chunk(const Box& core, const Extent& chunk, const Visit& visit) {
  const BlockGrid chunks(core.extent(), chunk, {0, 0, 0});
  const Extent to_volume = core.begin - GlobalVoxel{};
  for (std::int64_t n = 0; n < chunks.count(); ++n) {
    const Box part = chunks.core(n);
    visit(Box{part.begin + to_volume, part.end + to_volume});
  }
}

void store(float p, float& stored) {
  stored = p;
}
void store(float p, std::uint8_t& stored) {
  stored = stored_probability_byte(p);
}

/// The voxels of `part` as they stand in the file, classes fastest.
template <class Stored>
std::vector<Stored> interleaved(const std::vector<Array3<float>>& probabilities, const Box& core,
                                const Box& part) {
  const std::size_t classes = probabilities.size();
  std::vector<Stored> values(static_cast<std::size_t>(voxel_count(part.extent())) * classes);
  const LocalVoxel begin = core.local(part.begin);
  for (std::size_t c = 0; c < classes; ++c) {
    auto* out = values.data() + c;
    const auto view = probabilities[c].view().part(begin, part.extent());
    for (std::int64_t z = 0; z < part.extent().z; ++z)
      for (std::int64_t y = 0; y < part.extent().y; ++y)
        for (std::int64_t x = 0; x < part.extent().x; ++x, out += classes) store(view(z, y, x), *out);
  }
  return values;
}

}  // namespace

VolumeReader open_probability(const std::filesystem::path& file, const std::string& name) {
  const auto stored =
      h5::File::open_read(file).dataset(probability_dataset).attribute<std::string>("classes");
  const auto found = std::find(stored.begin(), stored.end(), name);
  if (found == stored.end())
    throw InputError({file.string(), fmt::format("has no probability of the class '{}'", name),
                      fmt::format("one of: {}", fmt::join(stored, ", "))});
  return {{file, probability_dataset}, static_cast<std::size_t>(found - stored.begin())};
}

std::optional<Extent> block_of_unfinished(const std::filesystem::path& path) {
  const auto part = unfinished_name(path);
  if (!std::filesystem::exists(part)) return std::nullopt;
  const auto block =
      h5::File::open_read(part).dataset(probability_dataset).attribute<std::int64_t>(block_attribute);
  if (block.size() != 3 || std::any_of(block.begin(), block.end(), [](auto n) { return n < 1; }))
    throw InputError({part.string(), "has no usable block extent",
                      "an unfinished probability file of cleft; remove it to start anew"});
  return Extent{block[0], block[1], block[2]};
}

ProbabilityFile::ProbabilityFile(const Communicator& comm, const std::filesystem::path& path,
                                 const ProbabilityLayout& layout)
    : comm_(comm),
      grid_(layout.volume, layout.block, {0, 0, 0}),
      type_(layout.type),
      class_count_(layout.classes.size()),
      chunk_(chunk_within(grid_.volume(), grid_.block(), chunk_target)),
      writer_(begin_or_go_on(path, layout)) {
  writer_.flush();
  open_datasets();
  find_pending();
}

/// Makes the file with everything in it but values. Until it is complete it stands under a name of its own: a
/// job that is killed on the way has not begun.
void ProbabilityFile::begin(const std::filesystem::path& unfinished, const ProbabilityLayout& layout) const {
  const h5::Layout in_chunks{.chunks = stored_shape(chunk_, class_count_), .reserve = true};
  const auto shape = stored_shape(grid_.volume(), class_count_);
  const auto block = as_list(grid_.block());
  // Each rank looked at the files for itself, and network file systems show them different times.
  const auto origin = nlohmann::json::parse(comm_.broadcast(layout.origin.dump()));
  const hid_t type = type_ == ElementType::uint8 ? h5::memory_type<std::uint8_t>() : h5::memory_type<float>();

  VolumeWriter writer = VolumeWriter::create(comm_, unfinished);
  writer.plan(
      chunked_bytes(grid_.volume(), chunk_, static_cast<std::int64_t>(size_of(type_) * class_count_)) +
      Manifest::stored_bytes(grid_.count()));
  run_collectively(comm_, [&] {
    auto dataset = writer.file().create_dataset(probability_dataset, type, shape, in_chunks);
    dataset.set_attribute(block_attribute, block);
    write_origin(dataset, origin);
    dataset.set_attribute("classes", layout.classes);
    write_axes(dataset, layout.voxel_size, class_count_ > 1);
    Manifest::create(writer.file(), grid_.count());
  });
  writer.finish();
}

VolumeWriter ProbabilityFile::begin_or_go_on(const std::filesystem::path& path,
                                             const ProbabilityLayout& layout) const {
  const auto unfinished = unfinished_name(path);
  std::error_code none;
  if (!comm_.broadcast(std::filesystem::exists(unfinished, none))) begin(unfinished, layout);
  return VolumeWriter::resume(comm_, path);
}

void ProbabilityFile::open_datasets() {
  all_or_throw(comm_, [&] {
    dataset_ = writer_.file().dataset(probability_dataset);
    manifest_ = Manifest::open(writer_.file(), grid_.count());
  });
}

void ProbabilityFile::find_pending() {
  const auto& marks = manifest_->marks();
  std::vector<std::int64_t> pending(marks.size());
  all_or_throw(comm_, [&] {
    const NumberRange mine = owned_range(grid_.count(), comm_.rank(), comm_.size());
    for (std::int64_t n = mine.begin; n < mine.end; ++n) {
      const auto i = static_cast<std::size_t>(n);
      const auto stored = [&] {
        return type_ == ElementType::uint8 ? stored_checksum<std::uint8_t>(grid_.core(n))
                                           : stored_checksum<float>(grid_.core(n));
      };
      pending[i] =
          marks[i] != static_cast<std::uint8_t>(Manifest::Mark::done) || stored() != manifest_->checksum(n);
    }
  });
  comm_.sum(std::span(pending));
  for (std::size_t i = 0; i < pending.size(); ++i)
    if (pending[i] != 0) pending_.push_back(static_cast<std::int64_t>(i));
}

template <class Stored>
std::uint64_t ProbabilityFile::write_chunks(const Box& core,
                                            const std::vector<Array3<float>>& probabilities) {
  Checksum sum;
  for_each_chunk(core, chunk_, [&](const Box& part) {
    const auto values = interleaved<Stored>(probabilities, core, part);
    dataset_->write_part<Stored>(stored_begin(part, class_count_), stored_shape(part.extent(), class_count_),
                                 values);
    sum.add(std::as_bytes(std::span(values)));
  });
  return sum.value();
}

template <class Stored>
std::uint64_t ProbabilityFile::stored_checksum(const Box& core) const {
  Checksum sum;
  for_each_chunk(core, chunk_, [&](const Box& part) {
    std::vector<Stored> values(static_cast<std::size_t>(voxel_count(part.extent())) * class_count_);
    dataset_->read_part<Stored>(stored_begin(part, class_count_), stored_shape(part.extent(), class_count_),
                                values);
    sum.add(std::as_bytes(std::span(values)));
  });
  return sum.value();
}

void ProbabilityFile::write_block(std::int64_t number, const std::vector<Array3<float>>& probabilities) {
  const Box core = grid_.core(number);
  const auto sum = type_ == ElementType::uint8 ? write_chunks<std::uint8_t>(core, probabilities)
                                               : write_chunks<float>(core, probabilities);
  manifest_->mark_done(number, sum);
}

void ProbabilityFile::finish() {
  manifest_.reset();
  dataset_.reset();
  writer_.finish();
}

}  // namespace cleft
