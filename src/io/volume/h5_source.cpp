#include "io/volume/h5_source.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/file.hpp"
#include "io/h5/select.hpp"
#include "io/h5/volume_attributes.hpp"

namespace cleft {
namespace {

/// The dataset that a path without one can only mean.
std::string only_dataset(const h5::File& file) {
  constexpr std::size_t enough = 20;
  const auto paths = file.dataset_paths(enough);
  if (paths.size() == 1) return paths.front();
  if (paths.empty()) throw InputError({file.name(), "has no dataset", "a volume"});
  std::string found = "has several datasets and none was named:";
  for (const std::string& path : paths) found += " " + path;
  throw InputError({file.name(), found, "one of them as FILE/DATASET, or in a configuration as dataset"});
}

VolumePath completed(const VolumePath& path, const h5::File& file) {
  VolumePath whole = path;
  if (path.dataset.empty())
    whole.dataset = only_dataset(file);
  else if (!path.dataset.starts_with('/'))
    whole.dataset = "/" + path.dataset;
  return whole;
}

/// Whether a number's bits are where the machine's own types have them. HDF5 trusts what a damaged file says
/// about bits and writes beyond its buffers; numbers packed into fewer bits are not worth that risk.
bool has_plain_bits(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  if (H5Tget_class(type) != H5T_FLOAT) return H5Tget_offset(type) == 0 && H5Tget_precision(type) == bits;
  return H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0 ||
         H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F64BE) > 0;
}

ElementType element_type(const h5::Dataset& dataset) {
  const h5::Handle type(H5Dget_type(dataset.id()), dataset.name(), "read its type");
  const H5T_class_t kind = H5Tget_class(type.get());
  const std::size_t size = H5Tget_size(type.get());
  const bool is_number = kind == H5T_FLOAT || kind == H5T_INTEGER;
  if (is_number && !has_plain_bits(type.get()))
    throw InputError(
        {dataset.name(), "holds numbers of an unusual kind", "integers of 8 to 64 bits, float32 or float64"});
  if (kind == H5T_FLOAT && size == 4) return ElementType::float32;
  if (kind == H5T_FLOAT && size == 8) return ElementType::float64;
  // h5py stores bool as an enumeration of int8.
  if (kind == H5T_ENUM && size == 1) return ElementType::uint8;
  if (kind == H5T_INTEGER) {
    const bool is_signed = H5Tget_sign(type.get()) == H5T_SGN_2;
    if (size == 1) return is_signed ? ElementType::int8 : ElementType::uint8;
    if (size == 2) return is_signed ? ElementType::int16 : ElementType::uint16;
    if (size == 4) return is_signed ? ElementType::int32 : ElementType::uint32;
    if (size == 8) return is_signed ? ElementType::int64 : ElementType::uint64;
  }
  throw InputError({dataset.name(), "holds neither integers nor floating-point numbers",
                    "integers of 8 to 64 bits, float32 or float64"});
}

/// HDF5 makes no chunk longer than the volume that it belongs to, unless that can grow; where a damaged file
/// says so, it would read beyond the chunk.
void check_chunks(const h5::Dataset& dataset) {
  const h5::Shape chunks = dataset.chunks();
  if (chunks.empty()) return;
  const h5::Handle space(H5Dget_space(dataset.id()), dataset.name(), "read its shape");
  h5::Shape longest(chunks.size());
  h5::check(H5Sget_simple_extent_dims(space.get(), nullptr, longest.data()), dataset.name(),
            "read its shape");
  for (std::size_t i = 0; i < chunks.size(); ++i)
    if (chunks[i] > longest[i])
      throw IoError({dataset.name(),
                     fmt::format("is damaged: chunks {} long on an axis of {}", chunks[i], longest[i]), ""});
}

Lengths lengths_of(const h5::Dataset& dataset) {
  constexpr hsize_t longest = hsize_t{1} << 40U;
  Lengths lengths;
  for (const hsize_t length : dataset.shape()) {
    if (length > longest)
      throw InputError({dataset.name(), fmt::format("claims {} voxels along one axis", length),
                        "a volume of at most 1e15 voxels"});
    lengths.push_back(narrow<std::int64_t>(length));
  }
  return lengths;
}

StoredArray look_at(const h5::Dataset& dataset, const VolumePath& path) {
  check_chunks(dataset);
  StoredArray stored;
  stored.path = path;
  stored.shape = lengths_of(dataset);
  for (const hsize_t length : dataset.chunks()) stored.chunk.push_back(narrow<std::int64_t>(length));
  stored.axes = stored_axes(dataset);
  stored.type = element_type(dataset);
  try {
    stored.voxel_size = stored_voxel_size(dataset);
  } catch (const InputError&) {
    if (!path.options.voxel_size_known) throw;
  }
  stored.offset = stored_offset(dataset);
  return stored;
}

h5::Shape to_shape(const Lengths& lengths) {
  h5::Shape shape;
  for (const std::int64_t length : lengths) shape.push_back(narrow<hsize_t>(length));
  return shape;
}

hid_t memory_type(ElementType type) {
  return visit_type(type, [](auto element) { return h5::memory_type<decltype(element)>(); });
}

/// HDF5 converts truth values alone, since all other numbers are read as what they are. Those are
/// enumerations of int8; one below 0 would become 0.
H5T_conv_ret_t note_misfit(H5T_conv_except_t, hid_t, hid_t, void*, void*, void* found) {
  *static_cast<bool*>(found) = true;
  return H5T_CONV_ABORT;
}

class H5Source final : public VolumeSource {
 public:
  H5Source(h5::File file, h5::Dataset dataset, StoredArray stored)
      : VolumeSource(std::move(stored)), file_(std::move(file)), dataset_(std::move(dataset)) {}

