#include "io/sections/tiff_directory.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <unordered_set>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr std::uint64_t most_bytes_of_a_text = std::uint64_t{64} << 20U;
constexpr std::uint64_t most_entries = 4096;

// Numbers of fields, as the specification of TIFF 6.0 and its supplements have them.
namespace tag {
constexpr std::uint32_t subfile = 254, old_subfile = 255, width = 256, height = 257, bits = 258,
                        compression = 259, photometric = 262, description = 270, strip_offsets = 273,
                        orientation = 274, samples = 277, strip_bytes = 279, x_resolution = 282,
                        y_resolution = 283, planar = 284, color_map = 320, tile_width = 322,
                        tile_height = 323, tile_offsets = 324, tile_bytes = 325, extra_samples = 338,
                        format = 339, metamorph = 33629, lsm = 34412;
}  // namespace tag

/// Bytes of a value of each type of a field; 0 for none that is known.
std::size_t bytes_of_type(std::uint32_t type) {
  constexpr std::array<std::size_t, 19> bytes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < bytes.size() ? bytes[type] : 0;
}

}  // namespace

TiffFile::TiffFile(const std::filesystem::path& path) : path_(path), file_(path, "a TIFF file") {
  if (size() < 8) fail(0, fmt::format("is a damaged TIFF file: it has {} bytes", size()));
  big_endian_ = bytes(0, 1)[0] == 'M';
  const std::uint64_t version = whole(2, 2);
  big_ = version == 43;
  if ((version != 42 && !big_) || (big_ && (size() < 16 || whole(4, 2) != 8 || whole(6, 2) != 0)))
    fail(0, "is a damaged TIFF file: its header is not that of one");
  first_ = big_ ? whole(8, 8) : whole(4, 4);
  if (first_ == 0) fail(0, "is a damaged TIFF file: it has no page");
}

void TiffFile::fail(std::int64_t page, const std::string& found) const {
  throw InputError(
      {page == 0 ? path_.string() : fmt::format("{} page {}", path_.string(), page + 1), found, ""});
}

/// \pre count is at most 64 KiB, and [at, at + count) lies within the file.
std::string_view TiffFile::bytes(std::uint64_t at, std::size_t count) {
  constexpr std::size_t window = std::size_t{1} << 16U;
  if (at < window_begin_ || at + count > window_begin_ + window_.size()) {
    window_.resize(window);
    window_begin_ = at;
    std::size_t got = 0;
    while (got < window) {
      const ssize_t read =
          ::pread(file_.descriptor(), window_.data() + got, window - got, narrow<off_t>(at + got));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0)
        throw IoError({path_.string(), "cannot be read: " + std::generic_category().message(errno), ""});
      if (read == 0) break;
      got += to_size(read);
    }
    window_.resize(got);
    if (got < count) fail(0, "became shorter while it was read");
  }
  return {window_.data() + (at - window_begin_), count};
}

/// A whole number without a sign, in the file's byte order.
std::uint64_t TiffFile::whole(std::uint64_t at, std::size_t bytes_of_it) {
  const std::string_view text = bytes(at, bytes_of_it);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes_of_it; ++i) {
    const auto byte = static_cast<unsigned char>(text[big_endian_ ? i : bytes_of_it - 1 - i]);
    value = value << 8U | byte;
  }
  return value;
}

/// A value of a field that is a whole number; nothing else is taken for one.
std::uint64_t TiffFile::number(const Entry& entry, std::uint64_t index) {
  constexpr std::array<std::uint32_t, 7> whole_types{1, 3, 4, 7, 13, 16, 18};
  if (std::find(whole_types.begin(), whole_types.end(), entry.type) == whole_types.end())
    fail(0, fmt::format("is damaged: field {} holds values of type {}", entry.tag, entry.type));
  const std::size_t size = bytes_of_type(entry.type);
  return whole(entry.at + index * size, size);
}

/// A rational or floating-point number.
double TiffFile::real(const Entry& entry, std::uint64_t index) {
  constexpr std::uint32_t rational = 5, float32 = 11, float64 = 12;
  const std::uint64_t at = entry.at + index * bytes_of_type(entry.type);
  if (entry.type == float32) return std::bit_cast<float>(narrow<std::uint32_t>(whole(at, 4)));
  if (entry.type == float64) return std::bit_cast<double>(whole(at, 8));
  if (entry.type == rational)
    return static_cast<double>(whole(at, 4)) / static_cast<double>(whole(at + 4, 4));
  return std::numeric_limits<double>::quiet_NaN();
}

