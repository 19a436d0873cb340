#include "io/volume/h5_source.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files/file_stamp.hpp"
#include "base/label.hpp"
#include "base/narrow.hpp"
#include "io/h5/chunk_filters.hpp"
#include "io/h5/chunk_reader.hpp"
#include "io/h5/contents.hpp"
#include "io/h5/file.hpp"
#include "io/h5/links.hpp"
#include "io/h5/select.hpp"
#include "io/h5/shield.hpp"
#include "io/h5/storage.hpp"
#include "io/h5/stored_content.hpp"
#include "io/h5/volume_attributes.hpp"

namespace cleft {
namespace {

h5::FollowRule follow_rule(const VolumePath& path) {
  return {path.options.follow_links, path.options.follow_key};
}

/// The places that the links of a file lead to, each once, by the first link that leads there.
std::vector<std::string> paths_of_links(const h5::File& file, const VolumePath& path,
                                        const h5::Contents& contents) {
  std::vector<std::string> names, places;
  for (const auto& link : contents.links) try {
      const h5::Place place = h5::follow_links(path.file, link.path, follow_rule(path));
      const std::string name = place.file.path() + ":" + place.dataset;
      if (!place.file.has_dataset(place.dataset) ||
          std::find(places.begin(), places.end(), name) != places.end())
        continue;
      places.push_back(name);
      names.push_back(link.path);
    } catch (const Error&) {
      if (h5::library_has_crashed()) throw;
      continue;  // it leads nowhere, or where it may not
    }
  if (names.empty() && !contents.links.empty()) {
    std::string found = "has no dataset, and links that lead to none:";
    for (const auto& link : contents.links) found += " " + link.path + " (" + link.target + ")";
    throw InputError({file.path(), found, "a volume"});
  }
  return names;
}

/// The dataset that a path without one can only mean; in a file of links the one that they lead to.
std::string only_dataset(const h5::File& file, const VolumePath& path) {
  constexpr std::size_t enough = 20;
  const h5::Contents contents = h5::contents_of(file, enough);
  const auto paths = contents.datasets.empty() ? paths_of_links(file, path, contents) : contents.datasets;
  if (paths.size() == 1) return paths.front();
  if (paths.empty()) throw InputError({file.path(), "has no dataset", "a volume"});
  const std::string volume = contents.datasets.empty() ? paths.front() : file.first_with_axes(3);
  const std::string key = path.options.path_key.empty() ? "" : path.options.path_key + ": ";
  throw InputError({file.path(),
                    fmt::format("holds several datasets ({}{}), and the path names none of them",
                                fmt::join(paths, ", "), paths.size() < enough ? "" : ", ..."),
                    fmt::format("one of them behind the file, as in {}{}{}", key, file.path(), volume)});
}

void check_is_there(const std::filesystem::path& path) {
  if (const std::string end = where_it_ends(path); !end.empty())
    throw InputError({path.string(), end, "an HDF5 file"});
}

/// Whether a number's bits are where the machine's own types have them. HDF5 trusts what a damaged file says
/// about bits and writes beyond its buffers; numbers packed into fewer bits are not worth that risk.
bool has_plain_bits(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  if (H5Tget_class(type) != H5T_FLOAT) return H5Tget_offset(type) == 0 && H5Tget_precision(type) == bits;
  return H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0 ||
         H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F64BE) > 0;
}

std::string unusual_numbers(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  if (H5Tget_class(type) == H5T_FLOAT && (bits == 16 || bits == 128))
    return fmt::format("holds float{} values", bits);
  return fmt::format("holds numbers of an unusual kind ({} bits in {} bytes)", H5Tget_precision(type),
                     H5Tget_size(type));
}

ElementType element_type(const h5::Dataset& dataset) {
  const h5::Handle type(H5Dget_type(dataset.id()), dataset.name(), "read its type");
  const H5T_class_t kind = H5Tget_class(type.get());
  const std::size_t size = H5Tget_size(type.get());
  const bool is_number = kind == H5T_FLOAT || kind == H5T_INTEGER;
  if (is_number && !has_plain_bits(type.get()))
    throw InputError({dataset.name(), unusual_numbers(type.get()),
                      "integers of 8 to 64 bits, float32 or float64 (in Python: file['new'] = "
                      "file['old'][...].astype('float32'))"});
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

void check_filters(const h5::Dataset& dataset) {
  const std::string filter = h5::missing_filter(dataset.id(), dataset.name());
  if (!filter.empty())
    throw InputError(
        {dataset.name(), "is compressed with " + filter + ", which is not installed here",
         "gzip, LZF, szip or no compression (in Python: file.create_dataset('new', data=file['old'], "
         "chunks=True, compression='gzip')), or HDF5_PLUGIN_PATH naming the folder of the filter's plugin"});
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

StoredArray look_at(const h5::Place& place, const h5::Dataset& dataset, const VolumePath& path) {
  check_chunks(dataset);
  check_filters(dataset);
  StoredArray stored;
  stored.path = path;
  stored.shape = lengths_of(dataset);
  if (const auto image = stored_image_lengths(place.file, place.dataset, dataset.shape()))
    for (std::size_t axis = 0; axis < image->size(); ++axis)
      stored.shape[axis] = narrow<std::int64_t>((*image)[axis]);
  for (const hsize_t length : dataset.chunks()) stored.chunk.push_back(narrow<std::int64_t>(length));
  stored.axes = stored_axes(dataset);
  stored.type = element_type(dataset);
  try {
    stored.voxel_size = stored_voxel_size(dataset);
    stored.voxel_size_by_axis = states_voxel_size_by_axis(dataset);
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

/// HDF5 converts truth values alone: other numbers are read as what they are. One below 0 would become 0.
H5T_conv_ret_t note_misfit(H5T_conv_except_t, hid_t, hid_t, void*, void*, void* found) {
  *static_cast<bool*>(found) = true;
  return H5T_CONV_ABORT;
}

/// What a chunk that was never written holds, where that is nothing: 0, or CREMI's word for it.
bool fills_with_nothing(const h5::Dataset& dataset) {
  const h5::Handle list(H5Dget_create_plist(dataset.id()), dataset.name(), "read its fill value");
  H5D_fill_value_t state = H5D_FILL_VALUE_UNDEFINED;
  h5::check(H5Pfill_value_defined(list.get(), &state), dataset.name(), "read its fill value");
  if (state != H5D_FILL_VALUE_USER_DEFINED) return true;
  double value = 0;
  h5::check(H5Pget_fill_value(list.get(), H5T_NATIVE_DOUBLE, &value), dataset.name(), "read its fill value");
  return value == 0 || value == static_cast<double>(cremi_background);
}

class H5Source final : public VolumeSource {
 public:
  H5Source(h5::File file, h5::Dataset dataset, StoredArray stored, const FileStamp& before)
      : VolumeSource(std::move(stored)), file_(std::move(file)), dataset_(std::move(dataset)) {
    storage_ = h5::storage_of(dataset_, file_.path(), {follow_rule(path()), false});
    if (!dataset_.chunks().empty())
      chunks_ = std::make_unique<h5::ChunkReader>(
          dataset_.id(), dataset_.name(), cache_bytes,
          h5::Decoding{path().options.decoding_threads, to_size(path().options.decoding_bytes)});
    check_nothing_lost();
    if (chunks_ && takes_unwritten()) chunks_->take_unwritten_as_fill();
    stamps_.push_back(before);
    for (const auto& other : storage_.files) stamps_.push_back(stamp_of(other));
    check_files();
  }

  std::vector<std::string> texts(const std::string& name) const override {
    if (!dataset_.has_attribute(name)) return {};
    return dataset_.attribute<std::string>(name);
  }

  std::optional<std::int64_t> whole_number(const std::string& name) const override {
    if (!dataset_.has_attribute(name)) return std::nullopt;
    const auto value = dataset_.scalar_attribute<double>(name);
    if (!(std::abs(value) < 0x1p53) || value != std::floor(value))
      throw InputError(
          {dataset_.name() + " attribute " + name, fmt::format("is {}", value), "a whole number"});
    return static_cast<std::int64_t>(value);
  }

  std::string check_complete() const override {
    const h5::Storage all = h5::storage_of(dataset_, file_.path(), {follow_rule(path()), true});
    std::string found = storage_problem(all);
    if (found.empty()) return "";
    if (!takes_unwritten() || (!all.lost.empty() && path().options.missing != Missing::background))
      refuse_missing(found);
    return found;
  }

  std::vector<std::filesystem::path> files() const override {
    std::vector<std::filesystem::path> all{file_.path()};
    all.insert(all.end(), storage_.files.begin(), storage_.files.end());
    return all;
  }

  std::string state() const override {
    std::string all;
    for (const FileStamp& stamp : stamps_) all += to_string(stamp) + "\n";
    return all;
  }

  /// Of the dataset, as long as it is all in one file: what else somebody stores there is no other input.
  ArrayFingerprint fingerprint() const override {
    const auto content = h5::stored_content(dataset_, file_);
    if (!content) return fingerprint_of_files();
    check_files();
    return {{{"type", to_string(type())},
             {"axes", axes_text()},
             {"layout", content->layout},
             {"bytes", content->bytes},
             {"content", fmt::format("{:016x}", content->checksum)}},
            content->sampled};
  }

  std::size_t piece_bytes() const override {
    return chunks_ && !chunks_->decodes() && dataset_.filters().empty() ? 0 : storage_.largest_chunk;
  }
  std::size_t pieces_at_once() const override {
    return chunks_ && chunks_->decodes() ? chunks_->chunks_at_once() : 1;
  }

 private:
  /// Whether what was never written may be read.
  bool takes_unwritten() const {
    const Missing missing = path().options.missing;
    return missing == Missing::background || (missing == Missing::sparse && fills_with_nothing(dataset_));
  }

  [[noreturn]] void refuse_missing(const std::string& found) const {
    const std::string& key = path().options.missing_key;
    throw InputError({to_string(path()), found, key.empty() ? "a complete volume" : "all of it, or " + key});
  }

  static std::string storage_problem(const h5::Storage& storage) {
    constexpr std::size_t most = 3;
    std::string found;
    for (std::size_t i = 0; i < std::min(most, storage.lost.size()); ++i)
      found += (i == 0 ? "parts of it are missing: " : ", ") + storage.lost[i];
    if (storage.lost.size() > most) found += fmt::format(" and {} more", storage.lost.size() - most);
    if (!found.empty()) return found;
    if (storage.unwritten > 0)
      return fmt::format("{} of its {} chunks were never written", storage.unwritten, storage.chunks);
    return storage.all_unwritten ? "was never written" : "";
  }

  void check_nothing_lost() const {
    if (path().options.missing == Missing::background) return;
    if (!storage_.lost.empty() || (storage_.all_unwritten && !takes_unwritten()))
      refuse_missing(storage_problem(storage_));
  }

  void check_files() const {
    check_unchanged(file_.path(), stamps_.front(), file_.stamp());
    for (std::size_t i = 0; i < storage_.files.size(); ++i)
      check_unchanged(storage_.files[i], stamps_[i + 1], stamp_of(storage_.files[i]));
  }

  void read_part(const StoredPart& part, const Lengths& memory, void* out) const override {
    const h5::Shape begin = to_shape(part.begin), count = to_shape(part.count);
    std::optional<h5::ChunkProblem> problem;
    if (chunks_ && chunks_->decodes()) {
      problem = chunks_->read(begin, count, to_shape(memory), out);
    } else if (chunks_) {
      problem = chunks_->look(begin, count);
    }
    // A file that was cut has lost chunks: first what is the matter.
    check_files();
    if (problem) refuse_chunk(*problem, part);
    if (!chunks_ || !chunks_->decodes()) read_by_library(part, memory, out);
    check_truth(count, to_shape(memory), out, part);
  }

  [[noreturn]] void refuse_chunk(const h5::ChunkProblem& problem, const StoredPart& part) const {
    const std::string found = fmt::format("cannot read {}: the chunk at {} of the dataset {}",
                                          to_string(part.box), fmt::join(problem.begin, ", "), problem.text);
    if (problem.unwritten) refuse_missing(found);
    throw IoError({to_string(path()), found, ""});
  }

  /// h5py's truth values are an enumeration of int8; what other numbers mean nobody can say.
  void check_truth(const h5::Shape& count, const h5::Shape& memory, const void* out,
                   const StoredPart& part) const {
    if (highest_truth_ < 0) return;
    const auto* const values = static_cast<const std::int8_t*>(out);
    const auto all_are = [&](auto&& self, std::size_t axis, std::size_t at) -> bool {
      if (axis == count.size()) return values[at] >= 0 && values[at] <= highest_truth_;
      for (hsize_t i = 0; i < count[axis]; ++i)
        if (!self(self, axis + 1, at * memory[axis] + i)) return false;
      return true;
    };
    if (!all_are(all_are, 0, 0)) refuse_truth(part);
  }

  [[noreturn]] void refuse_truth(const StoredPart& part) const {
    const std::string found = fmt::format("holds truth values below 0 or above {} in ", highest_truth_);
    throw InputError({to_string(path()), found + to_string(part.box), "0 or 1"});
  }

  void read_by_library(const StoredPart& part, const Lengths& memory, void* out) const {
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
    const herr_t status = h5::shielded(subject, [&] {
      return H5Dread(dataset_.id(), memory_type(type()), to.get(), in_file.get(), transfer.get(), out);
    });
    check_files();
    if (misfit) refuse_truth(part);
    h5::check(status, subject, "read " + to_string(part.box));
  }

  h5::File file_;
  h5::Dataset dataset_;
  h5::Storage storage_;
  std::unique_ptr<h5::ChunkReader> chunks_;  // of a chunked dataset
  int highest_truth_ = dataset_.highest_member();
  std::vector<FileStamp> stamps_;  // of files(), when they were opened
};

}  // namespace

std::shared_ptr<const VolumeSource> open_h5_volume(const VolumePath& path) {
  check_is_there(path.file);
  VolumePath whole = path;
  if (path.dataset.empty()) whole.dataset = only_dataset(h5::File::open_read(path.file), path);
  if (!whole.dataset.starts_with('/')) whole.dataset.insert(whole.dataset.begin(), '/');
  h5::Place place = h5::follow_links(path.file, whole.dataset, follow_rule(path));
  const FileStamp before = place.file.stamp();
  h5::Dataset dataset = place.file.dataset(place.dataset, VolumeSource::cache_bytes);
  StoredArray stored = look_at(place, dataset, whole);
  return std::make_shared<const H5Source>(std::move(place.file), std::move(dataset), std::move(stored),
                                          before);
}

void start_h5() {
  h5::start_library();
}

}  // namespace cleft
