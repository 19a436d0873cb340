#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include "parallel/communicator.hpp"

namespace cleft::test {

/// A new empty directory, removed with everything in it at the end.
class TempDirectory {
 public:
  TempDirectory() : path_(make()) {}
  /// One directory for all ranks, made and removed by rank 0. Collective, and so is its destruction.
  explicit TempDirectory(const Communicator& comm)
      : path_(comm.broadcast(comm.is_root() ? make() : std::string())), comm_(comm) {}
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    if (comm_) comm_->barrier();
    std::error_code ignored;
    if (!comm_ || comm_->is_root()) std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  static std::string make() {
    std::string name = (std::filesystem::temp_directory_path() / "cleft-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    return name;
  }

  std::filesystem::path path_;
  std::optional<Communicator> comm_;
};

/// All bytes of a file.
inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace cleft::test
