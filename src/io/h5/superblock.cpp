#include "io/h5/superblock.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include <unistd.h>

#include "base/error.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"

namespace cleft::h5 {
namespace {

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
constexpr std::size_t most_bytes = 64;

/// A number of `bytes` bytes, lowest first.
std::uint64_t number_at(std::string_view block, std::size_t at, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    number |= std::uint64_t{static_cast<unsigned char>(block[at + i])} << (8 * i);
  return number;
}

/// The address behind the file's last byte, from its first one.
std::optional<std::uint64_t> end_of_file(std::string_view block) {
  const auto version = static_cast<unsigned char>(block[8]);
  // Where the length of an address is stated, and where the first address is; the end of file is the third.
  const bool old = version < 2;
  const std::size_t length_at = old ? 13 : 9, addresses_at = version == 0 ? 24 : old ? 28 : 12;
  const auto length = static_cast<unsigned char>(block[length_at]);
  if (version > 3 || length > sizeof(std::uint64_t) || length == 0) return std::nullopt;
  return number_at(block, addresses_at + std::size_t{2} * length, length);
}

}  // namespace

std::optional<std::uint64_t> bytes_when_written(const std::filesystem::path& file) try {
  const RegularFile in(file, "an HDF5 file");
  // A superblock stands at the beginning, or behind a user block of 512, 1024, 2048, ... bytes.
  for (std::size_t at = 0; at + most_bytes <= in.size(); at = at == 0 ? 512 : 2 * at) {
    std::array<char, most_bytes> bytes{};
    const ssize_t got = ::pread(in.descriptor(), bytes.data(), bytes.size(), narrow<off_t>(at));
    if (got != narrow<ssize_t>(bytes.size())) return std::nullopt;
    const std::string_view block(bytes.data(), bytes.size());
    if (block.starts_with(signature)) return end_of_file(block);
  }
  return std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace cleft::h5
