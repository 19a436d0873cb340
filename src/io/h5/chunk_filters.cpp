#include "io/h5/chunk_filters.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include <fmt/format.h>
#define ZLIB_CONST  // what is inflated is not written to
#include <zlib.h>

#include "base/narrow.hpp"

namespace cleft::h5 {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t checksum_bytes = 4;

template <std::size_t size>
void unshuffle_elements(const std::byte* in, std::size_t count, std::byte* out) {
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t b = 0; b < size; ++b) out[i * size + b] = in[b * count + i];
}

/// Brings the bytes of each element together again; what is left behind the last whole element stays as it
/// is.
void unshuffle(Bytes in, std::size_t size, std::span<std::byte> out) {
  const std::size_t count = in.size() / size;
  if (size == 2)
    unshuffle_elements<2>(in.data(), count, out.data());
  else if (size == 4)
    unshuffle_elements<4>(in.data(), count, out.data());
  else if (size == 8)
    unshuffle_elements<8>(in.data(), count, out.data());
  else
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t b = 0; b < size; ++b) out[i * size + b] = in[b * count + i];
  std::copy(in.begin() + narrow<std::ptrdiff_t>(count * size), in.end(),
            out.begin() + narrow<std::ptrdiff_t>(count * size));
}

/// Fletcher's checksum of big-endian 16-bit words, as HDF5 computes it.
std::uint32_t fletcher32(Bytes bytes) {
  constexpr std::size_t words_without_overflow = 360;
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  const auto folded = [](std::uint32_t sum) { return (sum & 0xffffU) + (sum >> 16U); };
  std::uint32_t first = 0, second = 0;
  const std::size_t words = bytes.size() / 2;
  for (std::size_t begin = 0; begin < words; begin += words_without_overflow) {
    const std::size_t end = std::min(words, begin + words_without_overflow);
    for (std::size_t w = begin; w < end; ++w) {
      first += at(2 * w) << 8U | at(2 * w + 1);
      second += first;
    }
    first = folded(first);
    second = folded(second);
  }
  if (bytes.size() % 2 != 0) {
    first = folded(first + (at(bytes.size() - 1) << 8U));
    second = folded(second + first);
  }
  return folded(second) << 16U | folded(first);
}

bool has_its_checksum(Bytes bytes) {
  std::uint32_t stored = 0;
  for (std::size_t i = 0; i < checksum_bytes; ++i)
    stored |= std::to_integer<std::uint32_t>(bytes[bytes.size() - checksum_bytes + i]) << 8U * i;
  const std::uint32_t computed = fletcher32(bytes.first(bytes.size() - checksum_bytes));
  // HDF5 before 1.6.3 stored its halves with their bytes exchanged.
  const std::uint32_t old = (computed & 0x00ff00ffU) << 8U | (computed & 0xff00ff00U) >> 8U;
  return stored == computed || stored == old;
}

/// Inflates into `out`, which it must fill exactly.
std::optional<std::string> inflate_all(Bytes in, std::span<std::byte> out) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return "there is no memory to inflate it";
  int status = Z_OK;
  std::size_t taken = 0, made = 0;
  std::byte beyond{};  // room for one byte too many
  while (status == Z_OK) {
    constexpr std::size_t step = std::size_t{1} << 30U;  // zlib counts in 32 bits
    const std::size_t give = std::min(step, in.size() - taken), room = std::min(step, out.size() - made);
    const bool full = made == out.size();
    stream.next_in = reinterpret_cast<const Bytef*>(in.data() + taken);
    stream.avail_in = narrow<uInt>(give);
    stream.next_out = reinterpret_cast<Bytef*>(full ? &beyond : out.data() + made);
    stream.avail_out = full ? 1 : narrow<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    taken += give - stream.avail_in;
    const std::size_t got = (full ? 1 : room) - stream.avail_out;
    made += got;
    if (made > out.size()) break;
    if (got == 0 && give == stream.avail_in) break;  // no progress: its end is missing
  }
  inflateEnd(&stream);
  if (made > out.size()) return fmt::format("holds more than the {} bytes of its shape", out.size());
  if (status != Z_STREAM_END) return "cannot be inflated";
  if (made < out.size()) return fmt::format("holds {} bytes of the {} of its shape", made, out.size());
  return std::nullopt;
}

