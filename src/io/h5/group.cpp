#include "io/h5/group.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/narrow.hpp"
#include "base/text/nearest.hpp"
#include "io/h5/contents.hpp"
#include "io/h5/shield.hpp"
#include "io/h5/strings.hpp"

namespace cleft::h5 {
namespace {

/// "volumes/raw" and "/volumes/raw" from the root are the same place: one leading '/' in messages.
std::string rooted(const std::string& path) {
  return path.starts_with('/') ? path : "/" + path;
}

/// What is at a path; nothing where a name on the way is missing, or where it leads to another file. Goes
/// from name to name: from the root to each of them anew would take long in a deep file.
std::optional<Handle> object_at(hid_t from, const std::string& path, const std::string& subject) {
  Handle at(H5Oopen(from, path.starts_with('/') ? "/" : ".", H5P_DEFAULT), subject, "open");
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (H5Iget_type(at.get()) != H5I_GROUP) return std::nullopt;
    const hid_t next = shielded(subject, [&] {
      return H5Lexists(at.get(), name.c_str(), H5P_DEFAULT) > 0 &&
                     H5Oexists_by_name(at.get(), name.c_str(), H5P_DEFAULT) > 0
                 ? H5Oopen(at.get(), name.c_str(), H5P_DEFAULT)
                 : H5I_INVALID_HID;
    });
    if (next < 0) return std::nullopt;
    at = Handle(next, subject, "open");
  }
  return at;
}

bool is_at(hid_t from, const std::string& path, H5I_type_t kind, const std::string& subject) {
  const auto object = object_at(from, path, subject);
  return object && H5Iget_type(object->get()) == kind;
}

herr_t list_member(hid_t, const char* name, const H5L_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->emplace_back(name);
  return 0;
}

/// Makes the groups that are missing on the way to what a path names, without times as datasets are.
void make_groups_above(hid_t from, const std::string& path, const std::string& subject) {
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), subject, "prepare");
  check(H5Pset_obj_track_times(creation.get(), false), subject, "prepare");
  Handle at(H5Oopen(from, path.starts_with('/') ? "/" : ".", H5P_DEFAULT), subject, "open");
  for (std::size_t begin = 0, end = path.find('/'); end != std::string::npos; end = path.find('/', begin)) {
    const std::string name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty()) continue;
    const bool exists = H5Lexists(at.get(), name.c_str(), H5P_DEFAULT) > 0;
    at = Handle(exists ? H5Gopen2(at.get(), name.c_str(), H5P_DEFAULT)
                       : H5Gcreate2(at.get(), name.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                subject, "create a group above it");
  }
}

/// Times are not recorded: two runs that compute the same write the same bytes.
Handle dataset_creation(const Layout& layout, const std::string& subject) {
  Handle list(H5Pcreate(H5P_DATASET_CREATE), subject, "prepare");
  check(H5Pset_obj_track_times(list.get(), false), subject, "prepare");
  if (!layout.chunks.empty())
    check(H5Pset_chunk(list.get(), narrow<int>(layout.chunks.size()), layout.chunks.data()), subject,
          "set its chunks");
  if (layout.shuffle) check(H5Pset_shuffle(list.get()), subject, "set its filter");
  if (layout.gzip > 0)
    check(H5Pset_deflate(list.get(), narrow<unsigned>(layout.gzip)), subject, "set its filter");
  if (layout.reserve) {
    check(H5Pset_alloc_time(list.get(), H5D_ALLOC_TIME_EARLY), subject, "reserve its space");
    // Reserved space is not filled: that would write everything twice. Compressed chunks are: it costs next
    // to nothing, VolumeWriter::write_collective leaves out chunks of zeros, and else what lies in a chunk
    // beyond the volume's end would be whatever was in memory.
    const H5D_fill_time_t fill = layout.gzip > 0 ? H5D_FILL_TIME_ALLOC : H5D_FILL_TIME_NEVER;
    check(H5Pset_fill_time(list.get(), fill), subject, "reserve its space");
  }
  return list;
}

/// What to say when nothing that can be read as a dataset is at `subject`.
InputError no_such_dataset(const Group& group, const std::string& path, const std::string& subject) {
  constexpr std::size_t enough = 20;
  const auto known = group.dataset_paths(enough);
  const std::string found = group.exists(path) ? "is not a dataset" : "there is no such dataset";
  if (known.empty()) return InputError({subject, found + ", and the file has none", ""});
  const std::string list = fmt::format("{}{}", fmt::join(known, ", "), known.size() < enough ? "" : ", ...");
  if (known.size() == 1) return InputError({subject, found, list});
  return InputError(
      {subject, found, fmt::format("one of {} (nearest: {})", list, nearest(rooted(path), known))});
}

}  // namespace

