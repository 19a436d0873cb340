#include "io/h5/storage.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"
#include "io/h5/chunk_reader.hpp"
#include "io/h5/shield.hpp"

namespace cleft::h5 {
namespace {

void add_file(Storage& storage, const std::filesystem::path& file) {
  auto& files = storage.files;
  if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
}

/// "/a/part1.h5: there is no such file"; nothing when a regular file is there.
std::optional<std::string> why_no_file(const std::filesystem::path& path) {
  try {
    check_regular_file(path, "");
    return std::nullopt;
  } catch (const Error& error) {
    return error.what();
  }
}

/// Looks at external files of raw data: each must be as long as the dataset says.
void look_at_raw_files(const Dataset& dataset, const std::filesystem::path& file, hid_t creation,
                       const FollowRule& rule, Storage& storage) {
  const int count = H5Pget_external_count(creation);
  check(count, dataset.name(), "list its external files");
  const Handle type(H5Dget_type(dataset.id()), dataset.name(), "read its type");
  hsize_t left = dataset.element_count() * H5Tget_size(type.get());
  for (unsigned i = 0; i < narrow<unsigned>(count) && left > 0; ++i) {
    std::string name(4096, '\0');
    off_t begin = 0;
    hsize_t size = 0;
    check(H5Pget_external(creation, i, name.size() - 1, name.data(), &begin, &size), dataset.name(),
          "list its external files");
    name.resize(std::min(name.find('\0'), name.size()));
    const auto path = beside(file, name);
    check_may_follow(dataset.name() + ": its raw data", file, path, rule);
    const hsize_t wanted = std::min(left, size);
    left -= wanted;
    if (auto why = why_no_file(path)) {
      storage.lost.push_back(*std::move(why));
      continue;
    }
    add_file(storage, path);
    const std::uintmax_t there = std::filesystem::file_size(path);
    const auto needed = narrow<std::uintmax_t>(begin) + wanted;
    if (there < needed)
      storage.lost.push_back(
          fmt::format("{}: has {} bytes of the {} that are to be in it", path.string(), there, needed));
  }
  if (left > 0) storage.lost.push_back(fmt::format("{} bytes are in no external file", left));
}

/// A selection of a mapping, as HDF5 counts a regular one.
struct Selection {
  Shape start, stride, count, block;
  bool regular = false;
  std::optional<std::size_t> unlimited;  // the axis along which it has no end
};

Selection selection_of(hid_t space) {
  Selection s;
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank <= 0 || H5Sget_select_type(space) != H5S_SEL_HYPERSLABS || H5Sis_regular_hyperslab(space) <= 0)
    return s;
  for (Shape* values : {&s.start, &s.stride, &s.count, &s.block}) values->resize(to_size(rank));
  s.regular =
      H5Sget_regular_hyperslab(space, s.start.data(), s.stride.data(), s.count.data(), s.block.data()) >= 0;
  for (std::size_t axis = 0; axis < s.count.size(); ++axis)
    if (s.count[axis] == H5S_UNLIMITED || s.block[axis] == H5S_UNLIMITED) s.unlimited = axis;
  return s;
}

/// The names of a source: one, or as many as there are blocks where it is a pattern with %b.
std::vector<std::string> names_of(const std::string& pattern, hsize_t blocks) {
  std::vector<std::string> names;
  for (hsize_t block = 0; block < blocks; ++block) {
    std::string name;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const bool special = pattern[i] == '%' && i + 1 < pattern.size();
      if (special && pattern[i + 1] == 'b')
        name += std::to_string(block);
      else
        name += pattern[i];
      if (special && (pattern[i + 1] == 'b' || pattern[i + 1] == '%')) ++i;
    }
    names.push_back(std::move(name));
  }
  return names;
}

bool is_pattern(const std::string& name) {
  for (std::size_t i = 0; i + 1 < name.size(); ++i)
    if (name[i] == '%' && name[++i] == 'b') return true;
  return false;
}

/// One entry of a virtual dataset: which part of it comes from where.
struct Mapping {
  std::string file, dataset;
  Handle to, from;  // selections in the virtual dataset and in the source
};

Mapping mapping_of(hid_t creation, std::size_t i, const std::string& subject) {
  const auto text = [&](auto get) {
    const ssize_t length = get(creation, i, nullptr, 0);
    check(length, subject, "list its sources");
    std::string value(to_size(length) + 1, '\0');
    check(get(creation, i, value.data(), value.size()), subject, "list its sources");
    value.pop_back();
    return value;
  };
  return {text(H5Pget_virtual_filename), text(H5Pget_virtual_dsetname),
          Handle(H5Pget_virtual_vspace(creation, i), subject, "list its sources"),
          Handle(H5Pget_virtual_srcspace(creation, i), subject, "list its sources")};
}