/// Unpacks LZF (Marc Lehmann's LibLZF) into `out`, which it must fill exactly. A byte below 32 says how many
/// bytes follow as they are, less one; any other one begins a copy of what is already there: 3 bits of length
/// (7: a byte of it follows), 13 bits of how far back.
std::optional<std::string> unpack_lzf(Bytes in, std::span<std::byte> out) {
  constexpr std::size_t longest_short_copy = 7;
  std::size_t at = 0, made = 0;
  const auto next = [&] { return std::to_integer<std::size_t>(in[at++]); };
  while (at < in.size()) {
    const std::size_t control = next();
    if (control < 32) {
      const std::size_t count = control + 1;
      if (count > in.size() - at || count > out.size() - made) return "cannot be unpacked";
      std::copy_n(in.data() + at, count, out.data() + made);
      at += count;
      made += count;
      continue;
    }
    std::size_t count = control >> 5U;
    if (in.size() - at < (count == longest_short_copy ? 2U : 1U)) return "cannot be unpacked";
    if (count == longest_short_copy) count += next();
    count += 2;
    const std::size_t back = ((control & 31U) << 8U | next()) + 1;
    if (back > made || count > out.size() - made) return "cannot be unpacked";
    for (; count > 0; --count, ++made) out[made] = out[made - back];  // it may reach into what it makes
  }
  if (made < out.size()) return fmt::format("holds {} bytes of the {} of its shape", made, out.size());
  return std::nullopt;
}

constexpr H5Z_filter_t lzf_filter = 32000;  // as h5py has registered it

std::uint32_t first_number(Bytes bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < sizeof(number); ++i)
    number |= std::to_integer<std::uint32_t>(bytes[i]) << 8U * i;
  return number;
}

std::size_t bytes_for(std::size_t count, std::size_t bits) {
  return (count * bits + 7) / 8;
}

std::string of_another_shape() {
  return "goes through a filter whose settings are for another shape";
}

/// Scale-offset (H5Zscaleoffset.c): how many bits each number has, 17 bytes of other things, the numbers.
std::optional<std::string> problem_of_scale_offset(Bytes stored, const std::vector<unsigned>& settings,
                                                   std::size_t chunk_bytes) {
  constexpr std::size_t header = 21, factor = 1, count = 2, kind = 3, size = 4;
  constexpr unsigned whole_numbers = 0;
  if (settings.size() <= size || std::size_t{settings[count]} * settings[size] != chunk_bytes)
    return of_another_shape();
  const std::size_t all_bits = std::size_t{8} * settings[size];
  if (settings[kind] == whole_numbers && settings[factor] == all_bits) {  // as they are, without a header
    if (stored.size() >= chunk_bytes) return std::nullopt;
    return fmt::format("holds {} bytes; its shape has {}", stored.size(), chunk_bytes);
  }
  const std::size_t bits = stored.size() < header ? 0 : first_number(stored);
  if (bits > all_bits) return fmt::format("states {} bits for numbers of {}", bits, all_bits);
  const std::size_t needed = header + bytes_for(settings[count], bits);
  if (stored.size() >= needed) return std::nullopt;
  return fmt::format("holds {} bytes, scaled and offset; its shape needs {}", stored.size(), needed);
}