std::uint32_t TiffFile::small(const Entry& entry, std::int64_t page) {
  const std::uint64_t value = entry.count == 0 ? 0 : number(entry, 0);
  if (entry.count == 0 || value > std::numeric_limits<std::uint32_t>::max())
    fail(page, fmt::format("is damaged: field {} is no number that fits", entry.tag));
  return narrow<std::uint32_t>(value);
}

std::vector<std::uint32_t> TiffFile::small_numbers(const Entry& entry, std::int64_t page) {
  constexpr std::uint64_t most = std::uint64_t{3} << 16U;
  if (entry.count > most)
    fail(page, fmt::format("is damaged: field {} has {} values", entry.tag, entry.count));
  std::vector<std::uint32_t> values;
  for (std::uint64_t i = 0; i < entry.count; ++i)
    values.push_back(narrow<std::uint32_t>(std::min<std::uint64_t>(number(entry, i), 0xFFFFFFFFU)));
  return values;
}

/// A field that has a value for each sample of a pixel.
std::uint32_t TiffFile::same_for_all(const Entry& entry, std::int64_t page, std::string_view what) {
  const auto values = small_numbers(entry, page);
  if (values.empty()) return small(entry, page);
  for (const std::uint32_t value : values)
    if (value != values.front())
      fail(page, fmt::format("has samples of different {}: {} and {}", what, values.front(), value));
  return values.front();
}

std::vector<TiffFile::Entry> TiffFile::entries(std::uint64_t offset, std::int64_t page, std::uint64_t& next) {
  const std::size_t count_bytes = big_ ? 8 : 2, entry_bytes = big_ ? 20 : 12, place_bytes = big_ ? 8 : 4;
  const auto damaged = [&](const std::string& how) {
    fail(page, "cannot be read: " + how + " (the file is cut short or damaged)");
  };
  if (offset >= size() || size() - offset < count_bytes)
    damaged(fmt::format("it would begin at byte {} of {}", offset, size()));
  const std::uint64_t count = whole(offset, count_bytes);
  if (count == 0 || count > most_entries) damaged(fmt::format("its directory claims {} fields", count));
  const std::uint64_t first = offset + count_bytes;
  if (size() - first < count * entry_bytes + place_bytes)
    damaged(fmt::format("its directory of {} fields does not end within the file", count));
  std::vector<Entry> all;
  for (std::uint64_t at = first; at < first + count * entry_bytes; at += entry_bytes) {
    Entry entry{narrow<std::uint32_t>(whole(at, 2)), narrow<std::uint32_t>(whole(at + 2, 2)),
                whole(at + 4, place_bytes), at + 4 + place_bytes};
    const std::size_t value_bytes = bytes_of_type(entry.type);
    if (value_bytes == 0) continue;  // the specification wants unknown types to be passed over
    if (entry.count > place_bytes / value_bytes) {
      entry.at = whole(entry.at, place_bytes);
      if (entry.at > size() || entry.count > (size() - entry.at) / value_bytes)
        damaged(fmt::format("the values of field {} do not lie within the file", entry.tag));
    }
    all.push_back(entry);
  }
  next = whole(first + count * entry_bytes, place_bytes);
  return all;
}

/// Zeiss' LSM: magic number, bytes, then numbers of voxels and, further on, their sizes.
void TiffFile::take_lsm(const Entry& entry, TiffDirectory& directory) {
  constexpr std::uint64_t first_size = 8, first_length = 40;
  if (entry.count < first_length + 24) return;
  for (std::uint64_t i = 0; i < 5; ++i)
    directory.lsm_sizes.push_back(
        std::bit_cast<std::int32_t>(narrow<std::uint32_t>(whole(entry.at + first_size + 4 * i, 4))));
  for (std::uint64_t i = 0; i < 3; ++i)
    directory.lsm_voxel_size.push_back(std::bit_cast<double>(whole(entry.at + first_length + 8 * i, 8)));
}

/// Takes the fields that are one small number.
/// \returns Whether this is one.
bool TiffFile::take_number(const Entry& entry, std::int64_t page, TiffDirectory& directory) {
  switch (entry.tag) {
    case tag::width:
      directory.width = small(entry, page);
      return true;
    case tag::height:
      directory.height = small(entry, page);
      return true;
    case tag::tile_width:
      directory.tile_width = small(entry, page);
      return true;
    case tag::tile_height:
      directory.tile_height = small(entry, page);
      return true;
    case tag::subfile:
      directory.subfile = small(entry, page);
      return true;
    case tag::old_subfile:
      directory.old_subfile = small(entry, page);
      return true;
    case tag::compression:
      directory.compression = small(entry, page);
      return true;
    case tag::photometric:
      directory.photometric = small(entry, page);
      return true;
    case tag::orientation:
      directory.orientation = small(entry, page);
      return true;
    case tag::samples:
      directory.samples = small(entry, page);
      return true;
    case tag::planar:
      directory.planar = small(entry, page);
      return true;
    default:
      return false;
  }
}