hsize_t product(const Shape& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), hsize_t{1}, std::multiplies<>());
}

/// Whether a source of this shape holds all that is taken from it.
/// \param wanted  Elements that it fills of the virtual dataset; 0: as many as there are.
bool holds(const Shape& shape, hid_t from, hsize_t wanted) {
  // Of a source that is taken as a whole HDF5 does not record the shape.
  if (H5Sget_select_type(from) == H5S_SEL_ALL) return wanted == 0 || product(shape) == wanted;
  if (H5Sget_simple_extent_ndims(from) != narrow<int>(shape.size())) return false;
  if (selection_of(from).unlimited) return true;  // what there is of it is what is taken
  if (H5Sget_select_npoints(from) == 0) return true;
  Shape first(shape.size()), last(shape.size());
  if (H5Sget_select_bounds(from, first.data(), last.data()) < 0) return false;
  return std::equal(last.begin(), last.end(), shape.begin(), [](auto end, auto is) { return end < is; });
}

/// How many elements of a virtual dataset each source of a mapping fills; 0 where that depends on the source.
hsize_t elements_of(const Selection& to, hid_t selected, bool pattern) {
  if (!to.unlimited) {
    const hssize_t points = H5Sget_select_npoints(selected);
    return points > 0 ? narrow<hsize_t>(points) : 0;
  }
  if (!pattern || to.block[*to.unlimited] == H5S_UNLIMITED) return 0;
  Shape count = to.count;
  count[*to.unlimited] = 1;
  return product(to.block) * product(count);
}

/// What of a source is taken.
struct Taken {
  hid_t from;
  hsize_t elements;  // 0: as many as there are
};

/// Goes through the sources of virtual datasets, and through theirs.
class VirtualSources {
 public:
  explicit VirtualSources(const StorageOptions& options) : options_(options) {}

  void look(const Dataset& dataset, const std::filesystem::path& file, hid_t creation, Storage& storage,
            int depth) {
    constexpr hsize_t most_blocks = 1000000;
    std::size_t count = 0;
    check(H5Pget_virtual_count(creation, &count), dataset.name(), "list its sources");
    const Shape shape = dataset.shape();
    const Handle covered(H5Dget_space(dataset.id()), dataset.name(), "read its shape");
    check(H5Sselect_none(covered.get()), dataset.name(), "look at its sources");
    for (std::size_t i = 0; i < count; ++i) {
      const Mapping mapping = mapping_of(creation, i, dataset.name());
      const Selection to = selection_of(mapping.to.get());
      cover(covered.get(), to, shape, mapping.to.get());
      hsize_t blocks = 1;
      const bool pattern = is_pattern(mapping.file) || is_pattern(mapping.dataset);
      if (pattern)
        blocks = to.unlimited && shape[*to.unlimited] > to.start[*to.unlimited]
                     ? (shape[*to.unlimited] - to.start[*to.unlimited] - 1) / to.stride[*to.unlimited] + 1
                     : 0;
      if (blocks > most_blocks)
        throw InputError({dataset.name(), fmt::format("names {} sources", blocks),
                          fmt::format("at most {}", most_blocks)});
      const hsize_t wanted = elements_of(to, mapping.to.get(), pattern);
      const auto files = names_of(mapping.file, blocks), datasets = names_of(mapping.dataset, blocks);
      for (std::size_t b = 0; b < files.size(); ++b)
        look_at_source(dataset, file, {files[b], datasets[b]}, {mapping.from.get(), wanted}, storage, depth);
    }
    const hssize_t points = H5Sget_select_npoints(covered.get());
    if (points >= 0 && to_size(points) < dataset.element_count())
      storage.lost.push_back(fmt::format("{}: {} of its {} elements are in no source", dataset.name(),
                                         dataset.element_count() - to_size(points), dataset.element_count()));
  }