/// N-bit (H5Znbit.c) of numbers: the bits of one after the other.
std::optional<std::string> problem_of_n_bit(Bytes stored, const std::vector<unsigned>& settings,
                                            std::size_t chunk_bytes) {
  constexpr std::size_t as_it_is = 1, count = 2, kind = 3, size = 4, precision = 6;
  constexpr unsigned number = 1;
  if (settings.size() <= count) return of_another_shape();
  std::size_t needed = chunk_bytes;
  if (settings[as_it_is] == 0) {
    if (settings.size() <= precision || settings[kind] != number ||
        std::size_t{settings[count]} * settings[size] != chunk_bytes)
      return of_another_shape();
    needed = bytes_for(settings[count], settings[precision]);
  }
  if (stored.size() >= needed) return std::nullopt;
  return fmt::format("holds {} bytes, packed as N-bit; its shape needs {}", stored.size(), needed);
}

/// szip (H5Zszip.c): how many bytes it makes, then what makes them.
std::optional<std::string> problem_of_szip(Bytes stored, std::size_t chunk_bytes) {
  const std::size_t made = stored.size() < sizeof(std::uint32_t) ? 0 : first_number(stored);
  if (made == chunk_bytes) return std::nullopt;
  return fmt::format("holds {} bytes of the {} of its shape", made, chunk_bytes);
}

}  // namespace

LibraryFilters::LibraryFilters(hid_t dataset, const std::string& name, std::size_t chunk_bytes)
    : chunk_bytes_(chunk_bytes) {
  const Handle list(H5Dget_create_plist(dataset), name, "read its filters");
  const int count = H5Pget_nfilters(list.get());
  check(count, name, "read its filters");
  count_ = narrow<unsigned>(count);
  if (count_ != 1) return;
  constexpr std::size_t most_settings = 64;
  settings_.resize(most_settings);
  unsigned flags = 0;
  std::size_t found = settings_.size();
  only_ = H5Pget_filter2(list.get(), 0, &flags, &found, settings_.data(), 0, nullptr, nullptr);
  check(only_, name, "read its filters");
  settings_.resize(std::min(found, most_settings));
}

std::size_t LibraryFilters::most_stored_bytes() const {
  constexpr std::size_t slack = std::size_t{1} << 16U;
  return 2 * chunk_bytes_ + slack;
}

std::optional<std::string> LibraryFilters::problem_of(Bytes stored, unsigned skipped) const {
  const unsigned all = count_ < 32 ? (1U << count_) - 1 : ~0U;
  if ((skipped & all) == all) {
    if (stored.size() == chunk_bytes_) return std::nullopt;
    return fmt::format("holds {} bytes; its shape has {}", stored.size(), chunk_bytes_);
  }
  if (count_ != 1) return std::nullopt;
  if (only_ == H5Z_FILTER_SCALEOFFSET) return problem_of_scale_offset(stored, settings_, chunk_bytes_);
  if (only_ == H5Z_FILTER_NBIT) return problem_of_n_bit(stored, settings_, chunk_bytes_);
  if (only_ == H5Z_FILTER_SZIP) return problem_of_szip(stored, chunk_bytes_);
  return std::nullopt;
}

std::string missing_filter(hid_t dataset, const std::string& name) {
  const Handle list(H5Dget_create_plist(dataset), name, "read its filters");
  const int count = H5Pget_nfilters(list.get());
  check(count, name, "read its filters");
  for (unsigned i = 0; i < narrow<unsigned>(count); ++i) {
    std::array<char, 64> label{};
    unsigned flags = 0;
    std::size_t values = 0;
    const H5Z_filter_t id =
        H5Pget_filter2(list.get(), i, &flags, &values, nullptr, label.size() - 1, label.data(), nullptr);
    check(id, name, "read its filters");
    if (id == lzf_filter || H5Zfilter_avail(id) > 0) continue;
    return fmt::format("{} (filter {})", label.front() != '\0' ? label.data() : "no name", id);
  }
  return "";
}

std::size_t most_deflated_bytes(std::size_t chunk_bytes) {
  return chunk_bytes + chunk_bytes / 1000 + 13;  // the room that HDF5 gives to zlib, rounded up
}

