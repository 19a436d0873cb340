#include "io/sealed_file.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/files/atomic_file.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

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

/// The seal of an open file whose length is what the seal says. Nothing but the seal has been read then.
Seal read_seal(RegularFile& file, const std::filesystem::path& path, const SealedFormat& format) {
  const std::uint64_t size = file.size();
  std::string text(std::min<std::uint64_t>(size, seal_bytes), '\0');
  text.resize(file.read(text.data(), text.size()));
  const Seal seal = checked_seal(text, path, format);
  if (size - seal_bytes != seal.length)
    throw InputError({path.string(), fmt::format("has {} bytes", size),
                      fmt::format("{}: the file is {}", seal_bytes + seal.length,
                                  size - seal_bytes < seal.length ? "truncated" : "damaged")});
  return seal;
}

void check_content(std::uint64_t found, const Seal& seal, const std::filesystem::path& path) {
  if (found != seal.checksum)
    throw InputError({path.string(), fmt::format("is damaged: its checksum is {:016x}", found),
                      fmt::format("{:016x}", seal.checksum)});
}

/// The checksum of what is left to read of a file.
std::uint64_t checksum_of_rest(RegularFile& file) {
  constexpr std::size_t piece_bytes = std::size_t{1} << 22U;
  std::vector<char> piece(piece_bytes);
  Checksum sum;
  while (const std::size_t got = file.read(piece.data(), piece.size()))
    sum.add(std::as_bytes(std::span(piece.data(), got)));
  return sum.value();
}

/// Writes over a file's first bytes.
/// \returns The error, or 0.
int write_front(const std::filesystem::path& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return errno;
  const ssize_t written = ::pwrite(fd, text.data(), text.size(), 0);
  const int failed = written < 0 ? errno : written == narrow<ssize_t>(text.size()) ? 0 : EIO;
  return ::close(fd) == 0 || failed != 0 ? failed : errno;
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
  RegularFile file(path, "a " + std::string(format.name));
  const Seal seal = read_seal(file, path, format);
  Sealed sealed{std::vector<char>(seal.length), seal.checksum};
  sealed.content.resize(file.read(sealed.content.data(), sealed.content.size()));
  check_content(checksum(std::as_bytes(std::span(sealed.content))), seal, path);
  return sealed;
}

void seal_file(const std::filesystem::path& path, const SealedFormat& format) {
  Seal seal{.version = format.version};
  {
    RegularFile file(path, "a file to seal");
    std::string front(seal_bytes, '\0');
    if (file.read(front.data(), front.size()) < seal_bytes)
      throw InputError({path.string(), fmt::format("has {} bytes", file.size()), "room for a seal"});
    seal.length = file.size() - seal_bytes;
    seal.checksum = checksum_of_rest(file);
  }
  if (const int error = write_front(path, seal_text(format.name, seal)))
    throw IoError({path.string(), "cannot be written: " + std::generic_category().message(error), ""});
}

void check_sealed(const std::filesystem::path& path, const SealedFormat& format) {
  RegularFile file(path, "a " + std::string(format.name));
  const Seal seal = read_seal(file, path, format);
  check_content(checksum_of_rest(file), seal, path);
}

bool begins_as_sealed(const std::filesystem::path& path, const SealedFormat& format) {
  const std::string expected = first_line(format);
  std::string found(expected.size(), '\0');
  try {
    RegularFile file(path, format.name);
    return file.read(found.data(), found.size()) == found.size() && found == expected;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace cleft