  std::vector<std::string> texts(const std::string& name) const override {
    if (!dataset_.has_attribute(name)) return {};
    return dataset_.attribute<std::string>(name);
  }

  std::optional<std::int64_t> whole_number(const std::string& name) const override {
    if (!dataset_.has_attribute(name)) return std::nullopt;
    return dataset_.scalar_attribute<std::int64_t>(name);
  }

 private:
  void read_part(const StoredPart& part, const Lengths& memory, void* out) const override {
    const std::string subject = to_string(path());
    // Both sides have the dataset's own axes: HDF5 goes through the elements one by one where shapes differ.
    const h5::Shape in_memory = to_shape(memory), count = to_shape(part.count);
    const h5::Handle in_file = h5::select_box({H5Dget_space(dataset_.id()), subject, "read its shape"},
                                              to_shape(part.begin), count, subject);
    const h5::Handle to =
        h5::select_box({H5Screate_simple(narrow<int>(in_memory.size()), in_memory.data(), nullptr), subject,
                        "describe memory"},
                       h5::Shape(in_memory.size(), 0), count, subject);
    const h5::Handle transfer(H5Pcreate(H5P_DATASET_XFER), subject, "prepare");
    bool misfit = false;
    h5::check(H5Pset_type_conv_cb(transfer.get(), note_misfit, &misfit), subject, "prepare");
    const herr_t status =
        H5Dread(dataset_.id(), memory_type(type()), to.get(), in_file.get(), transfer.get(), out);
    if (misfit) throw InputError({subject, "holds truth values below 0 in " + to_string(part.box), "0 or 1"});
    h5::check(status, subject, "read " + to_string(part.box));
  }

  h5::File file_;
  h5::Dataset dataset_;
};

}  // namespace

std::shared_ptr<const VolumeSource> open_h5_volume(const VolumePath& path) {
  h5::File file = h5::File::open_read(path.file);
  const VolumePath whole = completed(path, file);
  h5::Dataset dataset = file.dataset(whole.dataset, VolumeSource::cache_bytes);
  StoredArray stored = look_at(dataset, whole);
  return std::make_shared<const H5Source>(std::move(file), std::move(dataset), std::move(stored));
}

std::vector<DatasetSummary> summarize_h5_datasets(const VolumePath& path, std::size_t max_datasets) {
  const auto file = h5::File::open_read(path.file);
  const auto names = path.dataset.empty() ? file.dataset_paths(max_datasets) : std::vector{path.dataset};
  std::vector<DatasetSummary> summaries;
  for (const auto& name : names) {
    const h5::Dataset dataset = file.dataset(name);
    DatasetSummary& summary = summaries.emplace_back();
    summary.path = {path.file, name, path.options};
    for (const hsize_t length : dataset.shape()) summary.shape.push_back(narrow<std::int64_t>(length));
    summary.is_table = dataset.type_class() == H5T_COMPOUND && summary.shape.size() == 1;
    summary.compression = dataset.filters();
    std::replace(summary.compression.begin(), summary.compression.end(), std::string("deflate"),
                 std::string("gzip"));
  }
  return summaries;
}

void start_h5() {
  h5::start_library();
}

}  // namespace cleft