void TiffFile::take_description(const Entry& entry, std::int64_t page, TiffDirectory& directory) {
  if (entry.count > most_bytes_of_a_text) fail(page, "has a description of more than 64 MiB");
  std::string text;
  constexpr std::uint64_t step = 1U << 12U;
  for (std::uint64_t i = 0; i < entry.count; i += step)
    text += bytes(entry.at + i, to_size(std::min(step, entry.count - i)));
  directory.descriptions.push_back(text.substr(0, text.find('\0')));
}

void TiffFile::take(const Entry& entry, std::int64_t page, TiffDirectory& directory) {
  if (take_number(entry, page, directory)) return;
  switch (entry.tag) {
    case tag::bits:
      directory.bits = same_for_all(entry, page, "numbers of bits");
      break;
    case tag::format:
      directory.format = same_for_all(entry, page, "formats");
      break;
    case tag::extra_samples:
      directory.extra_samples = small_numbers(entry, page);
      break;
    case tag::color_map:
      directory.color_map = small_numbers(entry, page);
      break;
    case tag::x_resolution:
      if (entry.count > 0) directory.x_resolution = real(entry, 0);
      break;
    case tag::y_resolution:
      if (entry.count > 0) directory.y_resolution = real(entry, 0);
      break;
    case tag::metamorph:
      directory.metamorph_planes = entry.count;
      break;
    case tag::lsm:
      take_lsm(entry, directory);
      break;
    case tag::description:
      take_description(entry, page, directory);
      break;
    default:
      break;
  }
}

/// Where the pixels are. Strips of no bytes are left to libtiff, which refuses them or knows their length.
void TiffFile::check_data(const std::vector<Entry>& all, std::int64_t page, TiffDirectory& directory) {
  const auto find = [&](std::uint32_t one, std::uint32_t other) -> const Entry* {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Entry& e) { return e.tag == one || e.tag == other; });
    return found == all.end() ? nullptr : &*found;
  };
  const Entry* const places = find(tag::strip_offsets, tag::tile_offsets);
  const Entry* const lengths = find(tag::strip_bytes, tag::tile_bytes);
  if (directory.width <= 0 || directory.height <= 0 || places == nullptr || places->count == 0)
    fail(page,
         "cannot be read: its directory lacks width, height or the place of its pixels (the file is "
         "damaged)");
  // What one strip without compression holds follows from its size; some programs state another one.
  const bool plain = places->count == 1 && directory.compression == 1 && directory.tile_width == 0;
  const auto row_bits =
      static_cast<double>(directory.width) * directory.bits * (directory.planar == 2 ? 1 : directory.samples);
  directory.data_begin = number(*places, 0);
  for (std::uint64_t i = 0; i < places->count; ++i) {
    const std::uint64_t begin = number(*places, i);
    const std::uint64_t stated = lengths != nullptr && i < lengths->count ? number(*lengths, i) : 0;
    const double length =
        plain ? row_bits / 8 * static_cast<double>(directory.height) : static_cast<double>(stated);
    const double end = static_cast<double>(begin) + length;
    if (end > static_cast<double>(size()))
      fail(page,
           fmt::format("cannot be read: its pixels would end at byte {:.0f} of {} (the file is cut short "
                       "or damaged)",
                       end, size()));
    directory.one_piece = directory.one_piece && (i == 0 || begin == directory.data_end);
    directory.data_end = std::max(directory.data_end, static_cast<std::uint64_t>(end));
  }
}

TiffDirectory TiffFile::directory(std::uint64_t offset, std::int64_t page) {
  TiffDirectory directory;
  directory.offset = offset;
  const auto all = entries(offset, page, directory.next);
  std::unordered_set<std::uint32_t> seen;  // a field that is there twice: the first counts, as for libtiff
  for (const Entry& entry : all)
    if (seen.insert(entry.tag).second || entry.tag == tag::description) take(entry, page, directory);
  check_data(all, page, directory);
  return directory;
}

std::vector<TiffDirectory> TiffFile::directories() {
  std::vector<TiffDirectory> all;
  std::unordered_set<std::uint64_t> seen;
  for (std::uint64_t next = first_; next != 0; next = all.back().next) {
    const auto page = narrow<std::int64_t>(all.size());
    if (!seen.insert(next).second)
      fail(page,
           "cannot be read: it is a page that was there before, so that the pages never end (the file "
           "is damaged)");
    all.push_back(directory(next, page));
  }
  return all;
}

}  // namespace cleft