PackedChunk deflated(std::span<const std::byte> elements, int level) {
  PackedChunk packed;
  packed.bytes.resize(most_deflated_bytes(elements.size()));
  uLongf bytes = packed.bytes.size();
  const int status = compress2(reinterpret_cast<Bytef*>(packed.bytes.data()), &bytes,
                               reinterpret_cast<const Bytef*>(elements.data()), elements.size(), level);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status == Z_OK) {
    packed.bytes.resize(bytes);
  } else {  // it does not fit: as it is, then
    packed.skipped = 1;
    packed.bytes.assign(elements.begin(), elements.end());
  }
  packed.bytes.shrink_to_fit();
  return packed;
}

std::optional<ChunkFilters> ChunkFilters::of(hid_t dataset, const std::string& name,
                                             std::size_t chunk_bytes) {
  ChunkFilters filters;
  filters.chunk_bytes_ = chunk_bytes;
  const Handle list(H5Dget_create_plist(dataset), name, "read its filters");
  const int count = H5Pget_nfilters(list.get());
  check(count, name, "read its filters");
  int packings = 0;
  for (unsigned i = 0; i < narrow<unsigned>(count); ++i) {
    unsigned flags = 0, value = 0;
    std::size_t values = 1;
    const H5Z_filter_t id = H5Pget_filter2(list.get(), i, &flags, &values, &value, 0, nullptr, nullptr);
    check(id, name, "read its filters");
    if (id == H5Z_FILTER_SHUFFLE && values >= 1 && value >= 1)
      filters.steps_.push_back({Kind::shuffle, i, value});
    else if ((id == H5Z_FILTER_DEFLATE || id == lzf_filter) && ++packings == 1)
      filters.steps_.push_back({id == lzf_filter ? Kind::lzf : Kind::deflate, i});
    else if (id == H5Z_FILTER_FLETCHER32)
      filters.steps_.push_back({Kind::fletcher32, i});
    else
      return std::nullopt;
  }
  return filters;
}

std::size_t ChunkFilters::most_stored_bytes() const {
  if (none()) return chunk_bytes_;
  // Deflate adds 5 bytes to each 16 KiB that it cannot shrink, at worst.
  constexpr std::size_t slack = 4096;
  return chunk_bytes_ + chunk_bytes_ / 64 + slack;
}

std::optional<std::string> ChunkFilters::decode(Bytes stored, unsigned skipped, std::span<std::byte> out) {
  const auto is_applied = [&](const Step& step) { return (skipped >> step.position & 1U) == 0; };
  // What a step's input had before it, where no checksum stands behind: the size of the chunk.
  const auto bytes_before = [&](std::size_t step) {
    std::size_t bytes = out.size();
    for (std::size_t s = 0; s < step; ++s)
      if (steps_[s].kind == Kind::fletcher32 && is_applied(steps_[s])) bytes += checksum_bytes;
    return bytes;
  };
  Bytes now = stored;
  std::size_t turn = 0;
  for (std::size_t s = steps_.size(); s-- > 0;) {
    const Step& step = steps_[s];
    if (!is_applied(step)) continue;
    if (step.kind == Kind::fletcher32) {
      if (now.size() < checksum_bytes || !has_its_checksum(now))
        return "does not have the checksum it should";
      now = now.first(now.size() - checksum_bytes);
      continue;
    }
    const std::size_t bytes = step.kind == Kind::shuffle ? now.size() : bytes_before(s);
    std::span<std::byte> to = out;
    if (s > 0 || bytes != out.size()) {
      std::vector<std::byte>& scratch = scratch_.at(turn++ % 2);
      scratch.resize(std::max(scratch.size(), bytes));
      to = std::span(scratch).first(bytes);
    }
    if (step.kind == Kind::shuffle)
      unshuffle(now, step.element_bytes, to);
    else if (auto problem = step.kind == Kind::lzf ? unpack_lzf(now, to) : inflate_all(now, to))
      return problem;
    now = to;
  }
  if (now.size() != out.size())
    return fmt::format("holds {} bytes; its shape has {}", now.size(), out.size());
  if (now.data() != out.data()) std::copy(now.begin(), now.end(), out.begin());
  return std::nullopt;
}

}  // namespace cleft::h5
