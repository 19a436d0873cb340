#include "base/files/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/files/file_stamp.hpp"
#include "base/files/regular_file.hpp"
#include "base/narrow.hpp"

namespace cleft {
namespace {

constexpr std::int64_t piece_bytes = 1 << 15, piece_count = max_bytes_compared_whole / piece_bytes;

/// Adds the bytes [begin, end) of a file.
void add_bytes(Checksum& sum, const RegularFile& file, const std::filesystem::path& path, std::int64_t begin,
               std::int64_t end) {
  std::vector<std::byte> buffer(to_size(std::min(end - begin, piece_bytes)));
  while (begin < end) {
    const std::size_t wanted = to_size(std::min(end - begin, piece_bytes));
    const ssize_t got = ::pread(file.descriptor(), buffer.data(), wanted, begin);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw IoError({path.string(), "cannot be read: " + std::generic_category().message(errno), ""});
    if (got == 0) throw IoError({path.string(), "ends before its last byte: it has been cut meanwhile", ""});
    sum.add(std::span(buffer).first(to_size(got)));
    begin += got;
  }
}

void add_number(Checksum& sum, std::int64_t number) {
  std::array<std::byte, sizeof(number)> bytes{};  // the same on every machine
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes.at(i) = static_cast<std::byte>(static_cast<std::uint64_t>(number) >> 8U * i);
  sum.add(bytes);
}

/// Where the pieces begin that are looked at of a stream of so many bytes, which is longer than all of them.
std::vector<std::int64_t> begins_of_pieces(std::int64_t bytes) {
  std::vector<std::int64_t> begins;
  const std::int64_t last = bytes - piece_bytes;
  // last * i / (piece_count - 1) without overflow
  const std::int64_t whole = last / (piece_count - 1), rest = last % (piece_count - 1);
  for (std::int64_t i = 0; i < piece_count; ++i) begins.push_back(whole * i + rest * i / (piece_count - 1));
  return begins;
}

}  // namespace

nlohmann::json content_fingerprint(std::span<const std::filesystem::path> files) {
  constexpr std::int64_t of_every_file = 4096;
  std::vector<std::int64_t> first{0};  // where each file begins in the stream of all
  for (const auto& file : files) first.push_back(first.back() + stamp_of(file).bytes);
  const bool whole = first.back() <= max_bytes_compared_whole;
  const auto begins = whole ? std::vector<std::int64_t>{} : begins_of_pieces(first.back());
  auto next = begins.begin();
  Checksum sum;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::int64_t bytes = first[i + 1] - first[i];
    const RegularFile file(files[i], "");
    add_number(sum, bytes);
    add_bytes(sum, file, files[i], 0, whole ? bytes : std::min(bytes, of_every_file));
    for (; next != begins.end() && *next < first[i + 1]; ++next)
      add_bytes(sum, file, files[i], *next - first[i], std::min(*next - first[i] + piece_bytes, bytes));
  }
  return {{"bytes", first.back()}, {"content", fmt::format("{:016x}", sum.value())}};
}

nlohmann::json file_fingerprint_of_0_1_0(const std::filesystem::path& file) {
  const FileStamp stamp = stamp_of(file);
  return {{"path", std::filesystem::absolute(file).lexically_normal().string()},
          {"bytes", stamp.bytes},
          {"modified", fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z",
                                   fmt::gmtime(static_cast<std::time_t>(stamp.seconds)), stamp.nanoseconds)}};
}

}  // namespace cleft
