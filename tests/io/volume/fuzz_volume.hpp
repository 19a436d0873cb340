#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/array3.hpp"
#include "base/error.hpp"
#include "base/narrow.hpp"
#include "io/h5/file.hpp"
#include "io/h5/volume_attributes.hpp"
#include "io/volume/volume_reader.hpp"

namespace cleft::test {

/// Takes a fuzzer's bytes apart into decisions; zeros where there are no more.
class Decisions {
 public:
  explicit Decisions(std::span<const std::uint8_t> data) : data_(data) {}
  std::size_t below(std::size_t end) { return next() % end; }
  std::string text(std::size_t length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += static_cast<char>(next());
    return text;
  }
  double number() {
    static constexpr std::array<double, 10> odd{
        0, 1, -1, 4, 0.004, 40., 1e-3, 1e300, -1e-9, std::numeric_limits<double>::quiet_NaN()};
    return odd.at(below(odd.size()));
  }

 private:
  std::uint8_t next() { return at_ < data_.size() ? data_[at_++] : std::uint8_t{0}; }
  std::span<const std::uint8_t> data_;
  std::size_t at_ = 0;
};

namespace detail {

inline void write_attributes(h5::Dataset& dataset, Decisions& choose) {
  static const std::array<std::string, 9> names{"axistags", "axes", "resolution", "element_size_um",
                                                "offset",   "unit", "axis_units", "DIMENSION_LABELS",
                                                "missing"};
  static const std::array<std::string, 7> texts{
      R"({"axes": [{"key": "x"}, {"key": "y"}, {"key": "z"}]})",
      R"({"axes": [{"key": "z", "resolution": 4}, {"key": "y"}, {"key": "x"}, {"key": "c"}]})",
      R"({"axes": [{"key": )",
      "zyx",
      "czyx",
      "nm",
      "um"};
  for (std::size_t i = choose.below(4); i > 0; --i) {
    const std::string& name = names.at(choose.below(names.size()));
    const std::size_t kind = choose.below(4);
    if (kind == 0) dataset.set_attribute(name, texts.at(choose.below(texts.size())));
    if (kind == 1) dataset.set_attribute(name, choose.text(1 + choose.below(20)));
    std::vector<double> numbers(1 + choose.below(4));
    for (double& number : numbers) number = choose.number();
    if (kind == 2) dataset.set_attribute(name, numbers);
    if (kind == 3) dataset.set_attribute(name, static_cast<std::int64_t>(choose.below(7)) - 2);
  }
}

/// Chunks as HDF5 writes them, and over some of them bytes that are none.
inline void write_chunks(h5::Dataset& dataset, const h5::Shape& shape, const h5::Shape& chunk,
                         std::size_t element_bytes, Decisions& choose) {
  for (std::size_t i = choose.below(4); i > 0; --i) {
    h5::Shape at;
    std::size_t bytes = element_bytes;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      at.push_back(choose.below((shape[axis] + chunk[axis] - 1) / chunk[axis]) * chunk[axis]);
      bytes *= chunk[axis];
    }
    const std::string stored = choose.text(choose.below(2) == 0 ? bytes : 1 + choose.below(60));
    const auto skipped = static_cast<std::uint32_t>(choose.below(8));
    H5Dwrite_chunk(dataset.id(), H5P_DEFAULT, skipped, at.data(), stored.size(), stored.data());
  }
}

inline void write_volume(h5::File& file, Decisions& choose) {
  static const std::array<hid_t, 12> types{H5T_STD_U8LE,  H5T_STD_I8LE,   H5T_STD_U16LE,  H5T_STD_U16BE,
                                           H5T_STD_I16LE, H5T_STD_U32BE,  H5T_STD_I32LE,  H5T_STD_U64LE,
                                           H5T_STD_I64BE, H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE};
  const hid_t type = types.at(choose.below(types.size()));
  static constexpr std::array<std::size_t, 6> ranks{3, 3, 3, 4, 5, 2};
  h5::Shape shape(ranks.at(choose.below(ranks.size()))), chunk, longest;
  for (hsize_t& length : shape) {
    length = 1 + choose.below(shape.size() > 3 ? 3 : 9);
    longest.push_back(H5S_UNLIMITED);
  }
  const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
  const bool chunked = choose.below(4) != 0;
  if (chunked) {
    for (const hsize_t length : shape) chunk.push_back(1 + choose.below(length + 2));
    H5Pset_chunk(list.get(), static_cast<int>(chunk.size()), chunk.data());
    // Each at most once: what goes through a filter twice is left to HDF5, whose fletcher32 reads out of
    // bounds where a chunk is shorter than a checksum.
    const std::size_t filters = choose.below(8);
    if ((filters & 1U) != 0) H5Pset_shuffle(list.get());
    if ((filters & 2U) != 0) H5Pset_deflate(list.get(), 1);
    if ((filters & 4U) != 0) H5Pset_fletcher32(list.get());
  }
  const h5::Handle space(
      H5Screate_simple(static_cast<int>(shape.size()), shape.data(), chunked ? longest.data() : nullptr),
      "space", "make");
  h5::Dataset dataset(
      h5::Handle(H5Dcreate2(file.id(), "raw", type, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "raw",
                 "create"),
      "raw");
  std::vector<double> values(dataset.element_count());
  for (double& value : values) value = static_cast<double>(choose.below(100));
  if (choose.below(8) != 0) dataset.write(values);
  write_attributes(dataset, choose);
  if (chunked) write_chunks(dataset, shape, chunk, H5Tget_size(type), choose);
}

/// All elements as HDF5 reads them, rounded once to float32.
inline std::vector<float> as_floats(const h5::Dataset& dataset, ElementType type) {
  const auto rounded = [](const auto& values) {
    std::vector<float> floats;
    for (const auto value : values) floats.push_back(static_cast<float>(value));
    return floats;
  };
  if (type == ElementType::uint64) return rounded(dataset.read<std::uint64_t>());
  if (type == ElementType::int64) return rounded(dataset.read<std::int64_t>());
  return rounded(dataset.read<double>());
}

/// What HDF5 reads must be what cleft has read, where the order of axes is that of the file.
inline void compare(const VolumeReader& reader, const View3<const float>& grey) {
  const h5::File file = h5::File::open_read(reader.path().file);
  const h5::Dataset dataset = file.dataset("raw");
  const auto expected = as_floats(dataset, reader.type());
  const Extent extent = reader.extent();
  if (to_size(voxel_count(extent)) != expected.size()) return;  // several channels
  const auto axes = stored_axes(dataset);
  if (axes && axes->letters.find("zyx") == std::string::npos) return;
  std::size_t i = 0;
  for (std::int64_t z = 0; z < extent.z; ++z)
    for (std::int64_t y = 0; y < extent.y; ++y)
      for (std::int64_t x = 0; x < extent.x; ++x, ++i) {
        const float wanted = expected[i];
        const float found = grey.row(z, y)[x];
        if (std::memcmp(&wanted, &found, sizeof(found)) != 0 && !(std::isnan(wanted) && std::isnan(found)) &&
            wanted != found)
          throw std::logic_error("a voxel was read as another number");
      }
}

}  // namespace detail

/// Makes an HDF5 file of a volume as `data` decides: type, shape, chunks, filters, attributes, and chunks
/// with bytes that are none; then does what cleft does with a volume. Any Error is right; a crash, another
/// exception, and a value other than HDF5's are bugs.
/// \returns Whether it was read whole.
inline bool use_volume(std::span<const std::uint8_t> data, const std::filesystem::path& path) {
  Decisions choose(data);
  VolumePath volume{path, "/raw"};
  volume.options.conversion = Conversion::nearest;
  volume.options.missing = choose.below(2) == 0 ? Missing::error : Missing::sparse;
  volume.options.voxel_size_known = choose.below(2) == 0;
  std::filesystem::remove(path);
  h5::write_file(path, [&](h5::File& file) { detail::write_volume(file, choose); });
  try {
    const VolumeReader reader(volume, 0);
    reader.source().check_complete();
    reader.source().fingerprint();
    for (std::size_t channel = 0; channel < reader.channel_count(); ++channel) {
      const VolumeReader of = reader.other_channel(channel);
      auto grey = Array3<float>::uninitialized(of.extent());
      of.read(box_at(GlobalVoxel{}, of.extent()), grey.view());
      if (channel == 0) detail::compare(of, grey.view());
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace cleft::test
