#include "io/h5/chunk_filters.hpp"

#include <functional>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/h5/chunk_reader.hpp"
#include "io/h5/file.hpp"
#include "support/temp_directory.hpp"

namespace cleft {
namespace {

using testing::HasSubstr;

class LibraryFilters : public testing::Test {
 protected:
  LibraryFilters() { h5::start_library(); }
  test::TempDirectory dir;
};

/// Of filters that only HDF5 can undo it does not ask whether they made a whole chunk.
TEST_F(LibraryFilters, OfFiltersOfHdf5sOwnChunksAreLookedAt) {
  const std::vector<std::pair<std::string, std::function<void(hid_t)>>> filters{
      {"scale-offset", [](hid_t list) { H5Pset_scaleoffset(list, H5Z_SO_INT, 0); }},
      {"scale-offset of all bits", [](hid_t list) { H5Pset_scaleoffset(list, H5Z_SO_INT, 16); }},
      {"N-bit", [](hid_t list) { H5Pset_nbit(list); }},
      {"szip", [](hid_t list) { H5Pset_szip(list, H5_SZIP_NN_OPTION_MASK, 8); }}};
  std::vector<std::uint16_t> values(64);
  std::iota(values.begin(), values.end(), std::uint16_t{300});
  for (const auto& [name, set] : filters) {
    const auto stored_as = [&](const std::function<void(std::vector<std::byte>&, unsigned&)>& change) {
      const auto path = dir / "l.h5";
      h5::write_file(path, [&](h5::File& file) {
        const h5::Handle list(H5Pcreate(H5P_DATASET_CREATE), "list", "make");
        const h5::Handle type(H5Tcopy(H5T_STD_U16LE), "type", "make");
        if (name == "N-bit") H5Tset_precision(type.get(), 11);
        const h5::Shape shape{64}, at{0};
        H5Pset_chunk(list.get(), 1, shape.data());
        set(list.get());
        const h5::Handle space(H5Screate_simple(1, shape.data(), nullptr), "space", "make");
        const h5::Handle made(
            H5Dcreate2(file.id(), "d", type.get(), space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT), "d",
            "create");
        ASSERT_GE(H5Dwrite(made.get(), H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
        hsize_t bytes = 0;
        ASSERT_GE(H5Dget_chunk_storage_size(made.get(), at.data(), &bytes), 0);
        std::vector<std::byte> stored(bytes);
        unsigned skipped = 0;
        ASSERT_GE(H5Dread_chunk(made.get(), H5P_DEFAULT, at.data(), &skipped, stored.data()), 0);
        change(stored, skipped);
        ASSERT_GE(H5Dwrite_chunk(made.get(), H5P_DEFAULT, skipped, at.data(), stored.size(), stored.data()),
                  0);
      });
      const auto file = h5::File::open_read(path);
      const auto dataset = file.dataset("d");
      h5::ChunkReader reader(dataset.id(), dataset.name(), 0);
      EXPECT_FALSE(reader.decodes()) << name;
      const auto part = reader.look({3}, {2}), all = reader.look_at_all();
      EXPECT_EQ(part.has_value(), all.has_value());
      return part ? part->text : std::string();
    };
    const auto same = [](std::vector<std::byte>&, unsigned&) {};
    if (name == "szip" && H5Zfilter_avail(H5Z_FILTER_SZIP) <= 0) continue;
    EXPECT_EQ(stored_as(same), "") << name;
    EXPECT_EQ(stored_as([](auto& bytes, auto& skipped) { bytes.resize(128), skipped = 1; }), "") << name;
    EXPECT_THAT(stored_as([](auto& bytes, auto& skipped) { bytes.resize(127), skipped = 1; }),
                HasSubstr("holds 127 bytes; its shape has 128"))
        << name;
    EXPECT_THAT(stored_as([](auto& bytes, auto&) { bytes.resize(3); }), HasSubstr("holds ")) << name;
    if (name == "szip") {
      EXPECT_THAT(stored_as([](auto& bytes, auto&) { bytes[0] = std::byte{126}; }),
                  HasSubstr("holds 126 bytes of the 128 of its shape"));
    } else if (name == "scale-offset") {
      EXPECT_THAT(stored_as([](auto& bytes, auto&) { bytes.resize(21 + 55); }),
                  HasSubstr("holds 76 bytes, scaled and offset; its shape needs 77"));
      EXPECT_THAT(stored_as([](auto& bytes, auto&) { bytes[0] = std::byte{17}; }),
                  HasSubstr("states 17 bits for numbers of 16"));
    } else if (name == "N-bit") {
      EXPECT_THAT(stored_as([](auto& bytes, auto&) { bytes.resize(87); }),
                  HasSubstr("holds 87 bytes, packed as N-bit; its shape needs 88"));
    }
  }
}

}  // namespace
}  // namespace cleft