 private:
  /// Adds what a mapping fills of the virtual dataset, as far as the dataset reaches.
  static void cover(hid_t covered, Selection to, const Shape& shape, hid_t selected) {
    if (H5Sget_select_type(selected) == H5S_SEL_ALL) {
      H5Sselect_all(covered);
      return;
    }
    if (!to.regular || H5Sget_select_type(covered) == H5S_SEL_ALL) {
      if (!to.regular) H5Sselect_all(covered);  // many odd pieces: not looked at
      return;
    }
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      if (to.start[axis] >= shape[axis]) return;
      const hsize_t left = shape[axis] - to.start[axis];
      if (to.block[axis] > left) {
        to.block[axis] = left;
        to.count[axis] = 1;
      }
      to.count[axis] = std::min(to.count[axis], (left - to.block[axis]) / to.stride[axis] + 1);
    }
    H5Sselect_hyperslab(covered, H5S_SELECT_OR, to.start.data(), to.stride.data(), to.count.data(),
                        to.block.data());
  }

  void look_at_source(const Dataset& dataset, const std::filesystem::path& file,
                      const std::pair<std::string, std::string>& named, const Taken& taken, Storage& storage,
                      int depth) {
    ++storage.source_count;
    const bool elsewhere = named.first != ".";
    const auto path = elsewhere ? beside(file, named.first) : file;
    if (elsewhere) check_may_follow(dataset.name() + ": one of its sources", file, path, options_.follow);
    const auto known = seen_.find({path, named.second});
    if (known == seen_.end() && elsewhere) {
      if (auto why = why_no_file(path)) {
        storage.lost.push_back(*why);
        seen_[{path, named.second}] = std::nullopt;
        return;
      }
      add_file(storage, path);
    }
    const std::optional<Shape> shape =
        known == seen_.end() ? open_source(path, named.second, storage, depth) : known->second;
    if (shape && !holds(*shape, taken.from, taken.elements))
      storage.lost.push_back(
          fmt::format("{}:{}: is not as large as what is taken from it", path.string(), named.second));
  }

  /// \returns Its shape; nothing when it is lost.
  std::optional<Shape> open_source(const std::filesystem::path& path, const std::string& name,
                                   Storage& storage, int depth) {
    constexpr int deepest = 16;
    auto& shape = seen_[{path, name}];
    const std::string subject = path.string() + ":" + name;
    const File file = File::open_read(path);
    if (depth > deepest || !file.has_dataset(name)) {
      storage.lost.push_back(subject + ": there is no such dataset");
      return std::nullopt;
    }
    const Dataset source = file.dataset(name);
    shape = source.shape();
    look_at_dataset(source, path, storage, depth + 1);
    return shape;
  }

 public:
  void look_at_dataset(const Dataset& dataset, const std::filesystem::path& file, Storage& storage,
                       int depth) {
    const Handle creation(H5Dget_create_plist(dataset.id()), dataset.name(), "read its layout");
    const H5D_layout_t layout = H5Pget_layout(creation.get());
    if (layout == H5D_VIRTUAL) {
      storage.is_virtual = true;
      look(dataset, file, creation.get(), storage, depth);
    } else if (layout == H5D_CHUNKED) {
      look_at_chunks(dataset, storage, depth);
    } else if (layout == H5D_CONTIGUOUS && H5Pget_external_count(creation.get()) > 0) {
      look_at_raw_files(dataset, file, creation.get(), options_.follow, storage);
    } else if (layout == H5D_CONTIGUOUS && dataset.element_count() > 0 &&
               H5Dget_storage_size(dataset.id()) == 0) {
      if (depth == 0)
        storage.all_unwritten = true;
      else
        storage.lost.push_back(dataset.name() + ": was never written");
    }
  }

 private:
  void look_at_chunks(const Dataset& dataset, Storage& storage, int depth) const {
    const ChunkReader reader(dataset.id(), dataset.name(), 0);
    storage.largest_chunk = std::max(storage.largest_chunk, reader.chunk_bytes());
    if (!options_.count_chunks && depth == 0) return;
    const auto count = reader.count_chunks();
    if (depth == 0) {
      storage.chunks = count.all;
      storage.unwritten = count.unwritten;
      storage.all_unwritten = count.all > 0 && count.unwritten == count.all;
    } else if (count.unwritten > 0) {
      storage.lost.push_back(fmt::format("{}: {} of its {} chunks were never written", dataset.name(),
                                         count.unwritten, count.all));
    }
  }

  const StorageOptions& options_;
  std::map<std::pair<std::filesystem::path, std::string>, std::optional<Shape>> seen_;
};

}  // namespace

Storage storage_of(const Dataset& dataset, const std::filesystem::path& file, const StorageOptions& options) {
  Storage storage;
  VirtualSources(options).look_at_dataset(dataset, file, storage, 0);
  return storage;
}

}  // namespace cleft::h5
