#include "io/sealed_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr std::size_t seal_bytes = 512;  // the least that HDF5 looks behind

struct Seal {
  int version = 0;
  std::uint64_t length = 0, checksum = 0;
};

std::string seal_text(std::string_view name, const Seal& seal) {
  std::string text =
      fmt::format("{}\nformat {}\nbytes {}\nxxh64 {:016x}\n", name, seal.version, seal.length, seal.checksum);
  text.resize(seal_bytes, '\0');
  return text;
}

/// The numbers of a seal, if it has the shape of one.
/// \pre It begins with the name.
std::optional<Seal> parse_seal(const std::string& text, std::string_view name) {
  std::istringstream in(text.substr(name.size()));
  Seal seal;
  std::string format, bytes, xxh64;
  in >> format >> seal.version >> bytes >> seal.length >> xxh64 >> std::hex >> seal.checksum;
  if (in.fail() || format != "format" || bytes != "bytes" || xxh64 != "xxh64") return std::nullopt;
  return seal;
}

std::string first_line(const SealedFormat& format) {
  return std::string(format.name) + '\n';
}

IoError unreadable(const std::filesystem::path& path) {
  return IoError({path.string(), std::string("cannot be read: ") + std::strerror(errno), ""});
}

std::uint64_t size_of(const std::filesystem::path& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) throw InputError({path.string(), "there is no such file", ""});
  if (!std::filesystem::is_regular_file(status)) throw InputError({path.string(), "is not a file", "a file"});
  const auto size = std::filesystem::file_size(path, failure);
  if (failure) throw IoError({path.string(), "cannot be read: " + failure.message(), ""});
  return size;
}

/// A seal that says exactly what its bytes say, and that this version can read.
Seal checked_seal(const std::string& text, const std::filesystem::path& path, const SealedFormat& format) {
  if (!text.starts_with(first_line(format)))
    throw InputError(
        {path.string(), fmt::format("is not a {}", format.name), "a file whose first line says that it is"});
  if (text.size() < seal_bytes)
    throw InputError({path.string(), fmt::format("is truncated to {} bytes", text.size()), ""});
  const InputError damaged({path.string(), "is damaged in its first 512 bytes", ""});
  const auto seal = parse_seal(text, format.name);
  if (!seal) throw damaged;
  if (seal->version > format.version)
    throw InputError({path.string(), fmt::format("is a {} of format {}", format.name, seal->version),
                      fmt::format("format {}: it was written by a newer cleft", format.version)});
  if (seal->version != format.version || seal_text(format.name, *seal) != text) throw damaged;
  return *seal;
}

}  // namespace

std::uint64_t write_sealed(const std::filesystem::path& path, const SealedFormat& format,
                           std::span<const char> content) {
  const Seal seal{format.version, content.size(), checksum(std::as_bytes(std::span(content)))};
  std::string bytes = seal_text(format.name, seal);
  bytes.append(content.data(), content.size());
  write_file_atomically(path, bytes);
  return seal.checksum;
}

Sealed read_sealed(const std::filesystem::path& path, const SealedFormat& format) {
  const std::uint64_t size = size_of(path);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw unreadable(path);
  std::string text(std::min<std::uint64_t>(size, seal_bytes), '\0');
  in.read(text.data(), narrow<std::streamsize>(text.size()));
  if (!in) throw unreadable(path);
  const Seal seal = checked_seal(text, path, format);
  if (size - seal_bytes != seal.length)
    throw InputError({path.string(), fmt::format("has {} bytes", size),
                      fmt::format("{}: the file is {}", seal_bytes + seal.length,
                                  size - seal_bytes < seal.length ? "truncated" : "damaged")});
  Sealed sealed{std::vector<char>(seal.length), seal.checksum};
  in.read(sealed.content.data(), narrow<std::streamsize>(seal.length));
  if (!in) throw unreadable(path);
  if (const std::uint64_t found = checksum(std::as_bytes(std::span(sealed.content))); found != seal.checksum)
    throw InputError({path.string(), fmt::format("is damaged: its checksum is {:016x}", found),
                      fmt::format("{:016x}", seal.checksum)});
  return sealed;
}

bool begins_as_sealed(const std::filesystem::path& path, const SealedFormat& format) {
  const std::string expected = first_line(format);
  std::string found(expected.size(), '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(found.data(), narrow<std::streamsize>(found.size()));
  return in && found == expected;
}

}  // namespace cleft