std::string Group::full_name(const std::string& path) const {
  if (path.starts_with('/')) return file_ + ":" + path;
  return name_.ends_with('/') ? name_ + path : name_ + "/" + path;
}

bool Group::exists(const std::string& path) const {
  return object_at(id(), path, name_).has_value();
}

bool Group::has_dataset(const std::string& path) const {
  return is_at(id(), path, H5I_DATASET, name_);
}

std::vector<std::string> Group::members() const {
  std::vector<std::string> names;
  check(H5Literate(id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, list_member, &names), name_, "list");
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Group::dataset_paths(std::size_t limit) const {
  return contents_of(*this, limit).datasets;
}

Group Group::group(const std::string& path) const {
  if (!is_at(id(), path, H5I_GROUP, name_)) throw InputError({full_name(path), "there is no such group", ""});
  return {Handle(H5Gopen2(id(), path.c_str(), H5P_DEFAULT), full_name(path), "open"), full_name(path), file_};
}

Dataset Group::dataset(const std::string& path, std::size_t cache_bytes) const {
  const std::string subject = full_name(path);
  if (!has_dataset(path)) throw no_such_dataset(*this, path, subject);
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), subject, "prepare");
  // Of virtual sources that are named by a pattern HDF5 counts no further than to the first that is missing;
  // a volume would just be shorter.
  constexpr hsize_t most_missing_in_a_row = 100;
  check(H5Pset_virtual_printf_gap(access.get(), most_missing_in_a_row), subject, "prepare");
  if (cache_bytes > 0) {
    // A prime near a hundred slots for each chunk that fits, as HDF5's manual advises, is more than small
    // chunks need.
    constexpr std::size_t slots = 12421;
    check(H5Pset_chunk_cache(access.get(), slots, cache_bytes, H5D_CHUNK_CACHE_W0_DEFAULT), subject,
          "set its cache");
  }
  return {
      Handle(shielded(subject, [&] { return H5Dopen2(id(), path.c_str(), access.get()); }), subject, "open"),
      subject};
}

Group Group::create_group(const std::string& path) {
  const std::string subject = full_name(path);
  make_groups_above(id(), path + "/", subject);
  return {Handle(H5Gopen2(id(), path.c_str(), H5P_DEFAULT), subject, "create"), subject, file_};
}

Dataset Group::create_dataset(const std::string& path, hid_t type, const Shape& shape, const Layout& layout) {
  const std::string subject = full_name(path);
  make_groups_above(id(), path, subject);
  const Handle creation = dataset_creation(layout, subject);
  const Handle space(H5Screate_simple(narrow<int>(shape.size()), shape.data(), nullptr), subject, "shape");
  return {Handle(H5Dcreate2(id(), path.c_str(), type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                 subject, "create"),
          subject};
}

Dataset Group::write(const std::string& path, const std::vector<std::string>& texts) {
  Dataset dataset = create_dataset(path, variable_string_type(full_name(path)).get(), {texts.size()});
  std::vector<const char*> pointers;
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  if (!pointers.empty())
    dataset.write_as(variable_string_type(dataset.name()).get(), static_cast<const void*>(pointers.data()));
  return dataset;
}

void Group::write_text(const std::string& path, const std::string& text) {
  const char* pointer = text.c_str();
  Dataset dataset = create_dataset(path, variable_string_type(full_name(path)).get(), {});
  dataset.write_as(variable_string_type(dataset.name()).get(), static_cast<const void*>(&pointer));
}

void Group::remove(const std::string& path) {
  if (exists(path)) check(H5Ldelete(id(), path.c_str(), H5P_DEFAULT), full_name(path), "remove it");
}

std::string Group::first_with_axes(std::size_t axes) const {
  constexpr std::size_t most = 1000;
  const auto paths = contents_of(*this, most).datasets;
  for (const std::string& path : paths) try {
      const Dataset found = dataset(path);
      const H5T_class_t kind = found.type_class();
      if (found.shape().size() >= axes && (kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM))
        return path;
    } catch (const Error&) {
      if (library_has_crashed()) throw;
      continue;  // a damaged one is nobody's volume
    }
  return paths.front();
}

}  // namespace cleft::h5
