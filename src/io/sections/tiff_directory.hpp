#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files/regular_file.hpp"

namespace cleft {

/// What one directory of a TIFF file says of its page, as it stands there: a library fills in what is
/// missing, corrects what it holds to be wrong, and does not say so. The defaults are those of the TIFF
/// specification.
struct TiffDirectory {
  std::uint64_t offset = 0;  ///< of the directory in the file
  std::uint64_t next = 0;    ///< of the directory after it; 0: this is the last one
  std::int64_t width = 0, height = 0;
  std::uint32_t bits = 1;     ///< of a sample
  std::uint32_t samples = 1;  ///< of a pixel
  std::uint32_t format = 1;   ///< SAMPLEFORMAT_*
  std::uint32_t compression = 1, planar = 1, orientation = 1, old_subfile = 0;
  std::uint32_t subfile = 0;                         ///< NewSubfileType
  std::optional<std::uint32_t> photometric;          ///< has no default
  std::vector<std::uint32_t> extra_samples;          ///< kinds of the samples beyond those of the photometry
  std::vector<std::uint32_t> color_map;              ///< red, then green, then blue of each value, 0 to 65535
  std::int64_t tile_width = 0, tile_height = 0;      ///< 0: in strips
  bool one_piece = true;                             ///< whether its pixels lie in the file without gaps
  std::uint64_t data_begin = 0, data_end = 0;        ///< where the first and the last byte of its pixels are
  std::vector<std::string> descriptions;             ///< ImageDescription, which some programs write twice
  std::optional<double> x_resolution, y_resolution;  ///< pixels per unit
  std::vector<std::int32_t> lsm_sizes;               ///< x, y, z, channels, frames, as Zeiss' LSM has them
  std::vector<double> lsm_voxel_size;                ///< x, y, z in m
  std::uint64_t metamorph_planes = 0;                ///< sections behind the page, as MetaMorph has them

  /// Whether it is a thumbnail, a level of a pyramid or a mask of another page: no section.
  bool beside_another() const { return (subfile & 5U) != 0 || old_subfile == 2; }
};

/// The structure of a TIFF file (classic or BigTIFF, of either byte order), read without libtiff, whose chain
/// of pages ends quietly where the file is damaged.
class TiffFile {
 public:
  /// \throws InputError when there is no such file, or its header is not that of a TIFF file.
  explicit TiffFile(const std::filesystem::path& path);

  /// All directories of the chain, in its order. Each must be readable, hold the fields that a page needs,
  /// and have its pixels within the file; the chain must end where the last one says so.
  /// \throws InputError naming the page where that is not so.
  std::vector<TiffDirectory> directories();
  /// One of them, where an earlier reading found it.
  /// \param page  From 0, for messages.
  TiffDirectory directory(std::uint64_t offset, std::int64_t page);

  std::uint64_t size() const { return file_.size(); }
  bool is_big_endian() const { return big_endian_; }

 private:
  struct Entry {
    std::uint32_t tag = 0, type = 0;
    std::uint64_t count = 0, at = 0;  // where its values are
  };

  [[noreturn]] void fail(std::int64_t page, const std::string& found) const;
  std::string_view bytes(std::uint64_t at, std::size_t count);
  std::uint64_t whole(std::uint64_t at, std::size_t bytes_of_it);
  double real(const Entry& entry, std::uint64_t index);
  std::uint64_t number(const Entry& entry, std::uint64_t index);
  std::uint32_t small(const Entry& entry, std::int64_t page);
  std::vector<std::uint32_t> small_numbers(const Entry& entry, std::int64_t page);
  std::uint32_t same_for_all(const Entry& entry, std::int64_t page, std::string_view what);
  std::vector<Entry> entries(std::uint64_t offset, std::int64_t page, std::uint64_t& next);
  void take(const Entry& entry, std::int64_t page, TiffDirectory& directory);
  bool take_number(const Entry& entry, std::int64_t page, TiffDirectory& directory);
  void take_description(const Entry& entry, std::int64_t page, TiffDirectory& directory);
  void take_lsm(const Entry& entry, TiffDirectory& directory);
  void check_data(const std::vector<Entry>& all, std::int64_t page, TiffDirectory& directory);

  std::filesystem::path path_;
  RegularFile file_;
  bool big_endian_ = false, big_ = false;
  std::uint64_t first_ = 0;
  std::vector<char> window_;  // the bytes read last, from window_begin_
  std::uint64_t window_begin_ = 0;
};

}  // namespace cleft
